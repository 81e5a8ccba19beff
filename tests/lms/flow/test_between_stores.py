"""From our record store to another one over HTTP and back: the other one is this very program, elsewhere."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from lms.app import create_app
from lms.core.runtime import Runtime
from lms.flow.services import forwarding, pulling
from lms.flow.services.running import Report, Run
from lms.settings import read_settings
from lms.xapi.services import add_client
from tests.conftest import Databases
from tests.lms.conftest import build_tables
from tests.lms.flow.conftest import Flow
from tests.lms.flow.fakes import FakeStore, statement
from tests.lms.xapi.mixing import body_of, header_of
from tracking.record.models import Statement

FILE = "Giấy chứng nhận số 57".encode()
KEPT_APART = ("stored", "authority")


class Elsewhere:
    """The other installation, its address, and a client of ours there."""

    def __init__(self, app: Flask, port: int) -> None:
        self.app = app
        self.endpoint = f"http://127.0.0.1:{port}/xapi/"
        runtime: Runtime = app.extensions["lms"]
        self.runtime = runtime
        with runtime.database.transaction() as session:
            client, secret = add_client(
                session, "Hải Phòng", ["all"], secret_key=runtime.settings.secret_key, actor=None
            )
        self.said = {"endpoint": self.endpoint, "key": client.key, "secret": secret, "inside": True}

    def kept(self) -> list[dict[str, object]]:
        with self.runtime.database.snapshot() as session:
            return [
                orjson.loads(raw) for raw in session.scalars(select(Statement.raw).order_by(Statement.seq))
            ]

    def file(self, digest: str) -> bytes:
        return self.runtime.files.attachment(digest).read_bytes()


@pytest.fixture(scope="module")
def other_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, int]]:
    """The other application, served over HTTP."""
    folder = tmp_path_factory.mktemp("elsewhere")
    app = create_app(read_settings({"LMS_DATA": str(folder)}, dotenv=None))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    serving.start()
    yield app, server.port
    server.shutdown()
    serving.join(20)
    server.server_close()


@pytest.fixture
def elsewhere(
    other_app: tuple[Flask, int], sqlite_databases: Databases, tmp_path: Path, app: Flask
) -> Iterator[Elsewhere]:
    """With an empty database of its own."""
    other, port = other_app
    given = {
        "LMS_DATA": str(tmp_path / "elsewhere"),
        "LMS_DATABASE_URL": sqlite_databases.fresh(sqlite_databases.template(build_tables)),
        "LMS_PUBLIC_URL": "https://elsewhere.example.org",
    }
    runtime = other.extensions["lms"] = Runtime(read_settings(given, dotenv=None))
    yield Elsewhere(other, port)
    runtime.close()


def forward(flow: Flow, destination: int) -> Report:
    return forwarding.forward(over_http(flow), destination)


def pull(flow: Flow, source: int) -> Report:
    return pulling.pull(over_http(flow), source)


def over_http(flow: Flow) -> Run:
    return Run(flow.runtime, flow.run().step)


def plain(found) -> list[dict[str, object]]:
    return [{name: value for name, value in each.items() if name not in KEPT_APART} for each in found]


def with_file(number: int) -> dict[str, object]:
    return statement(number, stored=None, authority=None, attachments=[header_of(FILE)])


def test_statements_go_there_and_come_back_as_they_were(flow: Flow, elsewhere: Elsewhere):
    sent = [statement(number, stored=None, authority=None) for number in range(120)]
    flow.store(*sent)
    report = forward(flow, flow.destination(**elsewhere.said))
    assert (report.new, report.refused, report.finished) == (120, 0, True)
    assert plain(elsewhere.kept()) == plain(flow.kept().values())
    report = pull(flow, flow.source(**elsewhere.said))
    assert (report.new, report.known, report.refused, report.finished) == (0, 120, 0, True)


def test_what_is_kept_there_is_pulled_page_after_page(flow: Flow, elsewhere: Elsewhere, there: FakeStore):
    sent = [statement(number, stored=None, authority=None) for number in range(450)]
    tell(elsewhere, sent)
    source = flow.source(**elsewhere.said)
    report = pull(flow, source)
    assert (report.new, report.refused, report.finished) == (450, 0, True)
    assert plain(flow.kept().values()) == plain(elsewhere.kept())
    more = statement(500, stored=None, authority=None)
    tell(elsewhere, [more])
    assert pull(flow, source).new == 1


def test_files_go_there_with_their_statements(flow: Flow, elsewhere: Elsewhere, app: Flask):
    first, second = statement(0, stored=None, authority=None), with_file(1)
    flow.store(first)
    take_in(flow, app, second)
    third = statement(2, stored=None, authority=None)
    flow.store(third)
    report = forward(flow, flow.destination(**elsewhere.said))
    assert (report.new, report.refused) == (3, 0)
    assert [each["id"] for each in elsewhere.kept()] == [first["id"], second["id"], third["id"]]
    assert elsewhere.file(hashlib.sha256(FILE).hexdigest()) == FILE


def test_files_come_from_there_with_their_statements(flow: Flow, elsewhere: Elsewhere):
    sent = [statement(0, stored=None, authority=None), with_file(1), with_file(2)]
    tell(elsewhere, sent, FILE)
    source = flow.source(**elsewhere.said)
    report = pull(flow, source)
    assert (report.new, report.refused, report.finished) == (3, 0, True)
    assert flow.runtime.files.attachment(hashlib.sha256(FILE).hexdigest()).read_bytes() == FILE
    assert pull(flow, source).refused == 0


def test_a_file_that_is_gone_there_puts_its_statement_aside(flow: Flow, elsewhere: Elsewhere):
    sent = [
        statement(0, stored=None, authority=None),
        with_file(1),
        statement(2, stored=None, authority=None),
    ]
    tell(elsewhere, sent, FILE)
    elsewhere.runtime.files.attachment(hashlib.sha256(FILE).hexdigest()).unlink()
    source = flow.source(**elsewhere.said)
    report = pull(flow, source)
    assert (report.new, report.refused, report.finished) == (2, 1, True)
    (letter,) = flow.letters(source)
    assert letter.mark == sent[1]["id"]


def test_a_wrong_secret_stops_it(flow: Flow, elsewhere: Elsewhere):
    source = flow.source(**elsewhere.said | {"secret": "wrong"})
    assert "(401)" in str(pull(flow, source).trouble)
    assert flow.look(source).stopped


def test_a_statement_that_is_refused_there_says_why(flow: Flow, elsewhere: Elsewhere):
    ours = statement(0, stored=None, authority=None)
    flow.store(ours, statement(1, stored=None, authority=None))
    tell(elsewhere, [ours | {"verb": {"id": "http://example.org/another"}}])
    destination = flow.destination(**elsewhere.said)
    report = forward(flow, destination)
    assert (report.new, report.refused) == (1, 1)
    (letter,) = flow.letters(destination)
    assert letter.status == 409
    assert "says something else" in str(letter.answer)


def tell(elsewhere: Elsewhere, statements: list[dict[str, object]], *files: bytes) -> None:
    """Somebody sends these to the other store."""
    post(elsewhere.app, elsewhere.said, statements, *files)


def take_in(flow: Flow, app: Flask, sent: dict[str, object]) -> None:
    """Somebody sends us this statement with its file."""
    with flow.database.transaction() as session:
        client, secret = add_client(
            session, "Sender", ["all"], secret_key=flow.runtime.settings.secret_key, actor=None
        )
    post(app, {"key": client.key, "secret": secret}, [sent], FILE)


def post(app: Flask, said: dict[str, str], statements: list[dict[str, object]], *files: bytes) -> None:
    body = body_of(statements, files) if files else orjson.dumps(statements)
    kind = "multipart/mixed; boundary=-------314159265358979323846" if files else "application/json"
    answered = app.test_client().post(
        "/xapi/statements",
        data=body,
        headers={"X-Experience-API-Version": "1.0.3", "Content-Type": kind},
        auth=(said["key"], said["secret"]),
        base_url="http://localhost:8000",
    )
    assert answered.status_code == 200, answered.get_data(as_text=True)
