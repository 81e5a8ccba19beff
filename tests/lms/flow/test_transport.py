"""One request over a real connection to a server that does what servers do at their worst."""

import gzip
import io
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from lms.flow import transport
from lms.flow.outcomes import Kind, Trouble
from lms.flow.transport import Failed, Limits, Request, exchange
from tests.servers import free_port

Act = Callable[[socket.socket], object]

QUICK = Limits(connect=2, silence=0.2, total=0.4, size=100_000)
PATIENT = Limits(connect=5, silence=5, total=10, size=100_000)


class Server:
    """Takes one connection after the other, reads the head of the request, and does what it is told."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.act: Act = lambda connection: connection.sendall(said(b"hello"))
        self.heads: list[bytes] = []
        self.rests: list[bytes] = []
        self.released = threading.Event()
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with suppress(OSError), self._secured(connection) as secured:
                self._meet(secured)

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._context.wrap_socket(connection, server_side=True) if self._context else connection

    def _meet(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536) or b"\r\n\r\n"
        head, _, rest = head.partition(b"\r\n\r\n")
        self.heads.append(head)
        self.rests.append(rest)
        self.act(connection)

    def hang(self, _connection: socket.socket) -> None:
        """Until the client has gone and the test has ended."""
        self.released.wait(20)

    def drip(self, connection: socket.socket) -> None:
        """A byte now and then, for as long as somebody listens."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not self.released.wait(0.02):
            connection.sendall(b"x")

    def close(self) -> None:
        self.released.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(20)


def said(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = {"Content-Length": str(len(body)), **{n.replace("_", "-"): v for n, v in headers.items()}}
    told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{told}\r\n".encode() + body


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def ask(server: Server, limits: Limits = PATIENT, *, host: str = "127.0.0.1", **more) -> transport.Answer:
    scheme = more.pop("scheme", "http")
    request = Request("GET", f"{scheme}://{host}:{server.port}/xapi/about?a=b%20c", {"X": "y"}, inside=True)
    return exchange(replace(request, **more), limits)


def trouble(server: Server, limits: Limits = QUICK, **more) -> Trouble:
    with pytest.raises(Failed) as failed:
        ask(server, limits, **more)
    return failed.value.trouble


def test_an_answer_comes_whole(server: Server):
    found = ask(server)
    assert (found.status, found.body, found.headers["Content-Length"]) == (200, b"hello", "5")
    lines = server.heads[0].decode().split("\r\n")
    assert lines[0] == "GET /xapi/about?a=b%20c HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}" in lines
    assert "X: y" in lines


@pytest.mark.parametrize("status", ["404 Not Found", "500 Broken", "302 Found"])
def test_every_status_is_an_answer(server: Server, status: str):
    server.act = lambda connection: connection.sendall(said(b"", status, Location="http://10.0.0.1/"))
    assert ask(server).status == int(status[:3])
    assert len(server.heads) == 1, "nobody follows a redirect"


def test_a_body_goes_out_in_parts(server: Server):
    found = ask(server, method="POST", body=iter([b"ab", b"c"]), headers={"Content-Length": "3"})
    assert found.status == 200
    assert b"Content-Length: 3" in server.heads[0]
    assert b"chunked" not in server.heads[0]


def test_who_hangs_up_before_everything_was_sent_may_have_answered(server: Server):
    server.act = lambda connection: connection.sendall(said(b"too much", "413 Too Large"))
    parts = (b"x" * 100_000 for _ in range(100))
    found = ask(server, method="POST", body=parts, headers={"Content-Length": str(10_000_000)})
    assert (found.status, found.body) == (413, b"too much")


def test_an_answer_in_chunks_comes_whole(server: Server):
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    server.act = lambda connection: connection.sendall(chunks)
    assert ask(server).body == b"abcde"


def test_an_answer_without_a_length_ends_with_the_connection(server: Server):
    server.act = lambda connection: connection.sendall(b"HTTP/1.0 200 OK\r\n\r\nabc")
    assert ask(server).body == b"abc"


def test_an_answer_that_is_compressed_all_the_same_is_opened(server: Server):
    body = gzip.compress(b"xin chao " * 100)
    server.act = lambda connection: connection.sendall(said(body, Content_Encoding="gzip"))
    assert ask(server).body == b"xin chao " * 100


def test_a_good_answer_can_go_into_a_file(server: Server):
    sink = io.BytesIO()
    assert ask(server, sink=sink).body == b""
    assert sink.getvalue() == b"hello"
    server.act = lambda connection: connection.sendall(said(b"gone", "404 Not Found"))
    assert ask(server, sink=sink).body == b"gone"
    assert sink.getvalue() == b"hello"


@pytest.mark.parametrize(
    "bytes_",
    [
        said(b"x" * 100_001),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_001,
        said(gzip.compress(b"\0" * 10_000_000), Content_Encoding="gzip"),
    ],
    ids=["told", "not told", "unpacked"],
)
def test_an_answer_that_is_too_large_is_not_read_to_its_end(server: Server, bytes_: bytes):
    server.act = lambda connection: connection.sendall(bytes_)
    found = trouble(server, PATIENT)
    assert (found.kind, found.too_large) == (Kind.ODD, True)


@pytest.mark.parametrize(
    "bytes_",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        said(b"not gzip", Content_Encoding="gzip"),
    ],
    ids=["nothing", "nonsense", "half a body", "half a chunk", "headers", "packing"],
)
def test_an_answer_that_breaks_off_is_none(server: Server, bytes_: bytes):
    server.act = lambda connection: connection.sendall(bytes_)
    found = trouble(server, PATIENT)
    assert (found.kind, str(found)) == (Kind.AWAY, "The connection with 127.0.0.1 broke off in the middle.")


def test_a_server_that_says_nothing_is_not_waited_for(server: Server):
    server.act = server.hang
    found = trouble(server)
    assert (found.kind, str(found)) == (Kind.SLOW, "127.0.0.1 did not answer in time.")


def test_a_server_that_drips_is_not_waited_for(server: Server):
    server.act = server.drip
    found = trouble(server)
    assert (found.kind, str(found)) == (Kind.SLOW, "127.0.0.1 did not finish within 0.4 seconds.")


def test_nobody_at_the_door():
    with pytest.raises(Failed) as failed:
        exchange(Request("GET", f"http://127.0.0.1:{free_port()}/", {}, inside=True), PATIENT)
    assert failed.value.trouble.kind == Kind.AWAY
    assert "Nothing answers at 127.0.0.1" in str(failed.value)


def test_a_name_that_nobody_knows():
    with pytest.raises(Failed) as failed:
        exchange(Request("GET", "https://lrs.invalid/", {}), PATIENT)
    assert failed.value.trouble.kind == Kind.AWAY


def test_a_private_machine_is_not_even_connected_to(server: Server):
    found = trouble(server, inside=False)
    assert (found.kind, found.hopeless) == (Kind.BLOCKED, True)
    assert server.heads == []


def test_the_connection_goes_to_the_machine_that_was_checked(server: Server, monkeypatch: pytest.MonkeyPatch):
    """The name is looked up once; what it stands for a moment later does not matter."""
    looked_up = []

    def machines(host: str, port: int, **_how) -> list[tuple[str, int]]:
        looked_up.append(host)
        return [("127.0.0.1", port)]

    monkeypatch.setattr(transport, "machines", machines)
    assert ask(server, host="lrs.example.vn").status == 200
    assert looked_up == ["lrs.example.vn"]
    assert f"Host: lrs.example.vn:{server.port}".encode() in server.heads[0]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of one's own for `localhost`, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(made), "-out", str(folder / "only.pem")),
        ],
        check=True,
        capture_output=True,
    )
    with made.open("a") as both:
        both.write((folder / "only.pem").read_text())
    return made


@pytest.fixture
def secure(certificate: Path) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    found = Server(context)
    yield found
    found.close()


def trust(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(transport, "_trusting", lambda: context)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(secure: Server):
    found = trouble(secure, PATIENT, scheme="https", host="localhost")
    assert "cannot be trusted" in str(found)
    assert secure.heads == [], "no credentials were sent"


def test_a_certificate_for_another_name_is_not_trusted(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    trust(monkeypatch, certificate)
    assert "cannot be trusted" in str(trouble(secure, PATIENT, scheme="https", host="127.0.0.1"))
    assert ask(secure, scheme="https", host="localhost").body == b"hello"


def test_a_server_that_drips_through_tls_is_not_waited_for(
    secure: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
):
    trust(monkeypatch, certificate)
    secure.act = lambda connection: [connection.sendall(said(b"x" * 9)[:-5]), secure.hang(connection)]
    assert trouble(secure, scheme="https", host="localhost").kind == Kind.SLOW
