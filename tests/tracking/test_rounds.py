"""Round trips: what is asked together and in which order, and what happens when something fails."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import (
    Engine,
    Integer,
    LargeBinary,
    Text,
    bindparam,
    create_engine,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.conftest import Databases
from tests.tracking.conftest import build
from tracking import wire
from tracking.listed import inserted, one_of
from tracking.questions import Question, asked
from tracking.record.models import Statement, Verb
from tracking.rounds import Said, Steps, answers, beside, run, telling
from tracking.tables import table_of
from tracking.times import UTCDateTime

VERBS = Question(select(Verb.id, Verb.iri).order_by(Verb.id))
ONE = Question(select(literal(1).label("one")))
ECHO = Question(select(bindparam("word", type_=Text).label("word")))
FAULTY = Question(text("SELECT id FROM verb WHERE nothing = 1"))


@pytest.fixture
def postgresql(postgresql_databases: Databases) -> Iterator[Engine]:
    engine = create_engine(postgresql_databases.fresh(postgresql_databases.template(build)))
    yield engine
    engine.dispose()
    postgresql_databases.drop()


def entering(*iris: str) -> Steps[int]:
    yield inserted(table_of(Verb), [{"id": number, "iri": iri} for number, iri in enumerate(iris, 1)])
    return len(iris)


def reading() -> Steps[list[str]]:
    [rows] = yield [VERBS()]
    return [row.iri for row in rows]


def twice(log: list[str], name: str) -> Steps[str]:
    for turn in ("first", "second"):
        log.append(f"{turn} of {name}")
        [[row]] = yield [ECHO(word=f"{turn} of {name}")]
        assert row.word == f"{turn} of {name}"
    return name


def nothing() -> Steps[str]:
    return "nothing"
    yield []  # so that these are steps


def test_steps_are_given_the_rows_that_they_ask_for(session: Session):
    assert run(session, entering("a", "b")) == 2
    assert run(session, reading()) == ["a", "b"]


def test_several_take_each_step_together(session: Session):
    log: list[str] = []
    assert run(session, beside(twice(log, "a"), nothing(), twice(log, "b"))) == ["a", "nothing", "b"]
    assert log == ["first of a", "first of b", "second of a", "second of b"]


def test_one_that_is_longer_goes_on_alone(session: Session):
    assert run(session, beside(reading(), twice([], "a"))) == [[], "a"]


def test_what_is_asked_later_sees_what_was_written_earlier_in_the_same_round(session: Session):
    assert run(session, beside(entering("a"), reading())) == [1, ["a"]]


def putting_off(*iris: str) -> Steps[None]:
    return telling(next(entering(*iris)))


def test_what_nobody_waits_for_is_done_before_anything_else_is_asked_and_before_the_commit(session: Session):
    run(session, putting_off("a"))
    assert run(session, reading()) == ["a"]
    session.execute(update(Verb).values(iri="b"))
    run(session, telling([Said("UPDATE verb SET iri = iri || 'c'")]))
    assert session.scalars(select(Verb.iri)).all() == ["bc"]
    run(session, telling([Said("UPDATE verb SET iri = iri || 'd'")]))
    session.commit()
    assert run(session, reading()) == ["bcd"]


def test_what_nobody_waits_for_is_undone_with_everything_else(session: Session):
    run(session, putting_off("a"))
    session.rollback()
    session.connection()
    session.commit()
    assert run(session, reading()) == []
    with suppress(RuntimeError), session.begin_nested():
        run(session, putting_off("in a savepoint"))
        raise RuntimeError
    session.commit()
    assert run(session, reading()) == []


def test_what_fails_with_the_commit_leaves_nothing(session: Session):
    run(session, entering("a"))
    session.commit()

    def enter_again() -> None:
        run(session, beside(telling([Said("UPDATE verb SET iri = 'b'")]), putting_off("a")))
        session.commit()

    with pytest.raises(IntegrityError):
        enter_again()
    session.rollback()
    assert run(session, reading()) == ["a"]


def test_the_commit_goes_along_with_what_nobody_waits_for(postgresql: Engine, monkeypatch):
    sent = []
    monkeypatch.setattr(
        wire,
        "exchange",
        lambda link, written, exchange=wire.exchange: (sent.append(len(written)), exchange(link, written))[1],
    )
    with Session(postgresql) as session:
        run(session, reading())
        run(session, putting_off("a"))
        session.commit()
        assert sent == [1, 2]
        assert run(session, reading()) == ["a"]


def test_lists_of_any_length(session: Session):
    question = Question(select(Verb.iri).where(one_of(Verb.id)))
    run(session, entering(*(f"verb {number}" for number in range(1200))))
    assert len(run(session, asked(question, list(range(1, 1201))))) == 1200
    assert run(session, asked(question, [])) == []


def test_values_come_as_sqlalchemy_would_bring_them(session: Session):
    moment = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)
    columns = {
        "id": uuid4(), "stored": moment, "timestamp": moment, "happened_on": moment.date(), "agent_id": None,
        "verb_id": 1, "activity_id": 2**31 - 1, "registration": None, "refers_to": None, "voids": None,
        "outcome": 2, "authority_id": 2**62, "version": "1.0.3", "raw": bytes(range(256)), "seq": 2**62,
    }  # fmt: skip
    answers(session.connection(), inserted(table_of(Statement), [columns]))
    table = table_of(Statement)
    question = Question(select(*(table.c[name] for name in columns)))
    [found] = question.ask(session)
    assert found._asdict() == columns
    assert found == session.execute(select(*(table.c[name] for name in columns))).one()


def test_a_parameter_may_stand_twice_and_a_percent_sign_is_one(session: Session):
    word = bindparam("word", type_=Text)
    question = Question(select((word + word).label("twice"), literal("100%").label("all")))
    assert question.ask(session, word="a%s ")[0] == ("a%s a%s ", "100%")


def test_what_fails_is_raised_as_ever_and_can_be_rolled_back(session: Session):
    run(session, entering("a"))
    session.commit()
    with pytest.raises(IntegrityError):
        run(session, beside(entering("a"), reading()))
    session.rollback()
    assert run(session, reading()) == ["a"]


def test_what_fails_in_the_middle_takes_what_stood_before_it_along(session: Session):
    with pytest.raises(DBAPIError) as raised:
        answers(session.connection(), [*next(entering("a")), FAULTY(), VERBS()])
    assert not raised.value.connection_invalidated
    session.rollback()
    assert run(session, reading()) == []


def test_a_text_that_failed_is_prepared_anew(postgresql: Engine):
    question = Question(text("SELECT count(*) AS n FROM later").columns(n=Integer))
    with Session(postgresql) as session:
        for _ in range(2):
            with pytest.raises(DBAPIError, match="UndefinedTable"):
                answers(session.connection(), [ONE(), question()])
            session.rollback()
        session.execute(text("CREATE TABLE later (a int)"))
        assert [list(rows) for rows in answers(session.connection(), [ONE(), question()])] == [[(1,)], [(0,)]]


def test_a_table_that_was_changed_meanwhile_is_read_as_it_is_now(postgresql: Engine):
    question = Question(text("SELECT * FROM later").columns(n=Integer))
    with Session(postgresql) as session:
        session.execute(text("CREATE TABLE later (n integer)"))
        answers(session.connection(), [question()])
        session.execute(text("ALTER TABLE later ALTER n TYPE bigint"))
        session.commit()
        with pytest.raises(DBAPIError, match="cached plan"):
            question.ask(session)
        session.rollback()
        assert question.ask(session) == []


def test_a_transaction_that_is_open_goes_on_and_none_is_left_open(postgresql: Engine):
    with Session(postgresql) as session, session.begin():
        run(session, entering("a"))
        session.execute(text("INSERT INTO verb (id, iri) VALUES (2, 'b')"))
        assert run(session, reading()) == ["a", "b"]
        session.rollback()
    with Session(postgresql) as session:
        assert run(session, reading()) == []


def test_more_than_sockets_hold_goes_both_ways(postgresql: Engine):
    """Somebody who wrote everything before reading anything would wait for ever."""
    raw = Question(select(bindparam("raw", type_=LargeBinary).label("raw")))
    large = bytes(3_000_000)
    with Session(postgresql) as session:
        found = answers(session.connection(), [raw(raw=large) for _ in range(12)])
    assert all(rows == [(large,)] for rows in found)


def test_waiting_for_the_database_lets_other_threads_work(postgresql: Engine):
    holder, waiting = postgresql.connect(), threading.Event()
    holder.execute(text("SELECT pg_advisory_xact_lock(1)"))
    lock = Question(text("SELECT pg_advisory_xact_lock(1)::text AS held").columns(held=Text))

    def wait() -> None:
        with Session(postgresql) as session:
            session.connection()
            waiting.set()
            lock.ask(session)

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait()
    blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with postgresql.connect() as observer:
        while not observer.scalar(blocked):
            observer.rollback()
    holder.rollback()
    thread.join(20)
    assert not thread.is_alive()
    holder.close()


def test_a_connection_that_is_lost_is_told_and_given_up(postgresql: Engine):
    with Session(postgresql) as session:
        [[row]] = answers(session.connection(), [Question(select(func.pg_backend_pid().label("pid")))()])
        with postgresql.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": row.pid})
        with pytest.raises(OperationalError) as raised:
            ONE.ask(session)
        assert raised.value.connection_invalidated
        session.rollback()
        assert ONE.ask(session) == [(1,)]


def test_texts_and_times_of_other_zones_are_bound(session: Session):
    moment = datetime(2026, 1, 1, 7, tzinfo=UTC)
    question = Question(select(bindparam("moment", type_=UTCDateTime()).label("moment")))
    assert question.ask(session, moment=moment)[0].moment == moment
