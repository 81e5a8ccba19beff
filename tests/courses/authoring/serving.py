"""A web server for tests: an opened package under /lesson/, sent with a host's strict policy."""

import io
import mimetypes
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from tests.courses.authoring.store import Store

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'"
)
HOST_FILES = ("host.html", "host.js", "host.css", "host2004.html", "host2004.js")


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@contextmanager
def serve(package: bytes, store: Store | None = None) -> Iterator[str]:
    """The address of a server on a free port; `store` answers what stands under /xapi/ and /fetch."""
    site = {f"/lesson/{name}": content for name, content in files_of(package).items()}
    site |= {f"/{name}": (HERE / name).read_bytes() for name in HOST_FILES}
    site["/favicon.ico"] = b""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if store is not None and path not in site:
                self._ask(store)
                return
            content = site.get(path)
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/plain")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content or b"")

        def do_POST(self) -> None:
            self._ask(store)

        def do_PUT(self) -> None:
            self._ask(store)

        def _ask(self, store: Store) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = store.answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name in the base class)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
