"""Giving up senders who have stopped: a connection on which nothing moves must not keep a thread.

The web server waits for a body without end, and the thread that reads it cannot be called back. So where one
has waited too long, the connections of this process on which no byte has gone either way for as long are
shut: the reading ends, and what had come is half a body. Linux tells when bytes last moved on a connection
(tcp(7), TCP_INFO); elsewhere nothing is shut. Connections that merely lie idle go with them, as HTTP allows
at any time (RFC 9112, 9.3).
"""

import os
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread, get_ident

import structlog

PATIENCE = 60.0  # seconds without a byte
ROUNDS = 12  # looks within that time

# struct tcp_info of linux/tcp.h: eight bytes, then 32-bit numbers; milliseconds since data were sent, and
# since they were received, are the tenth and the twelfth.
_TCP_INFO = struct.Struct("=8x36xI4xI")

log = structlog.get_logger()


class Since:
    """Since when threads have been at something."""

    def __init__(self) -> None:
        self._begun: dict[int, float] = {}

    def __enter__(self) -> None:
        self._begun[get_ident()] = time.monotonic()

    def __exit__(self, *_error: object) -> None:
        self._begun.pop(get_ident(), None)

    def longer_than(self, seconds: float) -> bool:
        """Whether any of them has been for so long."""
        return any(time.monotonic() - begun > seconds for begun in list(self._begun.values()))


class Stalled:
    """Threads that read from senders, threads that work, and the look after the first.

    `port` is the web server's: only connections to it are shut.
    """

    def __init__(self, port: int, *, patience: float = PATIENCE) -> None:
        self.reading = Since()
        self.working = Since()
        self._port = port
        self._patience = patience

    def watch(self) -> None:
        """Look from now on, in a thread of its own."""
        if sys.platform == "linux":
            Thread(target=self._watch, name="stalled", daemon=True).start()

    def shut(self) -> int:
        """Shut connections where somebody has waited too long for one; how many.

        An answer that takes as long to be made looks the same from outside: then none is shut yet.
        """
        if not self.reading.longer_than(self._patience) or self.working.longer_than(self._patience):
            return 0
        count = 0
        for connection in _connections(self._port):
            with connection, suppress(OSError):
                if _still_for(connection) > self._patience:
                    connection.shutdown(socket.SHUT_RDWR)
                    count += 1
        return count

    def _watch(self) -> None:
        while True:
            time.sleep(self._patience / ROUNDS)
            count = self.shut()
            if count:
                log.warning("stalled_connections_shut", connections=count)


def _connections(port: int) -> Iterator[socket.socket]:
    """The connections of this process to its own port, each by a descriptor to be closed."""
    for opened in Path("/proc/self/fd").iterdir():
        if (found := _socket_of(int(opened.name))) is None:
            continue
        with suppress(OSError):
            if (
                found.type == socket.SOCK_STREAM
                and found.getsockname()[1:2] == (port,)
                and found.getpeername()
            ):
                yield found
                continue
        found.close()


def _socket_of(opened: int) -> socket.socket | None:
    """A copy of what is open, if that is a socket."""
    try:
        copy = os.dup(opened)
    except OSError:
        return None  # closed meanwhile
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)  # a pipe that was held here would not come to its end elsewhere
        return None


def _still_for(connection: socket.socket) -> float:
    """For how many seconds no byte has gone either way."""
    told = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO.size)
    sent, received = _TCP_INFO.unpack(told)
    return min(float(sent), float(received)) / 1000
