"""Many requests at once, on PostgreSQL; SQLite lets one writer in at a time."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from tests.conftest import Databases
from tests.tracking.cast import COURSE, NOON, OTHER_COURSE, TODAY, account, days, keep, rate, said, voiding
from tests.tracking.conftest import build
from tracking.completions.services import demand_passing
from tracking.identities.keys import local_key
from tracking.identities.merging import merge, part
from tracking.identities.queries import learner_of
from tracking.identities.services import claim, claim_many, release
from tracking.rates.services import Placement, place, place_many
from tracking.rebuild import rebuild
from tracking.record.models import Statement
from tracking.statements.agents import identifier

LEARNERS = [UUID(int=number) for number in range(1, 9)]
THREADS = 4


@pytest.fixture
def engine(postgresql_databases: Databases) -> Iterator[Engine]:
    address = postgresql_databases.fresh(postgresql_databases.template(build))
    engine = create_engine(address, pool_size=THREADS, isolation_level="READ COMMITTED")
    yield engine
    engine.dispose()
    postgresql_databases.drop()


def at_once(engine: Engine, *acts: Callable[[Session], object]) -> None:
    """Each act in a transaction of its own; a failure of any is a failure of the test."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> None:
        barrier.wait()
        with Session(engine) as session, session.begin():
            act(session)

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


def members(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        claim_many(session, ((local_key(str(one)), one) for one in LEARNERS), NOON)
        since = TODAY - days(30)
        place_many(session, (Placement(one, one.int % 2, "officer", since) for one in LEARNERS), NOON)


def settled(engine: Engine) -> Session:
    """A session on a record in which nothing was lost or doubled."""
    session = Session(engine)
    assert not {layer: number for layer, number in rebuild(session, check=True).details.items() if number}
    return session


def test_the_same_statements_sent_by_all_in_any_order_are_kept_and_counted_once(engine):
    members(engine)
    for _ in range(5):
        sent = [said(one, activity=course) for one in LEARNERS for course in (COURSE, OTHER_COURSE)]
        orders = [random.sample(sent, len(sent)) for _ in range(THREADS)]
        at_once(engine, *(lambda session, order=order: keep(session, *order) for order in orders))
    with settled(engine) as session:
        assert session.scalar(select(func.count()).select_from(Statement)) == 5 * len(sent)
        assert rate(session, 0, 1) == (8, 8)


def test_transactions_that_count_twice_do_not_wait_for_each_others_counters(engine):
    """Each completes, at the same moment, what the other completes next: as lessons and their courses do."""
    members(engine)
    with Session(engine) as session, session.begin():
        keep(session, *(said(LEARNERS[1], activity=course) for course in (COURSE, OTHER_COURSE)))
    barrier = Barrier(2)

    def complete(session, learner, *courses):
        for course in courses:
            keep(session, said(learner, activity=course))
            barrier.wait(10)

    one, other = LEARNERS[0], LEARNERS[2]  # of one unit
    at_once(
        engine,
        lambda session: complete(session, one, COURSE, OTHER_COURSE),
        lambda session: complete(session, other, OTHER_COURSE, COURSE),
    )
    with settled(engine) as session:
        assert rate(session, 1) == (2, 4)


def test_what_was_rolled_back_or_taken_back_to_a_savepoint_is_not_counted(engine):
    members(engine)
    with Session(engine) as session, session.begin():
        keep(session, said(LEARNERS[0]))
        savepoint = session.begin_nested()
        keep(session, said(LEARNERS[2]))
        savepoint.rollback()
    with Session(engine) as session:
        keep(session, said(LEARNERS[4]))
        session.rollback()
        keep(session, said(LEARNERS[6]))
        assert rate(session, 1) == (2, 4), "a transaction sees its own"
        session.commit()
    with settled(engine) as session:
        assert rate(session, 1) == (2, 4)


def test_new_agents_and_activities_arrive_at_once_from_all(engine):
    for number in range(5):
        actors = [account(f"new-{number}-{which}") for which in range(6)]

        def arrive(session, number=number, actors=actors):
            course = f"https://example.org/new/{number}"
            keep(session, *(said(actor, activity=course) for actor in random.sample(actors, 6)))

        at_once(engine, *[arrive] * THREADS)
    with settled(engine) as session:
        assert session.scalar(select(func.count()).select_from(Statement)) == 5 * THREADS * 6


def test_a_claim_and_the_first_statement_under_it_do_not_miss_each_other(engine):
    members(engine)
    for learner in LEARNERS:
        code = f"code-{learner.int}"
        at_once(
            engine,
            lambda session, code=code, learner=learner: claim(session, local_key(code), learner, NOON),
            lambda session, code=code: keep(session, said(account(code))),
        )
    with settled(engine) as session:
        assert rate(session, 0, 1) == (8, 8)


def test_a_voiding_and_its_target_do_not_miss_each_other(engine):
    members(engine)
    for number in range(10):
        target = said(LEARNERS[number % 8])
        at_once(
            engine,
            lambda session, target=target: keep(session, target),
            lambda session, target=target: keep(session, voiding(target)),
        )
    with settled(engine) as session:
        assert rate(session, 0, 1) == (0, 8)


def test_moves_claims_rules_and_statements_at_once_lose_and_double_nothing(engine):
    members(engine)
    dice = random.Random(7)
    for number in range(10):
        one, other = dice.sample(LEARNERS, 2)
        unit, demanded = dice.randrange(4), bool(number % 2)
        at_once(
            engine,
            lambda session, one=one, other=other: keep(
                session, said(one), said(other, result={"success": False})
            ),
            lambda session, one=one, unit=unit: place(session, one, unit, "citizen", TODAY, NOON),
            lambda session, one=one, other=other: [
                release(session, local_key(str(one)), one, NOON),
                claim(session, local_key(str(one)), other, NOON),
            ],
            lambda session, demanded=demanded: demand_passing(session, COURSE, demanded=demanded, now=NOON),
        )
    settled(engine).close()


def test_mergers_and_what_arrives_at_once_lose_and_double_nothing(engine):
    members(engine)
    dice = random.Random(11)
    for number in range(8):
        one, other = dice.sample(LEARNERS, 2)
        unit, code = dice.randrange(4), f"late-{number}"
        at_once(
            engine,
            lambda session, one=one, other=other: merge(session, one, other, NOON),
            lambda session, one=one, code=code: keep(session, said(one), said(account(code))),
            lambda session, one=one, code=code: claim(session, local_key(code), one, NOON),
            lambda session, one=one, unit=unit: place(session, one, unit, "citizen", TODAY, NOON),
        )
        with settled(engine) as session:
            assert learner_of(session, identifier(account(code))) == other
        at_once(
            engine,
            lambda session, one=one: part(session, one, NOON),
            lambda session, one=one, other=other: keep(session, said(one), said(other)),
        )
    with settled(engine) as session:
        assert rate(session, 0, 1, 2, 3)[1] == 8
