"""The database is held by others, is away or is full: what senders are told, and that nothing is lost."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event
from uuid import uuid4

import orjson
import psycopg
import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client as Caller
from werkzeug.test import TestResponse

from lms.app import front_of
from lms.core.database import Database, Line
from lms.core.web.stalled import Stalled
from lms.xapi import accepting
from lms.xapi.express import Express
from lms.xapi.services import add_client
from tests import servers
from tests.lms.conftest import build_tables
from tests.lms.xapi.conftest import ABOUT, basic, statement
from tracking.dialects import GATE
from tracking.record.models import Statement

PATH = "/xapi/statements"
JSON = {"Content-Type": "application/json"}
PATIENCE = 1
MIB = 1 << 20
FULL = "The server has no room left on its disk."


class Store:
    """A record store as it is served: the express way, and the application behind it."""

    def __init__(self, app, runtime, headers: dict[str, str]) -> None:
        self.express = Express(front_of(app, runtime, Stalled(8000)), runtime)
        self.database = runtime.database
        self.headers = headers

    def post(self, *statements: dict) -> TestResponse:
        body = orjson.dumps(statements)
        return Caller(self.express).post(PATH, data=body, headers=self.headers | JSON)

    def put(self, one: dict) -> TestResponse:
        query = {"statementId": one["id"]}
        return Caller(self.express).put(
            PATH, query_string=query, data=orjson.dumps(one), headers=self.headers | JSON
        )

    def get(self, statement_id: str) -> int:
        query = {"statementId": statement_id}
        return Caller(self.express).get(PATH, query_string=query, headers=self.headers).status_code

    def count(self) -> int:
        with self.database.snapshot() as session:
            return session.scalar(select(func.count()).select_from(Statement)) or 0


@pytest.fixture
def open_store(app, runtime, settings) -> Iterator[Callable[[str], Store]]:
    """Opens a store on a database, which waits for others for a second only."""
    opened: list[Store] = []

    def begin(url: str) -> Store:
        runtime.database.close()
        runtime.__dict__["database"] = Database(url, patience=PATIENCE)
        with runtime.database.transaction() as session:
            client, secret = add_client(session, "A", ["all"], secret_key=settings.secret_key, actor=None)
        headers = ABOUT | basic(client.key, secret)
        headers.pop("key")
        opened.append(Store(app, runtime, headers))
        return opened[-1]

    yield begin
    for store in opened:
        store.express.close()


@pytest.fixture
def store(open_store, settings) -> Store:
    return open_store(settings.database_url)


@contextmanager
def held_by_others(url: str) -> Iterator[None]:
    """As an import does on SQLite, where one writes at a time, and a rebuild on PostgreSQL."""
    others = Database(url)
    with others.transaction() as session:
        is_sqlite = url.startswith("sqlite")
        session.execute(text("SELECT 1" if is_sqlite else f"SELECT pg_advisory_xact_lock({GATE})"))
        yield
    others.close()


def is_told_to_come_again(answer: TestResponse) -> bool:
    return (
        answer.status_code == 503
        and answer.headers["Retry-After"].isdigit()
        and answer.headers["X-Experience-API-Version"] == "1.0.3"
        and "again later" in answer.json["error"]
    )


def test_who_waits_too_long_for_others_is_told_and_readers_do_not_wait(store, settings):
    known = statement(id=str(uuid4()))
    assert store.post(known).status_code == 200
    with held_by_others(settings.database_url):
        begun = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: store.post(statement()), range(8)))
        took = time.monotonic() - begun
        assert all(is_told_to_come_again(answer) for answer in answers)
        assert took < 8 * PATIENCE, "they wait together, not one after the other"
        assert is_told_to_come_again(store.put(statement(id=str(uuid4()))))
        assert store.get(known["id"]) == 200
    assert store.count() == 1
    assert store.post(statement()).status_code == 200
    assert store.put(statement(id=str(uuid4()))).status_code == 204


def test_who_waits_for_a_moment_notices_nothing(store, settings, monkeypatch):
    begun = Event()
    transaction = Line.transaction

    @contextmanager
    def noted(line):
        begun.set()
        with transaction(line) as session:
            yield session

    monkeypatch.setattr(Line, "transaction", noted)
    with ThreadPoolExecutor(1) as pool:
        with held_by_others(settings.database_url):
            waiting = pool.submit(store.post, statement())
            assert begun.wait(5)
        assert waiting.result(10).status_code == 200
    assert store.count() == 1


def test_a_client_that_is_not_remembered_any_more_is_told_too(store, runtime):
    """The first question is who sends it."""
    runtime.database.close()
    away = Database(f"postgresql+psycopg://nobody@127.0.0.1:{servers.free_port()}/none")
    store.express._runtime.__dict__["database"] = away
    assert is_told_to_come_again(store.post(statement()))
    assert is_told_to_come_again(store.put(statement(id=str(uuid4()))))


class Deadlock(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("collisions", "status", "kept"), [(2, 204, 1), (9, 503, 0)])
def test_an_ordinary_request_that_gave_way_is_done_again_with_its_whole_body(
    store, monkeypatch, collisions, status, kept
):
    tries = []
    store_statements = accepting.store_statements

    def collide(session, statements, **more):
        outcome = store_statements(session, statements, **more)
        tries.append(len(statements))
        if len(tries) <= collisions:
            raise OperationalError("INSERT", {}, Deadlock())
        return outcome

    monkeypatch.setattr(accepting, "store_statements", collide)
    answer = store.put(statement(id=str(uuid4()), result={"response": "x" * 2 * MIB}))
    assert (answer.status_code, len(tries), store.count()) == (status, 3, kept)
    assert status == 204 or is_told_to_come_again(answer)


def fill_up(store: Store, kept: list[str]) -> TestResponse:
    """Send until there is no room; `kept` is what was acknowledged."""
    chance = Random(1)
    for turn in range(2000):
        batch = [
            statement(
                id=str(uuid4()),
                result={"extensions": {"http://example.org/much": chance.randbytes(20_000).hex()}},
            )
            for _ in range(1 + turn % 3)
        ]
        answer = store.post(*batch)
        if answer.status_code != 200:
            assert [store.get(one["id"]) for one in batch] == [404] * len(batch), "wholly out"
            return answer
        kept += answer.json
    raise AssertionError("the disk does not fill up")


def check_a_full_disk(store: Store, make_room: Callable[[], None], what: str) -> None:
    kept: list[str] = []
    answer = fill_up(store, kept)
    assert (answer.status_code, answer.headers["Retry-After"]) == (507, "60")
    assert answer.json["error"].startswith(FULL)
    for _ in range(3):
        large = statement(id=str(uuid4()), result={"response": Random(2).randbytes(MIB).hex()})
        assert store.put(large).status_code == 507
    full = store.count()
    make_room()
    again = statement(id=str(uuid4()))
    assert store.post(again).status_code == 200
    missing = [one for one in kept if store.get(one) != 200]
    print(f"{what}: {len(kept)} acknowledged, {len(missing)} of them missing, {full} stored")
    assert missing == []
    assert full == len(kept)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_full_file_of_sqlite_loses_nothing_and_recovers(store):
    """SQLite bounds its own file; a full PostgreSQL is below."""
    bound = {"pages": 0}

    def limit(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count = {bound['pages']}").close()

    with store.database.snapshot() as session:
        bound["pages"] = session.scalar(text("PRAGMA page_count")) + 400
    store.database.close()
    event.listen(store.database.engine, "connect", limit)

    def make_room() -> None:
        bound["pages"] *= 10
        store.database.close()

    check_a_full_disk(store, make_room, "a full file of SQLite")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a disk of 18 MiB, among those of the server's, through which it may come."""
    program = shutil.which("mount")
    folder = Path(tempfile.mkdtemp(dir=os.environ[servers.FOLDER]))
    if program is None or os.geteuid() != 0 or not mounted("-t", "tmpfs", "-o", "size=18m", "tmpfs", folder):
        pytest.skip("a small disk can only be mounted by root, outside of most containers")
    shutil.chown(folder, "postgres")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def mounted(*arguments: str | Path) -> bool:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_database(databases, small_disk) -> Iterator[tuple[str, Callable[[], object]]]:
    """The address of a database on a small disk of its own, and how to make that larger."""
    name, template, server = f"small{os.getpid()}", databases.template(build_tables), servers.postgres()
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{small_disk}'")
        connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}" TABLESPACE {name}')
        url = f"{server}/{name}".replace("postgresql://", "postgresql+psycopg://")
        yield url, lambda: mounted("-o", "remount,size=64m", small_disk)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute(f"DROP TABLESPACE {name}")


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_full_disk_of_postgresql_loses_nothing_and_recovers(small_database, open_store):
    url, make_room = small_database
    check_a_full_disk(open_store(url), make_room, "a full disk of PostgreSQL")
