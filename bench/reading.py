"""How long questions take over HTTP when few statements are stored, and when a hundred times as many are.

The many are copies of the few, further back in time, so that every question has the same number of answers.
"""

import http.client
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
from sqlalchemy import Connection, func, select

from bench.lines import Line
from bench.samples import VERBS, Sampler
from bench.serving import Installation, environment, install, serving
from bench.sizes import Sizes
from lms.core.database import Database
from lms.xapi.models import Scope
from tests.servers import free_port
from tracking.record.models import Statement
from tracking.record.order import COUNT_BITS

PEOPLE, LIMIT, BATCH = 50, 20, 100
Ask = Callable[[str], dict[str, Any]]


def measure(name: str, url: str, folder: Path, sizes: Sizes) -> list[Line]:
    folder.mkdir(parents=True)
    given = environment(folder, url, free_port(), workers=1)
    installation = install(given, PEOPLE, scopes=(Scope.WRITE, Scope.READ))
    database = Database(url)
    with serving(given), closing(_Asking(int(given["PORT"]), installation.authorization)) as asked:
        statements = _fill(asked, installation, sizes)
        few = {kind: asked.times(list(queries)) for kind, queries in _questions(statements, sizes).items()}
        _multiply(database, sizes.copies)
        many = {kind: asked.times(list(queries)) for kind, queries in _questions(statements, sizes).items()}
        first, deep = asked.pages(sizes.pages)
    database.close()
    numbers = f"{sizes.few * sizes.copies:,} statements beside {sizes.few:,}"
    lines = [Line(f"GET by {kind}, {numbers}", name, "ms", False, many[kind], few[kind]) for kind in few]
    return [*lines, Line(f"page {sizes.pages:,} beside the first ones", name, "ms", False, deep, first)]


def _fill(asked: "_Asking", installation: Installation, sizes: Sizes) -> list[dict[str, Any]]:
    sampler = Sampler(installation.world, seed=1)
    statements = [sampler.statement() for _ in range(sizes.few)]
    for start in range(0, len(statements), BATCH):
        asked.send(statements[start : start + BATCH])
    return statements


def _questions(statements: Sequence[dict[str, Any]], sizes: Sizes) -> dict[str, Iterator[str]]:
    """Queries by kind, the same ones each time."""
    drawn = random.Random(7).choices(statements, k=sizes.asked)
    return {
        "agent": (_query(agent=orjson.dumps(one["actor"]).decode()) for one in drawn),
        "activity": (_query(activity=one["object"]["id"]) for one in drawn),
        "registration": (_query(registration=one["context"]["registration"]) for one in drawn),
        "verb": (_query(verb=VERBS + "completed") for _ in drawn),
        "agent and verb": (
            _query(agent=orjson.dumps(one["actor"]).decode(), verb=one["verb"]["id"]) for one in drawn
        ),
        "related activity": (
            _query(activity=one["context"]["contextActivities"]["parent"][0]["id"], related_activities="true")
            for one in drawn
        ),
    }


def _query(**parameters: str) -> str:
    return "/xapi/statements?" + urlencode({**parameters, "limit": LIMIT})


def _multiply(database: Database, copies: int) -> None:
    """Copy every statement, its mentions too, `copies - 1` times into the past, under ids of their own."""
    with database.transaction() as session:
        connection = session.connection()
        oldest, newest = connection.execute(
            select(
                func.min(Statement.stored, type_=Statement.stored.type),
                func.max(Statement.stored, type_=Statement.stored.type),
            )
        ).one()
        milliseconds = (newest - oldest) // timedelta(milliseconds=1) + 1_000
        first = connection.execute(select(Statement.seq).order_by(Statement.seq).limit(1)).scalar_one()
        is_sqlite = connection.dialect.name == "sqlite"
        for number in range(1, copies):
            _copy(connection, first, milliseconds * number, is_sqlite=is_sqlite)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")


def _copy(connection: Connection, first: int, milliseconds: int, *, is_sqlite: bool) -> None:
    shift = milliseconds << COUNT_BITS
    back = (
        f"strftime('%Y-%m-%d %H:%M:%f', stored, '-{milliseconds / 1000} seconds') || '000'"
        if is_sqlite
        else f"stored - interval '{milliseconds} milliseconds'"
    )
    fresh = "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"
    columns = [column.name for column in Statement.__table__.columns]
    changed = {"seq": f"seq - {shift}", "id": fresh, "stored": back, "registration": fresh}
    _insert(connection, "statement", columns, changed, first)
    for table, names in (
        ("statement_activity", ("activity_id", "seq")),
        ("statement_agent", ("agent_id", "direct", "seq")),
    ):
        _insert(connection, table, names, {"seq": f"seq - {shift}"}, first)


def _insert(
    connection: Connection, table: str, names: Sequence[str], changed: dict[str, str], first: int
) -> None:
    listed = ", ".join(names)
    values = ", ".join(changed.get(name, name) for name in names)
    connection.exec_driver_sql(
        f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} WHERE seq >= {first}"
    )


class _Asking:
    """One connection, kept alive, one question after the other."""

    def __init__(self, port: int, authorization: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": authorization, "X-Experience-API-Version": "1.0.3"}

    def close(self) -> None:
        self._connection.close()

    def send(self, statements: list[dict[str, Any]]) -> None:
        headers = self._headers | {"Content-Type": "application/json"}
        self._answer("POST", "/xapi/statements", orjson.dumps(statements), headers)

    def times(self, paths: Sequence[str]) -> list[float]:
        """Milliseconds of each question; the first tenth, which finds caches cold, is left out."""
        taken = []
        for path in paths:
            begun = time.perf_counter()
            found = self._answer("GET", path, None, self._headers)
            taken.append(1000 * (time.perf_counter() - begun))
            if not orjson.loads(found)["statements"]:
                raise RuntimeError(f"nothing was found by {path}")
        return taken[len(taken) // 10 :]

    def pages(self, depth: int) -> tuple[list[float], list[float]]:
        """Milliseconds of the first pages of all statements and of those before page `depth`."""
        path, taken = _query(), []
        for _ in range(depth):
            begun = time.perf_counter()
            found = orjson.loads(self._answer("GET", path, None, self._headers))
            taken.append(1000 * (time.perf_counter() - begun))
            path = found["more"]
            if not path:
                break
        tenth = max(1, len(taken) // 10)
        return taken[:tenth], taken[-tenth:]

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except http.client.RemoteDisconnected:  # it was quiet for longer than the server keeps one open
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        found = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {found[:300]!r}")
        return found
