"""A small site in this process, with the lessons that the player's tests play."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from playwright.sync_api import Frame, Page
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

from lms.app import create_app
from lms.catalogue.library import import_library
from lms.core.runtime import Runtime
from lms.core.web.security import limiter
from lms.player.models import Attempt
from lms.settings import read_settings
from tests.factories.courses import import_package
from tests.factories.foreign import foreign_package
from tests.lms.conftest import build_tables
from tests.servers import free_port
from tracking.record.models import Statement, Verb

OWN = "nhan-dien-lua-dao"
FOREIGN = "goi-khac"
_WAITING = "Object.keys(localStorage).filter(name => name.startsWith('lesson-queue'))"
# The page looks by itself, in a function of its own. `wait_for_function` hands it text to look with, again
# and again, and all but the first look are then forbidden by the page's policy (no unsafe-eval).
_UNTIL_NOTHING_WAITS = f"""async (deadline) => {{
    while ({_WAITING}.length) {{
        if (performance.now() > deadline) throw new Error("something still waits in this browser");
        await new Promise(requestAnimationFrame);
    }}
}}"""
_PATIENCE = 30_000  # milliseconds


class _Quiet(WSGIRequestHandler):
    """Hundreds of lines about files would hide what a failing test has to say."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def _read_whole(application: WSGIApplication) -> WSGIApplication:
    """Answers are read and closed at once: this server forgets to close them where a browser breaks off."""

    def reading(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with closing(ClosingIterator(application(environ, start_response))) as answer:
            return list(answer)

    return reading


@dataclass
class Site:
    """The site's address, and a look into its record."""

    address: str
    runtime: Runtime
    app: Flask
    port: int
    server: BaseWSGIServer | None = None
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Answer at every address of this machine: packages have loopback addresses of their own."""
        every = "0.0.0.0"
        application = _read_whole(self.app)
        self.server = make_server(every, self.port, application, threaded=True, request_handler=_Quiet)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        if self.server is None or self.thread is None:
            return
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.server = self.thread = None

    @contextmanager
    def down(self) -> Iterator[None]:
        """Nobody answers for the length of the block."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def bring(self, courses: Mapping[str, bytes]) -> None:
        """Import packages, by slug."""
        with self.runtime.database.transaction() as session, TemporaryDirectory() as folder:
            for slug, content in courses.items():
                import_package(
                    session,
                    self.runtime.files,
                    Path(folder),
                    content,
                    slug=slug,
                    public_url=self.address,
                )

    def launch(self, page: Page, slug: str, key: str | None = None) -> None:
        """From the page of the course, or of one of its lessons, into the player."""
        page.goto(f"{self.address}/courses/{slug}" + (f"/lessons/{key}" if key else ""))
        page.locator('form[action^="/learn/"] button').click()
        page.wait_for_url("**/play/**")

    def attempts(self) -> list[Attempt]:
        with self.runtime.database.snapshot() as session:
            return list(session.scalars(select(Attempt).order_by(Attempt.started)).unique())

    def verbs_of(self, registration: UUID) -> list[str]:
        """The last words of the verbs that the record has of an attempt."""
        wanted = select(Verb.iri).join(Statement, Statement.verb_id == Verb.id)
        with self.runtime.database.snapshot() as session:
            found = session.scalars(
                wanted.where(Statement.registration == registration).order_by(Statement.seq)
            )
            return [iri.rsplit("/", 1)[1] for iri in found]

    def attempt(self, attempt_id: UUID) -> Attempt:
        with self.runtime.database.snapshot() as session:
            return session.get_one(Attempt, attempt_id)


@contextmanager
def served_site(folder: Path) -> Iterator[Site]:
    port = free_port()
    settings = read_settings({"LMS_DATA": str(folder), "PORT": str(port), "LMS_SECRET_KEY": "x"}, dotenv=None)
    build_tables(settings.database_url)
    app = create_app(settings)
    limiter.enabled = False
    runtime: Runtime = app.extensions["lms"]
    with runtime.database.transaction() as session:
        import_library(session, runtime)
        import_package(
            session,
            runtime.files,
            folder,
            foreign_package(),
            slug=FOREIGN,
            public_url=settings.public_url,
        )
    site = Site(settings.public_url, runtime, app, port)
    site.start()
    try:
        yield site
    finally:
        site.stop()
        runtime.close()


def foreign_page(page: Page, number: int) -> Frame:
    """The innermost frame of the foreign lesson, once it shows this page."""
    page.frame_locator("#lesson").frame_locator("frame[name=inside]").locator("h1").wait_for()
    frame = page.frame(url=f"**/pages/page{number}.htm*")
    if frame is None:
        page.wait_for_event("framenavigated", lambda found: f"page{number}.htm" in found.url)
        frame = page.frame(url=f"**/pages/page{number}.htm*")
    assert frame is not None
    frame.wait_for_selector("h1")
    return frame


def waiting_in(page: Page) -> int:
    """How many commits wait in the browser of this page."""
    count: int = page.evaluate(f"{_WAITING}.length")
    return count


def nothing_waits(page: Page) -> None:
    """Wait until the server has everything."""
    page.evaluate(_UNTIL_NOTHING_WAITS, page.evaluate("performance.now()") + _PATIENCE)
