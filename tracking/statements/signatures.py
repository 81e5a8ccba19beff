"""Signed statements (Data 2.6): a JSON web signature (RFC 7515) that is well formed and says the same.

The only key that is ever used is that of a certificate inside the signature, and only with RSA: what the
header says of itself can neither choose another kind of key nor have anything fetched. That a signature was
accepted therefore means that it holds together, not that somebody in particular signed (2.6.s5, note).
"""

import binascii
from base64 import b64decode, urlsafe_b64decode
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from tracking.statements.comparing import same
from tracking.statements.parsing import parse_json, parse_statement
from tracking.statements.validation import Invalid, Version, validate

CONTENT_TYPE = "application/octet-stream"
LONGEST = 5 * 1024 * 1024  # bytes; a signature holds its statement once more

_ALGORITHMS: dict[str, type[HashAlgorithm]] = {"RS256": SHA256, "RS384": SHA384, "RS512": SHA512}
_PARTS = 3
_URL_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

# RFC 7518, 3.3: keys have 2,048 bits at least. Checking with much longer ones would cost.
_SHORTEST_KEY, _LONGEST_KEY = 2048, 8192
_MOST_CERTIFICATES = 10
_LONGEST_CERTIFICATE = 16 * 1024  # characters


def check_signature(token: bytes, statement: dict[str, Any], version: Version) -> None:
    """Check the signature of a valid statement that was sent with it. Raises Invalid; its path is empty."""
    signed, header, payload, signature = _read(token)
    hashing = _algorithm(header)
    _compare(payload, statement, version)
    if "x5c" in header:
        _verify(_key(header["x5c"]), signature, signed, hashing())
    elif not _SHORTEST_KEY <= len(signature) * 8 <= _LONGEST_KEY:
        raise Invalid("%(path)s: the signature is not as long as one made with RSA")


def _read(token: bytes) -> tuple[bytes, dict[str, Any], bytes, bytes]:
    """What was signed, the header, the payload and the signature (RFC 7515, 7.1)."""
    parts = token.split(b".", _PARTS)
    if len(parts) != _PARTS:
        raise Invalid("%(path)s: the signature is not a JWS in compact serialization")
    header, payload, signature = (_decoded(part) for part in parts)
    try:
        said = parse_json(header)
    except Invalid as fault:
        raise Invalid("%(path)s: the header of the JWS is not JSON") from fault
    if type(said) is not dict:
        raise Invalid("%(path)s: the header of the JWS is not an object")
    return parts[0] + b"." + parts[1], said, payload, signature


def _decoded(part: bytes) -> bytes:
    if not part or not _URL_SAFE.issuperset(part):
        raise Invalid("%(path)s: the signature is not a JWS in compact serialization")
    try:
        return urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except binascii.Error as error:
        raise Invalid("%(path)s: the signature is not a JWS in compact serialization") from error


def _algorithm(header: dict[str, Any]) -> type[HashAlgorithm]:
    """The hash of the signature's algorithm (Data 2.6.s4.b4)."""
    named = header.get("alg")
    found = _ALGORITHMS.get(named) if type(named) is str else None
    if found is None:
        raise Invalid("%(path)s: the algorithm of the JWS must be RS256, RS384 or RS512")
    if "crit" in header or "b64" in header:
        # RFC 7515, 4.1.11: what is critical and not understood makes the signature invalid.
        raise Invalid("%(path)s: the JWS uses an extension that this store does not know")
    return found


def _compare(payload: bytes, statement: dict[str, Any], version: Version) -> None:
    """The payload is the statement before it was signed (Data 2.6.s4.b3, s5.b3.b2)."""
    try:
        original = parse_statement(payload)
        validate(original, version)
    except Invalid as fault:
        raise Invalid(
            "%(path)s: what was signed is not a valid statement (%(fault)s)", fault=str(fault)
        ) from fault
    if not same(original, statement):
        raise Invalid("%(path)s: what was signed is another statement than the one it is attached to")


def _key(chain: Any) -> RSAPublicKey:
    """The key of the first certificate of a chain (RFC 7515, 4.1.6)."""
    wrong = Invalid(
        "%(path)s: x5c of the JWS must be a list of certificates (base64 of DER), the signer's first"
    )
    if type(chain) is not list or not 1 <= len(chain) <= _MOST_CERTIFICATES:
        raise wrong
    if any(type(one) is not str or len(one) > _LONGEST_CERTIFICATE for one in chain):
        raise wrong
    try:
        key = x509.load_der_x509_certificate(b64decode(chain[0], validate=True)).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise wrong from error
    if not isinstance(key, RSAPublicKey):
        raise Invalid("%(path)s: the certificate of the JWS has no RSA key")
    if not _SHORTEST_KEY <= key.key_size <= _LONGEST_KEY:
        raise Invalid("%(path)s: the certificate of the JWS must have a key of 2,048 to 8,192 bits")
    return key


def _verify(key: RSAPublicKey, signature: bytes, signed: bytes, hashing: HashAlgorithm) -> None:
    """Data 2.6.s5.b3.b3."""
    try:
        key.verify(signature, signed, PKCS1v15(), hashing)
    except InvalidSignature as error:
        raise Invalid("%(path)s: the signature does not match its certificate") from error
