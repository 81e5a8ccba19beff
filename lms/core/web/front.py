"""What stands between the web server and the application: senders, places, and a second try.

A request's body arrives before the application begins: whoever sends slowly, or stops half way, holds neither
one of the few places in the application nor anything in the database. Bodies in many parts are an exception:
their files are written while they arrive, and they have places of their own.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any, cast

from werkzeug.exceptions import RequestEntityTooLarge

from lms.core.errors import Refused, Unavailable
from lms.core.files import needing_room
from lms.core.web.stalled import Since, Stalled

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# In an environ: the exception with which a request is answered before any view sees it, and a list in which
# the application notes that its transaction was ended for the sake of another.
REFUSED = "lms.refused"
COLLIDED = "lms.collided"

TRIES = 3
RECEIVING = 16  # bodies in many parts that may come at once, beside other requests
CHUNK = 1 << 16
IN_MEMORY = 1 << 20  # bytes of a body; a longer one waits in a file
PATIENCE = 30.0  # seconds for a place in the application

_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class BrokeOff(Refused):
    """Less has arrived than was announced."""

    status = 400


class Front:
    """A WSGI application that lets requests in to another: `slots` at once, each with its whole body.

    `folder` is for bodies that are long; `largest` is how many bytes one may have.
    """

    def __init__(
        self,
        application: Application,
        *,
        slots: int,
        folder: Path,
        largest: int,
        stalled: Stalled,
        patience: float = PATIENCE,
    ) -> None:
        self._application = application
        self._slots = BoundedSemaphore(slots)
        self._receiving = BoundedSemaphore(RECEIVING)
        self._folder = folder
        self._largest = largest
        self._stalled = stalled
        self._patience = patience

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if _in_parts(environ):
            environ["wsgi.input"] = _Watched(environ["wsgi.input"], self._stalled.reading)
            with self._place(self._receiving, environ):
                return self._application(environ, start_response)
        body = self._arrived(environ)
        try:
            with self._place(self._slots, environ), self._stalled.working:
                return self._try(environ, body, start_response)
        finally:
            body.close()

    def read(self, environ: Environ, length: int) -> bytes:
        """So many bytes of the body, or fewer where the connection broke."""
        with self._stalled.reading:
            found: bytes = environ["wsgi.input"].read(length)
        return found

    def _arrived(self, environ: Environ) -> IO[bytes]:
        """The whole body; nothing, where it is refused."""
        try:
            return self._receive(environ)
        except (Refused, RequestEntityTooLarge) as refusal:
            environ.setdefault(REFUSED, refusal)
            return BytesIO()

    def _receive(self, environ: Environ) -> IO[bytes]:
        length = _length(environ)
        if length == 0 or REFUSED in environ:
            return BytesIO()
        if (length or 0) > self._largest:
            raise RequestEntityTooLarge
        if length is not None and length <= CHUNK:
            body = self.read(environ, length)
            _check_whole(len(body), length)
            return BytesIO(body)
        return self._receive_long(environ, length)

    def _receive_long(self, environ: Environ, length: int | None) -> IO[bytes]:
        # The caller closes it.
        file = cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY, dir=str(self._folder)))  # noqa: SIM115
        try:
            with needing_room():
                _check_whole(self._copy(environ, file, length), length)
                file.seek(0)
        except BaseException:
            with suppress(OSError):  # what a full disk did not take is tried again at the end
                file.close()
            raise
        return file

    def _copy(self, environ: Environ, file: IO[bytes], length: int | None) -> int:
        came = 0
        most = self._largest + 1 if length is None else length
        while came < most and (chunk := self.read(environ, min(CHUNK, most - came))):
            came += len(chunk)
            if came > self._largest:
                raise RequestEntityTooLarge
            file.write(chunk)
        return came

    @contextmanager
    def _place(self, places: BoundedSemaphore, environ: Environ) -> Iterator[None]:
        """Wait for a place; whoever gets none is refused, which needs none."""
        has_place = places.acquire(timeout=self._patience)
        if not has_place:
            environ[REFUSED] = Unavailable("Too many requests wait to be answered. Send it again later.")
        try:
            yield
        finally:
            if has_place:
                places.release()

    def _try(self, environ: Environ, body: IO[bytes], start_response: StartResponse) -> Iterable[bytes]:
        """Let the application answer; again, where its transaction gave way to another and all is undone."""
        for last in (*[False] * (TRIES - 1), True):
            collided: list[bool] = []
            given: list[Any] = []
            body.seek(0)
            answer = self._application(
                environ | {"wsgi.input": body, COLLIDED: collided}, lambda *args, _to=given: _to.extend(args)
            )
            if last or not collided:
                break
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        start_response(*given)
        return answer


class _Watched:
    """A body of which it is known when somebody waits for more of it."""

    def __init__(self, body: IO[bytes], reading: Since) -> None:
        self._body = body
        self._reading = reading

    def read(self, size: int = -1) -> bytes:
        with self._reading:
            return self._body.read() if size is None or size < 0 else self._body.read(size)

    def readline(self, size: int = -1) -> bytes:
        with self._reading:
            return self._body.readline(size)


def _in_parts(environ: Environ) -> bool:
    return bool(environ.get("CONTENT_TYPE", "").lower().startswith("multipart/mixed"))


def plain_length(environ: Environ, largest: int) -> int | None:
    """The length of a body that comes as it is and has at most `largest` bytes, else None."""
    if environ.get("QUERY_STRING"):
        return None
    if "HTTP_TRANSFER_ENCODING" in environ or "HTTP_CONTENT_ENCODING" in environ:
        return None
    given = environ.get("CONTENT_LENGTH", "")
    is_number = given.isascii() and given.isdigit() and len(given) <= len(str(largest))
    return int(given) if is_number and 0 < int(given) <= largest else None


def _length(environ: Environ) -> int | None:
    """How long the body is; None where nobody says, and it goes on until its end is marked."""
    if environ["REQUEST_METHOD"] in _WITHOUT_BODY:
        return 0
    given = environ.get("CONTENT_LENGTH", "")
    if "HTTP_TRANSFER_ENCODING" in environ or not (given.isascii() and given.isdigit()):
        return None if environ.get("wsgi.input_terminated") else 0
    return int(given)


def _check_whole(came: int, length: int | None) -> None:
    if length is not None and came < length:
        raise BrokeOff("The request broke off on its way. Send it again.")
