"""What stands in front of the application: whole bodies, places, a second try."""

import errno
import threading
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import EnvironBuilder, run_wsgi_app

from lms.core.errors import Unavailable
from lms.core.files import DiskFull
from lms.core.web import front as fronts
from lms.core.web.front import CHUNK, COLLIDED, IN_MEMORY, REFUSED, BrokeOff, Front
from lms.core.web.stalled import Stalled

LARGEST = 3 * IN_MEMORY


class Sender:
    """A body that comes in parts, and ends before all of it has come where `broken` says so."""

    def __init__(self, body: bytes, *, broken: int | None = None) -> None:
        self.left = BytesIO(body if broken is None else body[:broken])
        self.asked: list[int] = []

    def read(self, size: int = -1) -> bytes:
        self.asked.append(size)
        return self.left.read(size)

    def readline(self, size: int = -1) -> bytes:
        self.asked.append(size)
        return self.left.readline(size)


class Application:
    """Notes what it was asked, and answers with the length of the body."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.refused: Exception | None = None
        self.collides = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        self.refused = environ.get(REFUSED)
        self.bodies.append(environ["wsgi.input"].read())
        if len(self.bodies) <= self.collides:
            environ[COLLIDED].append(True)
            start_response("503 SERVICE UNAVAILABLE", [])
            return [b"collided"]
        start_response("200 OK", [])
        return [str(len(self.bodies[-1])).encode()]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def ask(application: Application, tmp_path):
    """Sends a body through a front with one place; the status, and what was answered."""
    front = Front(application, slots=1, folder=tmp_path, largest=LARGEST, stalled=Stalled(0), patience=0.05)

    def send(body: bytes = b"", *, method: str = "POST", sender: Sender | None = None, **changes: Any):
        environ = EnvironBuilder(method=method, path="/x").get_environ()
        environ |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input_terminated": True}
        environ |= {"wsgi.input": sender or Sender(body)} | changes
        for name in [name for name, value in environ.items() if value is None]:
            del environ[name]
        content, status, _ = run_wsgi_app(front, environ)
        return status, b"".join(content)

    send.front = front
    return send


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, IN_MEMORY + 1, LARGEST])
@pytest.mark.parametrize("chunked", [False, True])
def test_the_application_is_given_the_whole_body(ask, application, size, chunked):
    body = bytes(size)
    changes = {"CONTENT_LENGTH": None, "HTTP_TRANSFER_ENCODING": "chunked"} if chunked else {}
    assert ask(body, **changes) == ("200 OK", str(size).encode())
    assert application.bodies == [body]
    assert application.refused is None


@pytest.mark.parametrize("size", [2, CHUNK, IN_MEMORY + 2])
def test_half_a_body_reaches_no_view(ask, application, size):
    body = b"x" * size
    ask(body, sender=Sender(body, broken=size // 2))
    assert application.bodies == [b""]
    assert isinstance(application.refused, BrokeOff)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(ask, application):
    sender = Sender(b"")
    ask(sender=sender, CONTENT_LENGTH=str(LARGEST + 1))
    assert isinstance(application.refused, RequestEntityTooLarge)
    assert sender.asked == []


def test_a_body_that_does_not_tell_its_length_is_read_as_far_as_it_may_be_large(ask, application):
    sender = Sender(bytes(2 * LARGEST))
    ask(sender=sender, CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked")
    assert isinstance(application.refused, RequestEntityTooLarge)
    assert sender.left.tell() <= LARGEST + CHUNK


def test_a_disk_that_is_full_is_told_as_that(ask, application, monkeypatch):
    class Full(BytesIO):
        def write(self, _data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fronts, "SpooledTemporaryFile", lambda *_args, **_options: Full())
    ask(bytes(IN_MEMORY + 1))
    assert isinstance(application.refused, DiskFull)


def test_what_has_no_body_is_not_waited_for(ask):
    sender = Sender(b"x")
    ask(method="GET", sender=sender, CONTENT_LENGTH="1")
    assert sender.asked == []


def test_who_gets_no_place_in_time_is_told_to_come_again(ask, application):
    with ask.front._place(ask.front._slots, {}):
        ask(b"x")
    assert isinstance(application.refused, Unavailable)
    ask(b"x")
    assert application.refused is None, "the place is free again"


def test_a_sender_who_is_waited_for_takes_no_place(ask, application):
    """There is one place; whoever has sent all of it gets it first."""
    going_on, begun = threading.Event(), threading.Event()

    class Slow(Sender):
        def read(self, size: int = -1) -> bytes:
            begun.set()
            going_on.wait(5)
            return super().read(size)

    slow = threading.Thread(target=lambda: ask(b"slow", sender=Slow(b"slow")))
    slow.start()
    begun.wait(5)
    assert ask(b"quick")[0] == "200 OK"
    going_on.set()
    slow.join(5)
    assert application.bodies == [b"quick", b"slow"]


def test_bodies_in_many_parts_are_read_by_the_application(ask, application):
    sender = Sender(b"parts")
    ask(sender=sender, CONTENT_LENGTH="5", CONTENT_TYPE="multipart/mixed; boundary=x")
    assert application.bodies == [b"parts"]
    assert sender.asked == [-1]


@pytest.mark.parametrize(("collides", "tries", "status"), [(0, 1, 200), (2, 3, 200), (9, 3, 503)])
def test_a_transaction_that_gave_way_is_tried_again_with_the_same_body(
    ask, application, collides, tries, status
):
    application.collides = collides
    answered, _ = ask(b"body")
    assert int(answered.split()[0]) == status
    assert application.bodies == [b"body"] * tries
