"""The express way of `POST /xapi/statements`, in front of Flask.

Statements come by the thousand, and need a fraction of what a web framework does for a page. This takes the
plain case, one or many statements as JSON from a client, and stores them with those of other requests
(`gathering`). Whatever is not plain, and whatever is refused, is handed on to the application as it came:
there is one place that says no, and one way in which it says so.
"""

import time
from collections.abc import Iterable, Sequence
from io import BytesIO

import orjson
from sqlalchemy.exc import SQLAlchemyError

from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.runtime import Runtime
from lms.core.web import metrics
from lms.core.web.front import REFUSED, Environ, Front, StartResponse, plain_length
from lms.xapi.cors import EVERYWHERE
from lms.xapi.credentials import KnownClient, Remembered, digest_of, find, read_basic, verify
from lms.xapi.gathering import Gatherer
from lms.xapi.metering import LastUse
from lms.xapi.models import Scope
from lms.xapi.services import authority_of
from lms.xapi.versions import version_named
from tracking.errors import Refused as RefusedRecord
from tracking.statements.attachments import have_attachments, may_have_attachments
from tracking.statements.parsing import parse_statements
from tracking.statements.reading import Reading
from tracking.statements.services import readings_of
from tracking.statements.validation import Version

PATH = "/xapi/statements"
LARGEST = 8 * 1024 * 1024  # bytes; larger bodies take the ordinary way

_JSON = ("application/json", "application/json; charset=utf-8")


class Express:
    """A WSGI application that stores plain statements itself and leaves everything else to `front`."""

    def __init__(self, front: Front, runtime: Runtime) -> None:
        self._front = front
        self._runtime = runtime
        self._remembered = runtime.held(Remembered)
        self._gatherer = Gatherer(runtime.database, runtime.settings.public_url, runtime.held(LastUse))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == PATH and environ["REQUEST_METHOD"] == "POST":
            begun = time.perf_counter()
            answer = self._take(environ)
            if answer is not None:
                body, version = answer
                metrics.count("xapi.post_statements", "POST", 200, time.perf_counter() - begun)
                start_response("200 OK", _headers(body, version))
                return [body]
        return self._front(environ, start_response)

    def close(self) -> None:
        self._gatherer.close()

    def _take(self, environ: Environ) -> tuple[bytes, Version] | None:
        """The ids that were stored, as JSON; None for what is not plain, its body ready to be read again."""
        version = version_named(environ.get("HTTP_X_EXPERIENCE_API_VERSION"))
        length = _length(environ)
        if version is None or length is None:
            return None
        try:
            client = self._client(environ)
            if client is None:
                return None
            body = self._front.read(environ, length)
            environ["wsgi.input"] = BytesIO(body)
            readings = self._readings(client, body, version) if len(body) == length else None
            if readings is None:
                return None
            stored = self._gatherer.store(client, readings)
        except (SQLAlchemyError, Refused) as error:
            environ[REFUSED] = error
            return None
        if not stored:
            _hand_on(environ, body, readings)
            return None
        return orjson.dumps([str(reading.id) for reading in readings]), version

    def _client(self, environ: Environ) -> KnownClient | None:
        """The client that may send statements without being counted; others take the ordinary way."""
        given = read_basic(environ.get("HTTP_AUTHORIZATION"))
        if given is None:
            return None
        key, secret = given
        known = self._remembered.get(key) or self._look_up(key)
        if known is None or known.per_minute is not None or not known.may(Scope.WRITE):
            return None
        good = verify(known, digest_of(secret, self._runtime.settings.secret_key), utc_now())
        return known if good else None

    def _look_up(self, key: str) -> KnownClient | None:
        with self._runtime.database.snapshot() as session:
            known = find(session.connection(), key)
        if not isinstance(known, KnownClient):
            return None
        self._remembered.put(known)
        return known

    def _readings(self, client: KnownClient, body: bytes, version: Version) -> list[Reading] | None:
        try:
            statements = parse_statements(body)
            if may_have_attachments(body) and have_attachments(statements):
                return None
            authority = authority_of(client, self._runtime.settings.public_url)
            return readings_of(statements, authority=authority, version=version)
        except (Refused, RefusedRecord):
            return None


def _hand_on(environ: Environ, body: bytes, readings: Sequence[Reading]) -> None:
    """Have the statements tried again under the ids that they were given here.

    Where the connection broke during a commit they may be stored; then they are so once.
    """
    if any("id" not in reading.sent for reading in readings):
        body = orjson.dumps([{**reading.sent, "id": str(reading.id)} for reading in readings])
        environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = BytesIO(body)


def _length(environ: Environ) -> int | None:
    """The length of a plain JSON body; None for any other."""
    is_json = environ.get("CONTENT_TYPE", "").lower() in _JSON
    return plain_length(environ, LARGEST) if is_json else None


def _headers(body: bytes, version: Version) -> list[tuple[str, str]]:
    return [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("X-Experience-API-Version", version),
        *EVERYWHERE.items(),
    ]
