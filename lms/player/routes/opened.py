"""The play session that a key in an address opens, on the host of its package only."""

from uuid import UUID

from lms.core.errors import Forbidden
from lms.core.web import runtime, session
from lms.core.web.hosts import demand_host_of
from lms.player.models import PlaySession
from lms.player.queries import play_session
from lms.player.tokens import read_delivery_key, read_token


def session_of(token: str) -> PlaySession:
    """The session of a page's token. Raises Forbidden, Expired or NotFound."""
    return _opened(read_token(token, runtime().settings.secret_key))


def delivered_session(key: str) -> PlaySession:
    """The session of a delivery key, which outlives the token by far. Raises as `session_of`."""
    return _opened(read_delivery_key(key, runtime().settings.secret_key))


def _opened(session_id: UUID) -> PlaySession:
    found = play_session(session(), session_id)
    if found is None:
        raise Forbidden("This address does not open any lesson. Open the lesson from its list.")
    demand_host_of(found.attempt.lesson.version.sha256)
    return found
