"""How far the record is complete (Communication 2.1.3.s2.b5), and that whoever reads on misses nothing."""

from collections.abc import Iterator
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from tests.conftest import Databases
from tests.tracking.cast import AN, AUTHORITY, BINH, HOME, NOON, keep, said, voiding
from tests.tracking.conftest import build
from tracking.record.models import Statement
from tracking.record.order import COUNT_BITS, first_seq, millisecond_of, milliseconds, moment_of
from tracking.rounds import run
from tracking.statements import admission, consistency, paging
from tracking.statements.agents import identifier
from tracking.statements.consistency import horizon
from tracking.statements.paging import settled_page
from tracking.statements.queries import Filter, statements
from tracking.statements.services import store
from tracking.times import utc_now

NEW = Filter(ascending=True, since=NOON)


def tell(session, *statements):
    """Stored now, as requests do."""
    return store(session, list(statements), authority=AUTHORITY, version="1.0.3", home_page=HOME).ids


def page(engine, wanted=NEW, **asked):
    """What a request would be answered: ids, the token, and how far that is complete."""
    with Session(engine) as session:
        found, reached = settled_page(session, wanted, limit=0, **asked)
    return [orjson.loads(raw)["id"] for raw in found.statements], found.more, reached.through


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(paging, "PATIENCE", 0)


@pytest.fixture
def several(postgresql_databases: Databases) -> Iterator[Engine]:
    """PostgreSQL, where several write at once; whoever uses a new word first would hold up the others."""
    address = postgresql_databases.fresh(postgresql_databases.template(build))
    engine = create_engine(address, isolation_level="READ COMMITTED")
    with Session(engine) as session, session.begin():
        keep(session, said(AN), said(BINH))
    yield engine
    engine.dispose()
    postgresql_databases.drop()


def test_numbers_follow_the_time_of_storing_and_a_batch_keeps_its_order(session):
    sent = [[said(AN) for _ in range(5)] for _ in range(4)]
    for batch in sent:
        tell(session, *batch)
    rows = session.execute(
        select(Statement.seq, Statement.id, Statement.stored).order_by(Statement.seq)
    ).all()
    assert [str(row.id) for row in rows] == [one["id"] for batch in sent for one in batch]
    assert [row.stored for row in rows] == [moment_of(millisecond_of(row.seq)) for row in rows]
    assert rows[0].stored < rows[-1].stored


def test_the_stored_of_a_statement_says_what_its_row_says(session):
    [statement_id] = tell(session, said(AN, at=None))
    row = session.execute(select(Statement.raw, Statement.stored).where(Statement.id == statement_id)).one()
    kept = orjson.loads(row.raw)
    assert kept["stored"] == kept["timestamp"] == f"{row.stored:%Y-%m-%dT%H:%M:%S}.{row.stored:%f}"[:23] + "Z"


def test_a_clock_that_is_set_back_is_not_followed(session, monkeypatch):
    tell(session, said(AN))
    ahead = utc_now() + timedelta(hours=1)
    [late] = store(
        session, [said(AN)], authority=AUTHORITY, version="1.0.3", home_page=HOME, now=ahead
    ).ids  # as if the clock had been an hour ahead
    session.commit()
    [after] = tell(session, said(AN))
    stored = dict(session.execute(select(Statement.id, Statement.stored)).all())
    assert stored[after] > stored[late]
    session.commit()
    assert horizon(session).through >= stored[after]


def test_four_million_statements_in_a_millisecond_still_have_numbers_of_their_own(several):
    with Session(several) as session, session.begin():
        session.connection().exec_driver_sql(f"SELECT setval('statement_seq_seq', {2**COUNT_BITS - 3})")
        admitted = run(session, admission.admitting(session, 6, alone=False))
    assert admitted.seqs == sorted(set(admitted.seqs))
    assert {millisecond_of(seq) for seq in admitted.seqs} == {milliseconds(admitted.stored)}


def test_what_others_are_still_writing_lies_beyond_the_horizon(several, impatient):
    with Session(several) as writer, writer.begin():
        [slow] = tell(writer, said(AN))
        with Session(several) as other, other.begin():
            [quick] = tell(other, said(BINH))
        listed, _, through = page(several)
        assert listed == []  # what was stored later is committed, but not what was stored before it
        with Session(several) as session:
            assert through < session.scalar(select(func.max(Statement.stored, type_=Statement.stored.type)))
    listed, _, later = page(several)
    assert listed == [str(slow), str(quick)]
    assert later > through


@pytest.mark.parametrize("by", ["since", "more"])
def test_whoever_follows_the_record_misses_nothing_though_the_earlier_is_committed_later(
    several, impatient, by
):
    """Two transactions overlap; the one that stored first commits last. A poller asks in between."""
    seen: list[str] = []
    since = NOON

    def poll():
        nonlocal since
        listed, more, through = page(several, Filter(ascending=True, since=since))
        while by == "more" and more:
            rest, more, _ = page(several, Filter(ascending=True, since=since), more=more)
            listed += rest
        since = through
        seen.extend(listed)

    with Session(several) as before, before.begin():
        [zero] = tell(before, said(AN))
    poll()
    with Session(several) as first, first.begin():
        [one] = tell(first, said(AN))
        with Session(several) as second, second.begin():
            [two] = tell(second, said(AN))
        poll()
    with Session(several) as third, third.begin():
        [three] = tell(third, said(AN))
    poll()
    poll()
    assert seen == [str(each) for each in (zero, one, two, three)]


def test_readers_wait_a_moment_for_those_who_are_about_to_commit(several):
    """What was acknowledged just now is found, though others came before it and are not done yet."""
    first, second = Session(several), Session(several)
    first.begin(), second.begin()
    [one] = tell(first, said(AN))
    [two] = tell(second, said(AN))
    second.commit()
    with Session(several) as reader:
        found, _ = settled_page(reader, NEW, limit=0, pause=lambda _seconds: first.commit())
    assert [orjson.loads(raw)["id"] for raw in found.statements] == [str(one), str(two)]
    first.close(), second.close()


def test_who_only_reads_holds_nobody_up(several, impatient):
    with Session(several) as idle, idle.begin():
        idle.scalar(select(Statement.seq))
        with Session(several) as writer, writer.begin():
            [one] = tell(writer, said(AN))
        with Session(several) as session:
            until = (
                milliseconds(session.scalar(select(func.max(Statement.stored, type_=Statement.stored.type))))
                + 1
            )
            while horizon(session).seq <= first_seq(until):
                pass  # at most until the next millisecond
        assert page(several)[0] == [str(one)]


def test_a_pen_of_long_ago_is_told_from_one_of_just_now():
    now = 5 * consistency.PEN_PERIOD + 7
    for apart in (0, 1, 90_000, 10**9, -3):
        assert consistency._came((now - apart) % consistency.PEN_PERIOD, now) == now - apart


@pytest.mark.parametrize("ascending", [True, False])
def test_a_page_stays_what_it_was_when_statements_are_voided_or_come_between(session, ascending):
    made = [said(AN) for _ in range(5)]
    for one in made:
        tell(session, one)
    order = made if ascending else made[::-1]
    wanted = Filter(ascending=ascending, verb=made[0]["verb"]["id"], agent=identifier(made[0]["actor"]))
    first = statements(session, wanted, limit=2)
    tell(session, voiding(order[1]), voiding(order[3]))
    second = statements(session, wanted, limit=2, more=first.more)
    assert [orjson.loads(raw)["id"] for raw in second.statements][:2] == [order[2]["id"], order[4]["id"]]
