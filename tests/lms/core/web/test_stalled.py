"""Connections whose senders have stopped are shut, and no others."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event, Thread

import pytest

from lms.core.web import stalled as watching
from lms.core.web.stalled import Stalled

PATIENCE = 0.15

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when bytes last moved")


class Pair:
    """Both ends of a connection to a port; a thread that waits for more at the server's end."""

    def __init__(self, listener: socket.socket) -> None:
        self.client = socket.create_connection(listener.getsockname())
        self.server, _ = listener.accept()

    def wait(self, at: "Stalled") -> Thread:
        begun = Event()

        def read() -> None:
            with at.reading:
                begun.set()
                self.server.recv(1)

        thread = Thread(target=read)
        thread.start()
        begun.wait()
        return thread

    def is_open(self) -> bool:
        self.client.setblocking(False)
        try:
            return self.client.recv(1) != b""
        except BlockingIOError:
            return True


@pytest.fixture
def pairs() -> Iterator[list[Pair]]:
    """Two connections to one port, and one to another."""
    with ExitStack() as opened:
        ports = [opened.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        made = [Pair(ports[0]), Pair(ports[0]), Pair(ports[1])]
        for pair in made:
            opened.enter_context(pair.client)
            opened.enter_context(pair.server)
        yield made


def shut(stalled: Stalled) -> int:
    """Look again and again for ten times as long as a sender may take."""
    deadline = time.monotonic() + 10 * PATIENCE
    while time.monotonic() < deadline:
        count = stalled.shut()
        if count:
            return count
        time.sleep(PATIENCE / 10)
    return 0


def read_for_long(stalled: Stalled) -> None:
    """Until somebody has waited for a sender for longer than is minded."""
    while not stalled.reading.longer_than(PATIENCE):
        time.sleep(PATIENCE / 10)


@pytest.fixture
def stalled(pairs: list[Pair]) -> Stalled:
    return Stalled(pairs[0].server.getsockname()[1], patience=PATIENCE)


def test_a_connection_whose_sender_has_stopped_is_shut_and_the_reading_ends(pairs, stalled):
    thread = pairs[0].wait(stalled)
    assert shut(stalled) >= 1
    thread.join(5)
    assert not thread.is_alive()
    assert not pairs[0].is_open()
    assert pairs[2].is_open(), "a connection to another port"


def test_a_connection_on_which_bytes_move_stays(pairs, stalled, monkeypatch):
    """The other one has been still for as long as nobody minds. What the system tells is looked at once."""
    thread = pairs[0].wait(stalled)
    read_for_long(stalled)
    pairs[1].client.send(b"x")
    ports = [pair.client.getsockname() for pair in pairs[:2]]
    still = [watching._still_for(pair.server) for pair in pairs[:2]]
    assert still[1] < still[0]
    told = dict(zip(ports, (2 * PATIENCE, PATIENCE / 2), strict=True))
    monkeypatch.setattr(watching, "_still_for", lambda connection: told[connection.getpeername()])
    assert stalled.shut() == 1
    assert pairs[1].is_open()
    assert not pairs[0].is_open()
    thread.join(5)


def test_nothing_is_shut_while_nobody_waits_or_an_answer_takes_long(pairs, stalled):
    assert shut(stalled) == 0, "nobody waits for a sender"
    thread = pairs[0].wait(stalled)
    with stalled.working:
        assert shut(stalled) == 0, "an answer that takes long looks the same"
    assert shut(stalled) >= 1
    thread.join(5)


def test_a_look_holds_nothing_of_what_is_open(pairs, stalled):
    thread = pairs[0].wait(stalled)
    assert shut(stalled) >= 1
    thread.join(5)
    reading, writing = os.pipe()
    with stalled.reading:
        read_for_long(stalled)
        stalled.shut()
    os.close(writing)
    os.set_blocking(reading, False)
    assert os.read(reading, 1) == b"", "a copy of the writing end would keep the pipe from ending"
    os.close(reading)
