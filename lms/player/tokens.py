"""The keys on the content origins: signed, impossible to guess, short-lived where they open what is personal.

A token opens one play session. A package key opens the files of one package, and stays the same for months,
so that browsers need not load again what they have. A delivery key lets what waits of one play session in by
the commits' door and opens nothing: it may lie in a browser for as long as somebody is without a network.
An again key leads back from the content origins to a button that was tapped before.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from lms.core.clock import utc_now
from lms.core.errors import Forbidden, Refused

DELIVERY_LIFE = timedelta(days=366)
AGAIN_LIFE = timedelta(minutes=1)
_MONTHS = 12
_MONTHS_OF_A_KEY = 3


class Expired(Refused):
    """The token was good once."""

    status = 401


def make_token(session_id: UUID, expires: datetime, secret_key: str) -> str:
    return _serializer(secret_key).dumps([session_id.hex, int(expires.timestamp())])


def read_token(token: str, secret_key: str) -> UUID:
    """The id of the play session. Raises Forbidden for a token that is not ours, Expired for an old one."""
    return _read_session(token, secret_key, "play-session")


def make_delivery_key(session_id: UUID, started: datetime, secret_key: str) -> str:
    expires = started + DELIVERY_LIFE
    return _serializer(secret_key, "delivery").dumps([session_id.hex, int(expires.timestamp())])


def read_delivery_key(key: str, secret_key: str) -> UUID:
    """The id of the play session that may be delivered. Raises as `read_token`."""
    return _read_session(key, secret_key, "delivery")


def make_package_key(sha256: str, secret_key: str) -> str:
    return _serializer(secret_key, "package").dumps([sha256, _season()])


def read_package_key(key: str, secret_key: str) -> str | None:
    """The SHA-256 of the package; None for what is no package key. Raises Expired for an old one."""
    try:
        sha256, season = _serializer(secret_key, "package").loads(key)
    except BadSignature:
        return None
    if _season() - season > 1:
        raise Expired("This lesson was open for too long. Open it again; nothing is lost.")
    found: str = sha256
    return found


def make_again_key(slug: str, lesson: str, secret_key: str) -> str:
    """For a browser to open this lesson anew, within a minute; its sign-in says for whom."""
    return _serializer(secret_key, "again").dumps([slug, lesson, int(utc_now().timestamp())])


def is_again_key(key: str, slug: str, lesson: str, secret_key: str) -> bool:
    try:
        *named, made = _serializer(secret_key, "again").loads(key)
    except BadSignature:
        return False
    still_good: bool = utc_now().timestamp() - made < AGAIN_LIFE.total_seconds()
    return named == [slug, lesson] and still_good


def _season() -> int:
    """Which quarter of a year it is; a key is good in its own and in the next."""
    now = utc_now()
    return (now.year * _MONTHS + now.month - 1) // _MONTHS_OF_A_KEY


def _read_session(key: str, secret_key: str, kind: str) -> UUID:
    try:
        session_id, expires = _signed(key, secret_key, kind)
    except BadSignature as error:
        raise Forbidden("This address does not open any lesson. Open the lesson from its list.") from error
    if utc_now().timestamp() >= expires:
        raise Expired("This lesson was open for too long. Open it again; nothing is lost.")
    return session_id


@lru_cache(maxsize=4096)
def _signed(key: str, secret_key: str, kind: str) -> tuple[UUID, int]:
    """What a key of ours says: a play session, and until when. Raises BadSignature for any other.

    Remembered, because a page saves every few seconds with the same one.
    """
    session_hex, expires = _serializer(secret_key, kind).loads(key)
    return UUID(session_hex), expires


def _serializer(secret_key: str, kind: str = "play-session") -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=kind)
