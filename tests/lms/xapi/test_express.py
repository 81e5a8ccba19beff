"""The express way of POST /xapi/statements, in front of the application."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from uuid import uuid4

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client as Caller

from lms.app import front_of
from lms.core.database import Database, Line
from lms.core.runtime import Runtime
from lms.core.web.stalled import Stalled
from lms.xapi import gathering
from lms.xapi.credentials import find_client
from lms.xapi.express import Express
from lms.xapi.metering import LastUse
from lms.xapi.queries import the_client
from lms.xapi.services import authority_of, revoke_client
from tests.lms.watched import Watched
from tests.lms.xapi.conftest import statement
from tracking.record.models import Statement
from tracking.statements.services import readings_of

PATH = "/xapi/statements"


@pytest.fixture
def watched(app: Flask) -> Watched:
    return Watched(app)


@pytest.fixture
def express(watched: Watched, runtime: Runtime) -> Iterator[Express]:
    opened = Express(front_of(watched, runtime, Stalled(8000)), runtime)
    yield opened
    opened.close()


@pytest.fixture
def send(express: Express, client_of: Callable[..., dict[str, str]]):
    """Sends a body (JSON or bytes) as a client that may write, with other headers where they are given."""
    headers = client_of("statements/write")

    def post(body: object, **changes: str | None):
        sent = headers | {"Content-Type": "application/json"} | changes
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        given = {name: value for name, value in sent.items() if value is not None}
        return Caller(express).post(PATH, data=data, headers=given)

    post.key = headers["key"]
    return post


@pytest.fixture
def stored(database: Database) -> Callable[[], int]:
    def count() -> int:
        with database.snapshot() as session:
            return session.scalar(select(func.count()).select_from(Statement)) or 0

    return count


def test_plain_statements_are_stored_without_the_application(send, watched, stored):
    one, two = str(uuid4()), str(uuid4())
    answer = send([statement(id=one), statement(id=two)])
    assert (answer.status_code, answer.json) == (200, [one, two])
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (watched.calls, stored()) == (0, 2)


def test_a_single_statement_and_the_other_version_are_plain_too(send, watched):
    answer = send(statement(), **{"X-Experience-API-Version": "2.0.0"})
    assert (answer.status_code, len(answer.json), watched.calls) == (200, 1, 0)
    assert answer.headers["X-Experience-API-Version"] == "2.0.0"


@pytest.mark.parametrize(
    ("body", "changes", "status"),
    [
        (statement(), {"Authorization": None}, 401),
        (statement(), {"Authorization": "Basic bm9ib2R5OndpdGhvdXQ="}, 401),
        (statement(), {"X-Experience-API-Version": "0.95"}, 400),
        (statement(), {"X-Experience-API-Version": None}, 400),
        (statement(), {"Content-Type": "text/plain"}, 400),
        (statement(verb={"id": "no iri"}), {}, 400),
        (statement(attachments=[]), {}, 200),
        (b"[", {}, 400),
        (b"", {}, 400),
    ],
    ids=["nobody", "unknown", "version", "no version", "type", "invalid", "attachments", "cut off", "empty"],
)
def test_what_is_not_plain_is_for_the_application_to_answer(send, watched, body, changes, status):
    answer = send(body, **changes)
    assert (answer.status_code, watched.calls) == (status, 1)
    if status != 200:
        assert answer.json["error"]


def test_a_contradiction_is_refused_by_the_application_and_changes_nothing(send, watched, stored):
    known = statement(id=str(uuid4()))
    assert send(known).status_code == 200
    assert send(known).status_code == 200
    assert watched.calls == 0
    assert send(known | {"result": {"success": True}}).status_code == 409
    assert (watched.calls, stored()) == (1, 1)


def test_a_client_without_the_scope_is_refused(express, client_of):
    headers = client_of("statements/read") | {"Content-Type": "application/json"}
    assert Caller(express).post(PATH, data=orjson.dumps(statement()), headers=headers).status_code == 403


def test_a_client_that_was_revoked_stores_nothing_more_although_it_is_remembered(send, database, stored):
    assert send(statement()).status_code == 200
    with database.transaction() as session:
        revoke_client(session, the_client(session, send.key), actor=None)
    assert send(statement()).status_code == 401
    assert stored() == 1


@pytest.fixture
def gather(runtime: Runtime, database: Database, client_of, monkeypatch: pytest.MonkeyPatch):
    """Stores several requests in one group: whether each was stored, and the sizes of the steps."""
    key = client_of("statements/write")["key"]
    with database.snapshot() as session:
        client = find_client(session.connection(), key)
    steps = []
    store_readings = gathering.store_readings

    def counted(session, readings, **given):
        steps.append(len(readings))
        return store_readings(session, readings, **given)

    monkeypatch.setattr(gathering, "store_readings", counted)

    def store(*requests: list[dict]) -> tuple[list[bool], list[int]]:
        gatherer = gathering.Gatherer(
            database, "http://localhost:8000", runtime.held(LastUse), crowd=len(requests), patience=30.0
        )
        readings = [
            readings_of(sent, authority=authority_of(client, "http://localhost:8000"), version="1.0.3")
            for sent in requests
        ]
        with ThreadPoolExecutor(len(requests)) as pool, closing(gatherer):
            return list(pool.map(lambda one: gatherer.store(client, one), readings)), steps

    return store


def test_requests_that_come_together_share_a_commit(gather, stored):
    outcome, steps = gather(*([statement()] for _ in range(8)))
    assert outcome == [True] * 8
    assert steps == [8]
    assert stored() == 8


def test_of_a_group_with_a_contradiction_all_are_stored_but_those_who_contradict_each_other(gather, stored):
    known = statement(id=str(uuid4()))
    outcome, steps = gather([known], [statement()], [known | {"result": {"success": True}}], [statement()])
    assert outcome == [False, True, False, True]
    assert (steps, stored()) == ([4, 2], 2)


def test_who_spoils_a_group_otherwise_is_found_by_halves(gather, stored):
    """This one cannot be kept, which is found out in the transaction."""
    too_long = statement(object={"id": "http://example.org/" + "a" * 3000})
    outcome, steps = gather(*([statement()] for _ in range(5)), [too_long], [statement()], [statement()])
    assert outcome == [True] * 5 + [False] + [True] * 2
    assert (sorted(steps), stored()) == ([1, 1, 2, 2, 4, 4, 8], 7)


def test_what_one_bad_request_spoils_is_stored_by_the_application(send, watched, stored, monkeypatch):
    """The good one under the id that it was given the first time, in case it had been stored then."""
    seen = []

    def broken(session, readings, **_):
        seen.append([str(reading.id) for reading in readings])
        raise ValueError("a defect")

    monkeypatch.setattr(gathering, "store_readings", broken)
    answer = send([statement(), statement()])
    assert answer.status_code == 200
    assert [answer.json] == seen
    assert (watched.calls, stored()) == (1, 2)


def lost() -> OperationalError:
    return OperationalError("COMMIT", {}, Exception("lost"), connection_invalidated=True)


class Deadlock(Exception):
    sqlstate = "40P01"


def collided() -> OperationalError:
    return OperationalError("INSERT", {}, Deadlock())


@pytest.mark.parametrize("failure", [lost, collided])
@pytest.mark.parametrize("before", [True, False], ids=["before", "in the commit"])
def test_a_group_that_gave_way_or_lost_its_connection_is_stored_again_and_once(
    send, watched, database, stored, monkeypatch, failure, before
):
    """Nobody can tell whether the commit was done whose connection broke; the ids make it harmless."""
    seen = []
    store_readings, transaction = gathering.store_readings, Line.transaction

    def noted(session, readings, **given):
        seen.append([str(reading.id) for reading in readings])
        if before and len(seen) < 3:
            raise failure()
        return store_readings(session, readings, **given)

    @contextmanager
    def broken(line):
        with transaction(line) as session:
            yield session
        if not before and len(seen) < 3:
            raise failure()

    monkeypatch.setattr(gathering, "store_readings", noted)
    monkeypatch.setattr(Line, "transaction", broken)
    answer = send([statement(), statement()])
    assert (answer.status_code, watched.calls, stored()) == (200, 0, 2)
    assert seen == [answer.json] * 3


@pytest.mark.parametrize("failure", [lost, collided])
def test_a_database_that_stays_away_is_told_at_once(send, watched, stored, monkeypatch, failure):
    tries = []

    def broken(*_, **__):
        tries.append(1)
        raise failure()

    monkeypatch.setattr(gathering, "store_readings", broken)
    answer = send(statement())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["error"].endswith("Send it again later.")
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert (len(tries), stored()) == (3, 0)


def test_a_failed_group_does_not_stop_the_next(send, stored, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "store_readings", lambda *_, **__: 1 / 0)
        assert send(statement()).status_code == 200  # by the application
    assert send(statement()).status_code == 200
    assert stored() == 2
