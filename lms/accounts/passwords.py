"""Passwords and one-time codes."""

import hashlib
import hmac
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lms.core.errors import Refused

LEAST = 8
MOST = 200
# No I, L, O, U, 0, 1: they are misread on paper and misheard on the telephone.
ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LETTERS = 10

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Raises Refused for a password that is too short or too long."""
    if len(password) < LEAST:
        raise Refused("The password is too short. Use at least %(least)s characters.", least=LEAST)
    if len(password) > MOST:
        raise Refused("The password is too long. Use at most %(most)s characters.", most=MOST)
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one; takes as long where there is none to compare with."""
    try:
        right = _hasher.verify(password_hash or _nobodys_hash(), password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


@cache
def _nobodys_hash() -> str:
    """What a password is compared with where there is no such user, so that the answer takes as long."""
    return _hasher.hash(secrets.token_urlsafe(16))


def new_code() -> str:
    """A one-time code as people read it: `K7QMX-2XPDH`, 49 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    return f"{letters[:5]}-{letters[5:]}"


def code_digest(code: str, secret_key: str) -> str:
    """The keyed hash by which a code is found again; small letters, spaces and dashes do not matter."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hmac.new(secret_key.encode(), f"sign-in-code:{letters}".encode(), hashlib.sha256).hexdigest()
