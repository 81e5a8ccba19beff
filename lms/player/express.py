"""The express way of commits, in front of Flask.

A lesson saves every few seconds, and a whole class at the same moment. This takes the plain case in, together
with those of others (`gathering`). Whatever is not plain, and whatever is refused, is handed on to the
application as it came: there is one place that says no, and one way in which it says so.
"""

import re
import time
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

import orjson
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import get_host

from lms.core.errors import Refused
from lms.core.origins import origins_of
from lms.core.runtime import Runtime
from lms.core.web import metrics
from lms.core.web.front import REFUSED, Application, Environ, Front, StartResponse, plain_length
from lms.core.web.security import headers_of_data
from lms.player.gathering import Taker
from lms.player.receiving import message_in
from lms.player.rules.message import LARGEST
from lms.player.services.committing import Answer, Sent
from lms.player.tokens import read_delivery_key, read_token

_PATH = re.compile(r"/play/([^/]+)/commit|/deliver/([^/]+)")
_STATUS = {
    Answer.SAVED: "200 OK",
    Answer.KNOWN: "200 OK",
    Answer.SUPERSEDED: "409 CONFLICT",
    Answer.ENDED: "410 GONE",
}
_BODIES = {answer: orjson.dumps({"answer": answer.value}) + b"\n" for answer in Answer}


class Commits:
    """A WSGI application that takes plain commits in itself and leaves everything else to `application`."""

    def __init__(self, application: Application, front: Front, runtime: Runtime) -> None:
        self._application = application
        self._front = front
        self._settings = runtime.settings
        self._origins = origins_of(runtime.settings)
        self._headers = headers_of_data(runtime.settings)
        self._taker = Taker(runtime.database, runtime.settings)
        self._hops = hops = runtime.settings.proxies
        self._behind_proxies = ProxyFix(lambda *_: (), hops, hops, hops)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            asked = _PATH.fullmatch(environ["PATH_INFO"])
            length = _length(environ) if asked else None
            if asked and length is not None:
                begun = time.perf_counter()
                answer = self._take(environ, asked, length)
                if answer is not None:
                    return self._answered(asked, answer, time.perf_counter() - begun, start_response)
        return self._application(environ, start_response)

    def close(self) -> None:
        self._taker.close()

    def _take(self, environ: Environ, asked: re.Match[str], length: int) -> Answer | None:
        """What is to be answered; None for what is not plain, its body ready to be read again."""
        body = self._front.read(environ, length)
        environ["wsgi.input"] = BytesIO(body)
        if len(body) < length:
            return None
        try:
            admits = partial(self._admits, self._host(environ))
            sent = Sent(self._session(asked), message_in(body), environ.get("HTTP_USER_AGENT", ""), admits)
        except Refused:
            return None
        try:
            return self._taker.take(sent)
        except Refused as outage:
            environ[REFUSED] = outage
            return None

    def _session(self, asked: re.Match[str]) -> UUID:
        """The session whose key stands in the address. Raises Refused."""
        token, key = asked.groups()
        secret = self._settings.secret_key
        return read_token(token, secret) if token else read_delivery_key(key, secret)

    def _host(self, environ: Environ) -> str:
        """As the browser named it, whatever proxies stand between."""
        if not self._hops:
            return get_host(environ)
        seen = dict(environ)
        self._behind_proxies(seen, _ignore)
        return get_host(seen)

    def _admits(self, host: str, sha256: str) -> bool:
        known = self._origins
        return not known.beside or known.is_of(host, sha256) or known.is_general(host)

    def _answered(
        self, asked: re.Match[str], answer: Answer, took: float, start_response: StartResponse
    ) -> list[bytes]:
        status, body = _STATUS[answer], _BODIES[answer]
        endpoint = "player.save" if asked[1] else "player.deliver"
        metrics.count(endpoint, "POST", int(status[:3]), took)
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(status, headers + self._headers)
        return [body]


def _ignore(*_: Any) -> Callable[[bytes], object]:
    return lambda _: None


def _length(environ: Environ) -> int | None:
    """The length of a plain body; None for any other."""
    is_mixed = environ.get("CONTENT_TYPE", "").startswith("multipart/")
    return None if is_mixed else plain_length(environ, LARGEST)
