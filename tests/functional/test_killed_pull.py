"""A pull and a forwarding that are killed again and again lose nothing and do nothing twice."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest
from sqlalchemy import select

from lms.core.database import Database
from lms.core.record import store_statements
from lms.core.runtime import Runtime
from lms.flow.models import RemoteStore
from lms.flow.services.managing import Said, add_destination, add_source, start
from lms.settings import read_settings
from tests.functional.serving import Installation
from tests.lms.flow.fakes import statement
from tracking.record.models import Statement

PAGE = 20
TOTAL = 200


class Elsewhere(ThreadingHTTPServer):
    """Another record store. `meanwhile` is done while the request of that number waits for its answer, or
    right after it was answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statements: list[dict[str, Any]] = []
        self.kept: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.repeats = 0
        self.asked = 0
        self.before: dict[int, Callable[[], object]] = {}
        self.after: dict[int, Callable[[], object]] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked was killed."""


class Handler(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        place = int(query.get("place", ["0"])[0])
        since = query.get("since", [""])[0].replace("000Z", "Z")
        found = [each for each in self.server.statements if each["stored"] > since]
        more = ""
        if place + PAGE < len(found):
            more = "/xapi/statements?" + urlencode({"since": since, "place": place + PAGE})
        self.answer({"statements": found[place : place + PAGE], "more": more})

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for each in sent:
            if each["id"] in self.server.kept:
                self.server.repeats += 1
            else:
                self.server.kept[each["id"]] = each
                self.server.order.append(each["id"])
        self.answer([each["id"] for each in sent])

    def answer(self, document: Any) -> None:
        self.server.asked += 1
        number = self.server.asked
        self.server.before.pop(number, bool)()
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.server.after.pop(number, bool)()

    def log_message(self, *_args: Any) -> None:
        """Quietly."""


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    server = Elsewhere()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(20)
    server.server_close()


def said(elsewhere: Elsewhere) -> Said:
    address = f"http://127.0.0.1:{elsewhere.server_port}/xapi/"
    return Said(name="One Touch", endpoint=address, key="k", secret="s", inside=True)


@contextmanager
def opened(installation: Installation) -> Iterator[Runtime]:
    runtime = Runtime(read_settings(installation.environment, dotenv=None))
    yield runtime
    runtime.close()


def killed(
    installation: Installation, elsewhere: Elsewhere, command: str, at: int, *, answered: bool
) -> None:
    """Run the command, and kill it while it waits for this many answers, or just after it got them."""
    ready, started = threading.Event(), elsewhere.asked

    def kill() -> None:
        ready.wait(60)
        os.killpg(process.pid, signal.SIGKILL)

    (elsewhere.after if answered else elsewhere.before)[started + at] = kill
    process = subprocess.Popen(
        [sys.executable, "-m", "lms", "flow", command],
        env=installation.environment,
        cwd=installation.data,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ready.set()
    assert process.wait(60) == -signal.SIGKILL


def stored(database: Database) -> list[str]:
    with database.snapshot() as session:
        return [
            orjson.loads(raw)["id"] for raw in session.scalars(select(Statement.raw).order_by(Statement.seq))
        ]


# Each on one database: that a transaction is whole on both is held by `test_killed`.
@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_killed_pull_goes_on_where_it_was(installation: Installation, elsewhere: Elsewhere):
    elsewhere.statements = [statement(number) for number in range(TOTAL)]
    with opened(installation) as runtime:
        with runtime.database.transaction() as session:
            remote = add_source(session, said(elsewhere), since=None, settings=runtime.settings, actor=None)
            start(session, remote, actor=None)
        counts = []
        for at, answered in ((3, False), (2, True)):
            killed(installation, elsewhere, "pull", at, answered=answered)
            counts.append(len(stored(runtime.database)))
        (report,) = installation.json("flow", "pull")
        found = stored(runtime.database)
        with runtime.database.snapshot() as session:
            moved = session.scalars(select(RemoteStore.moved)).one()
    print(f"killed with {counts} of {TOTAL} stored; then {report['new']} new, {report['known']} known")
    assert 0 < counts[0] == 2 * PAGE <= counts[1] < TOTAL
    assert found == [each["id"] for each in elsewhere.statements]
    assert moved == TOTAL
    assert report["finished"]


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_killed_forwarding_goes_on_in_order(installation: Installation, elsewhere: Elsewhere):
    sent = [statement(number, stored=None, authority=None) for number in range(TOTAL)]
    authority = {"objectType": "Agent", "account": {"homePage": "https://example.org", "name": "tests"}}
    with opened(installation) as runtime:
        with runtime.database.transaction() as session:
            store_statements(session, sent, settings=runtime.settings, authority=authority)
        with runtime.database.transaction() as session:
            remote = add_destination(
                session, said(elsewhere), from_beginning=True, settings=runtime.settings, actor=None
            )
            start(session, remote, actor=None)
        counts = []
        for at, answered in ((2, False), (1, True)):
            killed(installation, elsewhere, "forward", at, answered=answered)
            counts.append(len(elsewhere.kept))
        (report,) = installation.json("flow", "forward")
    print(
        f"killed with {counts} of {TOTAL} there; then {report['new']} sent, "
        f"{elsewhere.repeats} of all that came were repeats"
    )
    assert 0 < counts[0] <= counts[1] < TOTAL
    assert elsewhere.order == [each["id"] for each in sent]
    assert report["finished"]
