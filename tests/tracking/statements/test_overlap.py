"""Two requests of which the second begins while the first has not committed yet, on PostgreSQL.

Neither sees what the other is doing; unless one waits for the other, something falls between them.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from tests.conftest import Databases
from tests.tracking.cast import AN, BINH, COURSE, HOME, NOON, TODAY, account, days, keep, rate, said, voiding
from tests.tracking.conftest import build
from tracking.completions import projection
from tracking.completions.queries import completions_of
from tracking.completions.services import demand_passing
from tracking.identities.keys import local_key
from tracking.identities.services import claim, link, release
from tracking.learners import locking
from tracking.rates.services import place, remove
from tracking.rebuild import rebuild
from tracking.statements.agents import identifier

Act = Callable[[Session], object]

ACTOR = account("code-1")
KEY = local_key("code-1")
TARGET = said(ACTOR)
FAILED = said(ACTOR, result={"success": False})
REFERENCE = {"objectType": "StatementRef", "id": TARGET["id"]}
MIDDLE = str(UUID(int=99))

PAIRS: dict[str, tuple[Act, Act]] = {
    "a claim and the first statement under it": (
        lambda session: claim(session, local_key("new"), AN, NOON),
        lambda session: keep(session, said(account("new"))),
    ),
    "a claim of a known key and the first statement of another agent under it": (
        lambda session: claim(session, local_key("seen"), AN, NOON),
        lambda session: keep(session, said(account("seen", HOME + "/"))),
    ),
    "a claim that makes a key ambiguous and a statement": (
        lambda session: claim(session, KEY, BINH, NOON),
        lambda session: keep(session, said(ACTOR)),
    ),
    "a release and a statement": (
        lambda session: release(session, KEY, AN, NOON),
        lambda session: keep(session, said(ACTOR)),
    ),
    "a link and a statement": (
        lambda session: link(session, identifier(account("seen")), AN, NOON),
        lambda session: keep(session, said(account("seen"))),
    ),
    "two claims of one key": (
        lambda session: claim(session, local_key("seen"), AN, NOON),
        lambda session: claim(session, local_key("seen"), BINH, NOON),
    ),
    "a voiding and its target": (
        lambda session: keep(session, voiding(TARGET)),
        lambda session: keep(session, TARGET),
    ),
    "a reference and its target": (
        lambda session: keep(session, said(ACTOR, object=REFERENCE)),
        lambda session: keep(session, TARGET),
    ),
    "a reference and one that refers to it": (
        lambda session: keep(session, said(ACTOR, object=REFERENCE) | {"id": MIDDLE}),
        lambda session: keep(session, said(ACTOR, object={"objectType": "StatementRef", "id": MIDDLE})),
    ),
    "a demand and a failure": (
        lambda session: demand_passing(session, COURSE, demanded=True, now=NOON),
        lambda session: keep(session, FAILED),
    ),
    "a move and a completion": (
        lambda session: place(session, AN, 2, "officer", TODAY, NOON),
        lambda session: keep(session, said(ACTOR)),
    ),
    "a removal and a move": (
        lambda session: remove(session, AN, TODAY, NOON),
        lambda session: place(session, AN, 2, "officer", TODAY - days(1), NOON),
    ),
    "two placements of a newcomer": (
        lambda session: place(session, BINH, 1, "officer", TODAY, NOON),
        lambda session: place(session, BINH, 2, "officer", TODAY, NOON),
    ),
    "two completions of one learner": (
        lambda session: keep(session, said(ACTOR)),
        lambda session: keep(session, said(ACTOR, at=NOON - days(1))),
    ),
    "one statement sent twice": (
        lambda session: keep(session, TARGET),
        lambda session: keep(session, TARGET),
    ),
}


@pytest.fixture
def engine(postgresql_databases: Databases) -> Iterator[Engine]:
    """An is in unit 1 and known by one agent; another agent has been seen and is nobody."""
    address = postgresql_databases.fresh(postgresql_databases.template(build))
    engine = create_engine(address, isolation_level="READ COMMITTED")
    with Session(engine) as session, session.begin():
        place(session, AN, 1, "officer", TODAY - days(30), NOON)
        claim(session, KEY, AN, NOON)
        keep(session, said(account("seen")), said(ACTOR, activity="https://example.org/seen"))
    yield engine
    engine.dispose()
    postgresql_databases.drop()


def begin(engine: Engine, pool: ThreadPoolExecutor, act: Act) -> Future[None]:
    """Let the act run until it has ended or waits for a lock."""

    def run() -> None:
        with Session(engine) as session, session.begin():
            act(session)

    running = pool.submit(run)
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with engine.connect() as observer:
        while not running.done() and not observer.scalar(waiting):
            time.sleep(0.002)
    return running


def nothing_is_lost(engine: Engine) -> None:
    with Session(engine) as session:
        details = rebuild(session, check=True).details
        assert not {layer: number for layer, number in details.items() if number}


@pytest.mark.parametrize("turned", [False, True], ids=["", "the other way round"])
@pytest.mark.parametrize("name", PAIRS)
def test_nothing_falls_between(engine, name, turned):
    first, second = PAIRS[name][::-1] if turned else PAIRS[name]
    with ThreadPoolExecutor(1) as pool:
        with Session(engine) as session, session.begin():
            first(session)
            running = begin(engine, pool, second)
        running.result(timeout=20)
    nothing_is_lost(engine)


def test_a_statement_is_not_counted_for_a_learner_whom_its_agent_is_just_leaving(engine, monkeypatch):
    """The release comes when it is known whom the agent is taken for and the learner is not locked yet."""
    with ThreadPoolExecutor(1) as pool:
        running: list[Future[None]] = []

        def lock_later(session, wanted):
            if not running:
                running.append(pool.submit(lambda: None))
                running[0] = begin(engine, pool, lambda other: release(other, KEY, AN, NOON))
            return locking(session, wanted)

        monkeypatch.setattr(projection, "locking", lock_later)
        with Session(engine) as session, session.begin():
            keep(session, said(ACTOR))
        running[0].result(timeout=20)
    nothing_is_lost(engine)
    with Session(engine) as session:
        assert rate(session, 1) == (0, 1)


def test_of_two_statements_about_one_instant_the_first_counts_even_if_it_is_counted_second(
    engine, monkeypatch
):
    """The second is stored, counted and committed when the first has its number and has not been counted."""
    first, second = said(ACTOR), said(ACTOR)

    def lock_later(session, wanted):
        monkeypatch.setattr(projection, "locking", locking)
        with Session(engine) as other, other.begin():
            keep(other, second)
        return locking(session, wanted)

    monkeypatch.setattr(projection, "locking", lock_later)
    with Session(engine) as session, session.begin():
        keep(session, first)
    nothing_is_lost(engine)
    with Session(engine) as session:
        assert completions_of(session, AN)[COURSE].statement_id == UUID(first["id"])
        assert rate(session, 1) == (1, 1)
