"""The pages about sources and destinations, as an administrator uses them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.core.audit import AuditEntry
from lms.core.clock import utc_now
from lms.core.jobs import services as jobs
from lms.flow.models import Direction, Letter, RemoteStore
from lms.flow.services import testing
from lms.flow.services.running import open_remote
from tests.conftest import Databases
from tests.factories.learning import make_course
from tests.lms.flow.conftest import Flow
from tests.lms.flow.fakes import COMPLETED, ENDPOINT, FakeStore, answer, statement

SOURCE = {
    "name": "One Touch",
    "endpoint": "https://lrs.example.org/xapi",
    "key": "hai-phong",
    "secret": "không ai biết",
    "version": "1.0.3",
    "every": "900",
}
DESTINATION = {name: value for name, value in SOURCE.items() if name != "every"} | {
    "origin": "ours",
    "begin": "beginning",
}


@pytest.fixture
def databases(sqlite_databases: Databases) -> Databases:
    """One kind is enough for pages: what they ask of a database, the other tests ask of both."""
    return sqlite_databases


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    ids: list[str] = []
    monkeypatch.setattr(jobs, "send", lambda _runtime, job_id: ids.append(job_id))
    return ids


@pytest.fixture
def page(signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in("administrator")


def only(flow: Flow) -> RemoteStore:
    with flow.database.snapshot() as session:
        return session.scalars(select(RemoteStore)).one()


def acts(flow: Flow) -> list[str]:
    with flow.database.snapshot() as session:
        found = select(AuditEntry.act).where(AuditEntry.act.startswith("flow:")).order_by(AuditEntry.id)
        return list(session.scalars(found))


def text(answered) -> str:
    return answered.get_data(as_text=True)


def test_with_nothing_there_the_page_says_what_to_do(page: FlaskClient):
    shown = text(page.get("/flow/"))
    assert "No sources yet" in shown
    assert "No destinations yet" in shown


def test_a_source_is_added_and_waits_to_be_started(page: FlaskClient, flow: Flow, sent: list[str]):
    filters = {"verb": COMPLETED, "agent": "an@example.org", "since": "31/03/2026"}
    answered = page.post("/flow/sources/new", data=SOURCE | filters, follow_redirects=True)
    assert "Saved. Test the connection, then start." in text(answered)
    assert "Not started" in text(answered)
    row = only(flow)
    assert (row.direction, row.endpoint, row.every, row.active) == (Direction.PULL, ENDPOINT, 900, False)
    assert row.filters == {"verb": COMPLETED, "agent": {"mbox": "mailto:an@example.org"}}
    assert row.since.isoformat() == "2026-03-30T17:00:00+00:00"
    assert "không" not in text(answered)
    store = open_remote(row, secret_key=flow.runtime.settings.secret_key)
    assert store._lrs.auth == "Basic aGFpLXBob25nOmtow7RuZyBhaSBiaeG6v3Q="
    assert sent == []
    assert acts(flow) == ["flow:remote:add"]


def test_a_destination_is_added_with_its_filters(page: FlaskClient, flow: Flow):
    with flow.database.transaction() as session:
        make_course(session)
    chosen = {
        "courses": ["qr"],
        "verbs": f"{COMPLETED}\n\n",
        "activities": "http://a.example/1\nhttp://a.example/2",
    }
    assert page.post("/flow/destinations/new", data=DESTINATION | chosen).status_code == 302
    row = only(flow)
    assert (row.direction, row.seq) == (Direction.FORWARD, 0)
    assert row.filters == {
        "origin": "ours",
        "courses": ["qr"],
        "verbs": [COMPLETED],
        "activities": ["http://a.example/1", "http://a.example/2"],
    }
    shown = text(page.get(f"/flow/{row.id}"))
    assert "http://a.example/2" in shown
    assert "All but those that were pulled from elsewhere" in shown


WRONG_SOURCES = (
    ({"name": " "}, "Type a name."),
    ({"endpoint": "lrs"}, "not the address of a record store"),
    ({"endpoint": "http://lrs.example.org/"}, "Without https everybody"),
    ({"endpoint": "https://a:b@lrs.example.org/"}, "fields of their own"),
    ({"endpoint": "http://localhost:8000/xapi/", "inside": "y"}, "this very record store"),
    ({"key": "a:b"}, "A key has no colon"),
    ({"secret": ""}, "Enter the secret"),
    ({"version": "0.95"}, "Choose a version."),
    ({"every": "1"}, "Choose from the list."),
    ({"since": "32/13/2026"}, "is not a date"),
    ({"verb": "completed"}, "is not an IRI"),
    ({"agent": "An"}, "This names nobody"),
    ({"agent": '{"name": "An"}'}, "This names nobody"),
)


def test_what_cannot_be_a_source_is_said_beside_the_field(page: FlaskClient, flow: Flow):
    for wrong, said in WRONG_SOURCES:
        answered = page.post("/flow/sources/new", data=SOURCE | wrong)
        assert answered.status_code == 200
        assert said in text(answered), wrong
        assert "Something needs your attention" in text(answered)
    with flow.database.snapshot() as session:
        assert session.scalar(select(RemoteStore)) is None


def test_what_cannot_be_a_destination_is_said(page: FlaskClient):
    for wrong in (
        {"origin": "x"},
        {"courses": "gone"},
        {"begin": "x"},
        {"verbs": "x"},
        {"activities": "x y"},
    ):
        shown = text(page.post("/flow/destinations/new", data=DESTINATION | wrong))
        assert "Something needs your attention" in shown, wrong


def test_the_same_address_with_the_same_key_is_there_already(page: FlaskClient, flow: Flow):
    flow.source()
    assert "is there already" in text(page.post("/flow/sources/new", data=SOURCE))


def test_start_and_pause(page: FlaskClient, flow: Flow, sent: list[str]):
    source = flow.source(started=False)
    shown = text(page.post(f"/flow/{source}/start", follow_redirects=True))
    assert "Started." in shown
    assert only(flow).active
    assert len(sent) == 1
    shown = text(page.post(f"/flow/{source}/pause", follow_redirects=True))
    assert "goes on from the same place" in shown
    assert not only(flow).active
    assert acts(flow)[-2:] == ["flow:remote:start", "flow:remote:pause"]


def test_a_failure_is_told_with_the_next_try_and_can_be_tried_at_once(
    page: FlaskClient, flow: Flow, there: FakeStore, sent: list[str]
):
    there.then(answer(500))
    source = flow.source()
    flow.pull(source)
    shown = text(page.get(f"/flow/{source}"))
    assert "Not working, tried again" in shown
    assert "Something is wrong there (500)." in shown
    assert "Next try:" in shown
    page.post(f"/flow/{source}/retry")
    row = only(flow)
    assert (row.failures, row.problem) == (0, None)
    assert row.next_try <= utc_now()
    assert len(sent) == 1
    assert acts(flow)[-1] == "flow:remote:retry"


def test_what_was_stopped_says_that_it_needs_somebody(page: FlaskClient, flow: Flow, there: FakeStore):
    there.then(answer(401))
    source = flow.source()
    flow.pull(source)
    shown = text(page.get("/flow/"))
    assert "Stopped, needs you" in shown
    assert "does not accept the key and the secret" in shown
    assert "not tried again by itself" in text(page.get(f"/flow/{source}"))


def test_lag_is_told_in_statements_and_in_time(page: FlaskClient, flow: Flow):
    destination = flow.destination()
    assert "nothing is waiting" in text(page.get(f"/flow/{destination}"))
    flow.store(statement(0), statement(1))
    shown = text(page.get(f"/flow/{destination}"))
    assert "2 statements wait, the oldest since" in shown
    assert "Behind" in shown


def test_a_first_pull_that_is_under_way_shows_how_far_it_is(page: FlaskClient, flow: Flow, there: FakeStore):
    there.statements = [statement(number * 360) for number in range(5)]
    source = flow.source()
    budget = iter([True, False])
    flow.pull(source, goes_on=lambda: next(budget))
    with flow.database.transaction() as session:
        remote = session.get_one(RemoteStore, source)
        from lms.flow.services.due import queue_run

        queue_run(session, flow.runtime, remote)
    shown = text(page.get(f"/flow/{source}"))
    assert "Running now" in shown
    assert "read up to what it stored at 14:00 02/03/2026" in shown
    assert 'value="25"' in shown
    assert f'hx-get="/flow/{source}/standing"' in shown
    assert "2 statements came in" in text(page.get(f"/flow/{source}/standing"))


SOURCES_ANSWER = (
    ([answer(body={"version": ["1.0.3", "2.0.0"]}), None], "it has statements for us"),
    ([answer(404), answer(body={"statements": [], "more": ""})], "no statements for us yet"),
    ([answer(body={"version": ["1.0.1"]}), None], "it has statements for us"),
    ([answer(body={"version": "2.0.0"})], "It speaks xAPI 2.0.0, and not 1.0.3"),
    ([answer(401)], "does not accept the key"),
    ([None, answer(403)], "does not accept the key"),
    ([answer(200, b"<html>")], "does not answer as a record store does"),
    ([answer(500)], "Something is wrong there (500)"),
)
DESTINATIONS_ANSWER = (
    (404, "Whether we may send there, the first sending will show"),
    (403, "which may not read there"),
    (401, "does not accept the key"),
)


@pytest.fixture
def tried(there: FakeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The button asks the store of the tests."""
    ask = testing.try_connection
    monkeypatch.setattr(testing, "try_connection", lambda *given, **how: ask(*given, **how, send=there))


@pytest.mark.usefixtures("tried")
def test_the_connection_to_a_source_is_tested(page: FlaskClient, flow: Flow, there: FakeStore):
    source = flow.source()
    there.statements = [statement(0)]
    for answers, said in SOURCES_ANSWER:
        there.then(*answers)
        assert said in text(page.post(f"/flow/{source}/test", follow_redirects=True))
    assert acts(flow)[-1] == "flow:remote:test"
    assert flow.kept() == {}


@pytest.mark.usefixtures("tried")
def test_the_connection_to_a_destination_is_tested_without_sending_anything(
    page: FlaskClient, flow: Flow, there: FakeStore
):
    destination = flow.destination()
    for status, said in DESTINATIONS_ANSWER:
        there.then(None, answer(status))
        assert said in text(page.post(f"/flow/{destination}/test", follow_redirects=True))
    assert {request.method for request in there.asked} == {"GET"}


def test_a_change_keeps_the_secret_unless_the_address_changes(page: FlaskClient, flow: Flow):
    source = flow.source()
    shown = text(page.get(f"/flow/{source}/edit"))
    assert ENDPOINT in shown
    assert "không" not in shown
    known = only(flow).secret
    page.post(f"/flow/{source}/edit", data=SOURCE | {"secret": "", "name": "Một Chạm"})
    assert (only(flow).name, only(flow).secret) == ("Một Chạm", known)
    moved = SOURCE | {"secret": "", "endpoint": "https://evil.example.org/"}
    assert "needs the secret again" in text(page.post(f"/flow/{source}/edit", data=moved))
    assert only(flow).endpoint == ENDPOINT
    page.post(f"/flow/{source}/edit", data=moved | {"secret": "new"})
    assert only(flow).endpoint == "https://evil.example.org/"
    assert acts(flow)[-1] == "flow:remote:change"


def test_a_sealed_secret_does_not_open_for_another_address(flow: Flow):
    source = flow.source()
    with flow.database.transaction() as session:
        session.execute(update(RemoteStore).values(endpoint="https://evil.example.org/"))
    report = flow.pull(source)
    assert "Enter the secret again" in str(report.trouble)


def test_starting_over_reads_from_the_beginning(page: FlaskClient, flow: Flow, there: FakeStore):
    there.statements = [statement(0)]
    source = flow.source()
    flow.pull(source)
    assert only(flow).since is not None
    page.post(f"/flow/{source}/edit", data=SOURCE | {"secret": "", "start_over": "y"})
    assert only(flow).since is None
    assert flow.pull(source).known == 1


def test_removing_forgets_the_secret_and_keeps_what_came(page: FlaskClient, flow: Flow, there: FakeStore):
    there.statements = [statement(0), statement(1, verb={"id": "wrong"})]
    source = flow.source()
    flow.pull(source)
    shown = text(page.get(f"/flow/{source}/remove"))
    assert "What was pulled stays, and goes on counting." in shown
    assert "1 refused statement is thrown away" in shown
    assert "was removed" in text(page.post(f"/flow/{source}/remove", follow_redirects=True))
    row = only(flow)
    assert (row.secret, row.key, row.active) == ("", "", False)
    assert flow.letters(source) == []
    assert len(flow.kept()) == 1
    assert page.get(f"/flow/{source}").status_code == 404
    ours = statement(2)
    flow.store(ours)
    flow.forward(flow.destination())
    assert there.order == [ours["id"]], "what came from there is still not sent back"


def letter_of(flow: Flow, there: FakeStore) -> tuple[int, int]:
    flow.store(statement(0, result={"response": "<script>"}))
    there.refuse = lambda _each: 400
    destination = flow.destination()
    flow.forward(destination)
    return destination, flow.letters(destination)[0].id


def test_a_refused_statement_is_shown_with_its_reason(page: FlaskClient, flow: Flow, there: FakeStore):
    destination, letter = letter_of(flow, there)
    listed = text(page.get(f"/flow/{destination}"))
    assert "It refused the statement (400)." in listed
    shown = text(page.get(f"/flow/{destination}/letters/{letter}"))
    assert "I do not want it." in shown
    assert "&lt;script&gt;" in shown


def test_a_refused_statement_is_tried_again(page: FlaskClient, flow: Flow, there: FakeStore, sent: list[str]):
    destination, letter = letter_of(flow, there)
    told = page.post(f"/flow/{destination}/letters/retry", data={"letter": letter}, follow_redirects=True)
    assert "1 statement is tried again." in text(told)
    assert "Waits to be tried again" in text(told)
    assert len(sent) == 1
    there.refuse = lambda _each: None
    flow.forward(destination)
    assert flow.letters(destination) == []
    assert acts(flow)[-1] == "flow:letters:retry"


def test_a_refused_statement_is_thrown_away_after_a_question(page: FlaskClient, flow: Flow, there: FakeStore):
    destination, letter = letter_of(flow, there)
    asked = text(page.get(f"/flow/{destination}/letters/drop?letter={letter}"))
    assert "Throw 1 refused statement away?" in asked
    assert "It stays recorded here, and counts." in asked
    page.post(f"/flow/{destination}/letters/drop", data={"letter": letter})
    assert flow.letters(destination)[0].state == Letter.DROPPED
    assert page.get(f"/flow/{destination}/letters/{letter}").status_code == 404
    assert acts(flow)[-1] == "flow:letters:drop"


def test_all_refused_statements_are_thrown_away_at_once(page: FlaskClient, flow: Flow, there: FakeStore):
    destination, _ = letter_of(flow, there)
    page.post(f"/flow/{destination}/letters/drop")
    assert "None." in text(page.get(f"/flow/{destination}"))


def test_a_refused_statement_of_another_platform_is_not_there(
    page: FlaskClient, flow: Flow, there: FakeStore
):
    _, letter = letter_of(flow, there)
    other = flow.source()
    assert page.get(f"/flow/{other}/letters/{letter}").status_code == 404
    assert page.post(f"/flow/{other}/letters/retry", data={"letter": letter}).status_code == 404


def test_managers_have_no_business_here(signed_in: Callable[[str], FlaskClient], flow: Flow):
    source = flow.source()
    client = signed_in("manager")
    assert client.get(f"/flow/{source}").status_code == 403
    assert client.post(f"/flow/{source}/pause").status_code == 403


def test_prometheus_is_told(page: FlaskClient, flow: Flow, there: FakeStore):
    destination, _ = letter_of(flow, there)
    flow.store(statement(5))
    with flow.database.transaction() as session:
        from tracking.record.models import Statement

        session.execute(update(Statement).values(stored=utc_now() - timedelta(hours=2)))
    told = text(page.get("/metrics"))
    labels = f'{{direction="forward",number="{destination}"}}'
    assert f"lms_flow_dead_letters{labels} 1.0" in told
    (lag,) = [
        line.split()[-1] for line in told.splitlines() if line.startswith(f"lms_flow_lag_seconds{labels}")
    ]
    assert 7190 < float(lag) < 7300


def test_in_vietnamese_everything_is_said_in_vietnamese(page: FlaskClient, flow: Flow, there: FakeStore):
    there.then(answer(401))
    source = flow.source()
    flow.pull(source)
    page.set_cookie("language", "vi", domain="localhost")
    shown = text(page.get(f"/flow/{source}"))
    assert "does not accept" not in shown
    assert "Nguồn" in shown
