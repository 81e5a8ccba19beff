"""The only key to a play session on the content origin: signed, short-lived, impossible to guess."""

from datetime import datetime
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from lms.core.clock import utc_now
from lms.core.errors import Forbidden, Refused


class Expired(Refused):
    """The token was good once."""

    status = 401


def make_token(session_id: UUID, expires: datetime, secret_key: str) -> str:
    return _serializer(secret_key).dumps([session_id.hex, int(expires.timestamp())])


def read_token(token: str, secret_key: str) -> UUID:
    """The id of the play session. Raises Forbidden for a token that is not ours, Expired for an old one."""
    try:
        session_hex, expires = _serializer(secret_key).loads(token)
    except BadSignature as error:
        raise Forbidden("This address does not open any lesson. Open the lesson from its list.") from error
    if utc_now().timestamp() >= expires:
        raise Expired("This lesson was open for too long. Open it again; nothing is lost.")
    return UUID(session_hex)


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="play-session")
