"""Everything that knows Flask: the request's session and its one commit, errors, language, headers."""

from lms.core.web.errors import wants_json
from lms.core.web.request import runtime, session, writes
from lms.core.web.templates import Navigation

__all__ = ["Navigation", "runtime", "session", "wants_json", "writes"]
