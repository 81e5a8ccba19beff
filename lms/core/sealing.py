"""Secrets that must be read again (those of other platforms): encrypted with a key made from LMS_SECRET_KEY.

What is sealed for one use cannot be opened for another: `use` is part of what is authenticated, so that a
sealed text that was copied into another row, or whose address was changed, opens no more.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12  # what AES-GCM is made for (NIST SP 800-38D, 8.2)


class Unreadable(Exception):
    """Sealed with another secret key, for another use, or not by us."""


def seal(text: str, *, secret_key: str, use: str) -> str:
    """The text encrypted and authenticated, in letters that any column holds."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(secret_key).encrypt(nonce, text.encode(), use.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, secret_key: str, use: str) -> str:
    """The text. Raises Unreadable."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return _cipher(secret_key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], use.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def _cipher(secret_key: str) -> AESGCM:
    made = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"lms.core.sealing")
    return AESGCM(made.derive(secret_key.encode()))
