"""Signatures to check: JWS in compact serialization, made by hand so that each part can be spoilt."""

from base64 import b64encode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

HASHES = {"RS256": SHA256, "RS384": SHA384, "RS512": SHA512}


def encoded(content: bytes) -> bytes:
    return urlsafe_b64encode(content).rstrip(b"=")


@cache
def a_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """A key; making one takes time, so that tests share them."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def an_elliptic_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def certificate(key: Any) -> str:
    """A certificate of the key, by itself, as `x5c` has it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Người ký")])
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=1))  # long past: a signature outlives it
        .sign(key, SHA256())
    )
    return b64encode(made.public_bytes(Encoding.DER)).decode()


def sign(payload: bytes, header: dict[str, Any] | bytes | None = None, **more: Any) -> bytes:
    """A signature of the payload, by RS256 and with a certificate unless the header says otherwise."""
    key: rsa.RSAPrivateKey = more.get("key") or a_key()
    if header is None:
        header = {"alg": more.get("alg", "RS256"), "x5c": [certificate(key)]}
    told = header if isinstance(header, bytes) else orjson.dumps(header)
    signed = encoded(told) + b"." + encoded(payload)
    return signed + b"." + encoded(key.sign(signed, PKCS1v15(), HASHES[more.get("alg", "RS256")]()))
