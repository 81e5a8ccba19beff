"""Statements stored per second: through the server with everything on, and rows alone by the driver."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import orjson
from sqlalchemy import func, select

from bench.clients import Clients, Round, Tally
from bench.inserting import Inserter, Prepared
from bench.lines import Line
from bench.peers import PATH, Peer
from bench.samples import Sampler, World
from bench.serving import Installation, environment, install, serving
from bench.sizes import Sizes
from lms.core.database import Database
from tests.servers import free_port
from tracking.record.models import Agent, Statement
from tracking.statements.reading import read
from tracking.tables import metadata
from tracking.times import utc_now

WORKERS = 2
CLIENTS = 2  # processes


@dataclass(frozen=True)
class Kind:
    """Requests of `size` statements over so many connections.

    Of ours `most` a second are made beforehand in the first round, and enough in the others; of the bare
    ones, `bodies` in each round, which ends when they do.
    """

    name: str
    size: int
    connections: int
    most: int
    bodies: int


KINDS = (
    Kind("statements, one a request", 1, 64, 8_000, 4_000),
    Kind("statements, 100 a request", 100, 16, 400, 200),
)
COLUMNS = [column.name for column in Statement.__table__.columns if column.name != "seq"]


@dataclass
class Taken:
    """The rounds of one kind."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    refused: int = 0


def measure(
    name: str, urls: Iterator[str], folder: Path, sizes: Sizes, peer: Peer | None = None
) -> list[Line]:
    """Both kinds on one database, in turns; `urls` are addresses of empty databases, two are taken.

    With a peer, the same requests go to it in the same turns.
    """
    folder.mkdir(parents=True)
    given = environment(folder, next(urls), free_port(), WORKERS)
    installation = install(given, sizes.people)
    bare = _Bare(next(urls), installation.world)
    taken = {kind: Taken() for kind in KINDS}
    with serving(given):
        clients = Clients(int(given["PORT"]), installation.authorization, installation.world, CLIENTS)
        others = peer and Clients(peer.port, peer.authorization, installation.world, CLIENTS, PATH)
        acknowledged = _warm_up(clients, sizes)
        if others:
            _warm_up(others, sizes)
        for turn in range(1, sizes.rounds + 1):
            for kind in KINDS:
                acknowledged += _ours(clients, kind, turn, sizes, taken[kind])
                taken[kind].bare.append(bare.round(kind, turn, sizes.bare_seconds))
                if others:
                    taken[kind].peer.append(_theirs(others, kind, turn, sizes, taken[kind]))
        clients.close()
        if others:
            others.close()
    bare.close()
    _prove(installation, acknowledged)
    lines = [_line(name, kind, taken[kind]) for kind in KINDS]
    return lines + [_beside_the_peer(name, kind, taken[kind]) for kind in KINDS if peer]


def _warm_up(clients: Clients, sizes: Sizes) -> int:
    """Enough statements for nearly everybody to have been heard of: not what is measured."""
    count = max(CLIENTS, 3 * sizes.people // 100)
    return _accepted(clients.run(Round(0, 100, count, 4, 60.0)), 100)


def _theirs(clients: Clients, kind: Kind, turn: int, sizes: Sizes, taken: Taken) -> float:
    expected = 3 * max(taken.peer) / kind.size if taken.peer else kind.most
    count = int(min(expected, kind.most) * sizes.seconds) + 2 * kind.connections
    tally = clients.run(Round(turn, kind.size, count, kind.connections, sizes.seconds))
    return _accepted(tally, kind.size) / tally.seconds


def _ours(clients: Clients, kind: Kind, turn: int, sizes: Sizes, taken: Taken) -> int:
    expected = 3 * max(taken.ours) / kind.size if taken.ours else kind.most
    count = int(min(expected, kind.most) * sizes.seconds) + 2 * kind.connections
    tally = clients.run(Round(turn, kind.size, count, kind.connections, sizes.seconds))
    accepted = _accepted(tally, kind.size)
    taken.ours.append(accepted / tally.seconds)
    taken.latencies += tally.latencies
    taken.refused += sum(tally.statuses.values()) - tally.statuses[200]
    return accepted


def _accepted(tally: Tally, size: int) -> int:
    """Statements acknowledged. Being told to come again is an answer; being refused is an error here."""
    if set(tally.statuses) - {200, 503} or not tally.statuses[200]:
        raise RuntimeError(f"answers by status {dict(tally.statuses)}, such as {tally.refusal!r}")
    return tally.statuses[200] * size


def _prove(installation: Installation, acknowledged: int) -> None:
    """Every statement that was acknowledged is stored: what is lost quickly is not stored quickly."""
    name = f"account:{installation.world.home_page}|client:{installation.key}"
    database = Database(installation.settings.database_url)
    with database.snapshot() as session:
        authority = select(Agent.id).where(Agent.identifier == name).scalar_subquery()
        stored = session.scalar(select(func.count()).where(Statement.authority_id == authority))
    database.close()
    if stored != acknowledged:
        raise RuntimeError(f"{acknowledged} statements were acknowledged, {stored} are stored")


def _line(database: str, kind: Kind, taken: Taken) -> Line:
    tenths = quantiles(taken.latencies, n=100) if len(taken.latencies) > 1 else taken.latencies * 99
    details: dict[str, Any] = {
        "connections": kind.connections,
        "server workers": WORKERS,
        "milliseconds of a request": {"median": 1000 * median(taken.latencies), "p95": 1000 * tenths[94]},
        "answered 503": taken.refused,
    }
    return Line(kind.name, database, "statements/s", True, taken.ours, taken.bare, details)


def _beside_the_peer(database: str, kind: Kind, taken: Taken) -> Line:
    name = f"{kind.name}; beside Ralph without storage"
    return Line(name, database, "statements/s", True, taken.ours, taken.peer)


class _Bare:
    """orjson.loads of the same bodies, and the same narrow rows by executemany: one commit a body."""

    def __init__(self, url: str, world: World) -> None:
        self._database = Database(url)
        metadata.create_all(self._database.engine)
        self._world = world
        self._inserter = Inserter(self._database.engine, Statement, COLUMNS)

    def round(self, kind: Kind, turn: int, seconds: float) -> float:
        """Statements a second; bodies and rows are made beforehand."""
        work = self._work(kind, turn)
        begun, done = time.perf_counter(), 0
        for body, rows in work:
            orjson.loads(body)
            self._inserter.write(rows)
            done += kind.size
            if time.perf_counter() - begun >= seconds:
                break
        return done / (time.perf_counter() - begun)

    def close(self) -> None:
        self._inserter.close()
        self._database.close()

    def _work(self, kind: Kind, turn: int) -> list[tuple[bytes, Prepared]]:
        bodies = Sampler(self._world, seed=-turn).bodies(kind.bodies, kind.size)
        return [(body, self._rows(body)) for body in bodies]

    def _rows(self, body: bytes) -> Prepared:
        value = orjson.loads(body)
        return self._inserter.prepared(_row(one) for one in (value if isinstance(value, list) else [value]))


def _row(statement: dict[str, Any]) -> dict[str, Any]:
    """The columns of a statement; numbers of its words are drawn from their hashes, which costs nothing."""
    now = utc_now()
    authority = {"account": {"homePage": "https://example.org", "name": "client:bench"}}
    kept = read(statement, authority=authority, version="1.0.3")
    return {
        "id": kept.id,
        "stored": now,
        "timestamp": kept.timestamp,
        "happened_on": kept.happened_on,
        "agent_id": hash(kept.agent) % 5_000,
        "verb_id": hash(kept.verb) % 10,
        "activity_id": hash(kept.activity) % 20,
        "registration": kept.registration,
        "outcome": kept.outcome,
        "authority_id": 1,
        "version": kept.version,
        "raw": kept.raw(now),
    }
