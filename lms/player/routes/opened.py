"""The play session that a key in an address opens, on the host of its package only."""

from uuid import UUID

from lms.core.clock import utc_now
from lms.core.errors import Forbidden
from lms.core.web import runtime, session
from lms.core.web.hosts import demand_host_of
from lms.player.models import PlaySession
from lms.player.queries import play_session
from lms.player.tokens import Expired, read_delivery_key, read_token


def id_of(token: str) -> UUID:
    """The id of the session of a page's token. Raises Forbidden or Expired."""
    return read_token(token, runtime().settings.secret_key)


def delivered_id(key: str) -> UUID:
    """The id of the session of a delivery key, which outlives the token by far. Raises as `id_of`."""
    return read_delivery_key(key, runtime().settings.secret_key)


def session_of(token: str) -> PlaySession:
    """The session of a page's token. Raises Forbidden, Expired or NotFound."""
    found = play_session(session(), id_of(token))
    if found is None:
        raise nothing_opened()
    demand_host_of(found.attempt.lesson.version.sha256)
    if found.expires <= utc_now():  # its learner has signed out since
        raise Expired("This lesson was closed. Open it again; nothing is lost.")
    return found


def nothing_opened() -> Forbidden:
    return Forbidden("This address does not open any lesson. Open the lesson from its list.")
