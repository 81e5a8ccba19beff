"""One HTTP request to another platform, bounded in every direction: where to, how long, how much.

The standard library's client, because what is needed is control over the connection itself: it goes to an
address that was looked at before (`addresses.machines`), and a timer ends it whatever the other side is
doing. A timeout of a socket alone ends nothing that sends one byte now and then.
"""

import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any
from urllib.parse import urlsplit

from lms.flow.addresses import DEFAULT_PORTS, Blocked, machines
from lms.flow.outcomes import Kind, Trouble

CHUNK = 1 << 16
MOST_MACHINES = 3  # of a name with many addresses


@dataclass(frozen=True)
class Limits:
    """Seconds to connect, seconds of silence, seconds in all; bytes of an answer."""

    connect: float = 5
    silence: float = 20
    total: float = 60
    size: int = 32 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """`url` is whole; `inside`: it may lead into a private network.

    A body in parts needs a Content-Length among the headers. The body of a good answer goes into `sink`,
    where there is one, and not into memory.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | Iterator[bytes] | None = None
    inside: bool = False
    sink: IO[bytes] | None = None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


class Failed(Exception):
    """There is no answer; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


Exchange = Callable[[Request, Limits], Answer]


def exchange(request: Request, limits: Limits) -> Answer:
    """Send the request and read the whole answer, whatever its status; a redirect is one. Raises Failed."""
    parts = urlsplit(request.url)
    host = parts.hostname or ""
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    connection = _Pinned(host, port, secure=parts.scheme == "https", limits=limits)
    with _deadline(connection, limits.total) as late:
        try:
            found = machines(host, port, scheme=parts.scheme, inside=request.inside)
            connection.reach(found[:MOST_MACHINES])
            path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
            # Whoever wants no more of what is sent (401, 413) may hang up before its end, having answered.
            with suppress(ConnectionError):
                connection.request(request.method, path, body=request.body, headers=request.headers)
            with connection.getresponse() as response:
                return _answer(response, limits.size, request.sink)
        except Blocked as blocked:
            raise Failed(Trouble(Kind.BLOCKED, blocked.message, blocked.params)) from blocked
        except (OSError, HTTPException, zlib.error) as error:
            raise Failed(_explained(error, host, late=late.is_set(), limits=limits)) from error
        finally:
            connection.close()


class _Pinned(HTTPConnection):
    """A connection to one of some addresses that were checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, *, secure: bool, limits: Limits) -> None:
        super().__init__(host, port)
        if secure and port == DEFAULT_PORTS["https"]:
            self.default_port = port  # keeps it out of the Host header
        self._secure = secure
        self._limits = limits

    def reach(self, found: list[tuple[str, int]]) -> None:
        """Connect to the first that answers. Raises OSError."""
        for position, address in enumerate(found):
            try:
                self.sock = socket.create_connection(address, timeout=self._limits.connect)
                break
            except OSError:
                if position + 1 == len(found):
                    raise
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._secure:
            self.sock = _trusting().wrap_socket(self.sock, server_hostname=self.host)
        self.sock.settimeout(self._limits.silence)

    def break_off(self) -> None:
        """End whatever is being waited for, from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                # Of the plain socket: TLS would take its state away from whoever is reading.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


@cache
def _trusting() -> ssl.SSLContext:
    """The certificates of this machine; reading them takes longer than a request."""
    return ssl.create_default_context()


@contextmanager
def _deadline(connection: _Pinned, seconds: float) -> Iterator[threading.Event]:
    """Break the connection off after so many seconds; the event tells whether that happened."""
    late = threading.Event()

    def end() -> None:
        late.set()
        connection.break_off()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _answer(response: HTTPResponse, most: int, sink: IO[bytes] | None) -> Answer:
    status, headers = response.status, response.headers
    if sink is not None and 200 <= status < 300:  # noqa: PLR2004
        for chunk in _chunks(response, most):
            sink.write(chunk)
        return Answer(status, headers, b"")
    return Answer(status, headers, _plain(b"".join(_chunks(response, most)), headers, most))


def _chunks(response: HTTPResponse, most: int) -> Iterator[bytes]:
    """The body as it comes. `read` would wait for whole chunks, and could not say how much came by then."""
    size = 0
    while chunk := response.read1(CHUNK):
        size += len(chunk)
        if size > most:
            raise Failed(_too_large(most))
        yield chunk
    if response.length:
        raise ConnectionResetError  # the connection ended before what was announced


def _plain(body: bytes, headers: HTTPMessage, most: int) -> bytes:
    """The body as it is meant: some servers compress although they were asked not to."""
    if headers.get("Content-Encoding", "identity").lower() not in ("gzip", "deflate"):
        return body
    opener = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # either of the two headers
    opened = opener.decompress(body, most)
    if opener.unconsumed_tail:
        raise Failed(_too_large(most))
    return opened


def _too_large(most: int) -> Trouble:
    return Trouble(
        Kind.ODD, "Its answer is larger than %(size)s MiB.", {"size": most // 1024**2}, too_large=True
    )


def _explained(error: Exception, host: str, *, late: bool, limits: Limits) -> Trouble:
    """The sentence for what the network, or the client, raised."""
    told = {"host": host}
    if late:
        seconds = {"seconds": f"{limits.total:g}"}
        return Trouble(Kind.SLOW, "%(host)s did not finish within %(seconds)s seconds.", told | seconds)
    told["reason"] = str(getattr(error, "verify_message", None) or getattr(error, "strerror", None) or "")
    for kinds, trouble in _TROUBLES:
        if isinstance(error, kinds):
            return replace(trouble, params=told)
    told["reason"] = told["reason"] or type(error).__name__
    return Trouble(Kind.AWAY, "%(host)s cannot be reached (%(reason)s).", told)


_TROUBLES: tuple[tuple[Any, Trouble], ...] = (
    (TimeoutError, Trouble(Kind.SLOW, "%(host)s did not answer in time.")),
    (
        ssl.SSLCertVerificationError,
        Trouble(Kind.AWAY, "The certificate of %(host)s cannot be trusted (%(reason)s)."),
    ),
    (socket.gaierror, Trouble(Kind.AWAY, "The name %(host)s is not known. Is the address right?")),
    (
        ConnectionRefusedError,
        Trouble(Kind.AWAY, "Nothing answers at %(host)s. Is the address right, and is it running?"),
    ),
    (
        (HTTPException, ConnectionError, ssl.SSLError, zlib.error),
        Trouble(Kind.AWAY, "The connection with %(host)s broke off in the middle."),
    ),
)
