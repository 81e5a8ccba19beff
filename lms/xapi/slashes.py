"""Addresses below /xapi/ with a slash too many.

Programs put an endpoint and a path together, some with a slash in between and some without; whichever form
they are given, one kind writes `/xapi//statements`. Leading them on to the right address (308) would not do:
no browser follows that before a request from another origin.
"""

import re
from collections.abc import Iterable
from typing import Any

from lms.core.web.front import Application

_MANY = re.compile("//+")


class OneSlash:
    """A WSGI application that takes repeated slashes below /xapi/ for one."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/xapi//"):
            environ["PATH_INFO"] = _MANY.sub("/", path)
        return self._application(environ, start_response)
