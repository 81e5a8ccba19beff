"""Lists as one value: conditions and INSERTs on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    create_engine,
    select,
)

from tracking.listed import insert_rows, inserted, one_of, pairs
from tracking.questions import Question
from tracking.rounds import answers
from tracking.times import UTCDateTime

THINGS = Table(
    "thing",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", Uuid, unique=True),
    Column("small", SmallInteger),
    Column("big", BigInteger),
    Column("word", Text, index=True),
    Column("short", String(8)),
    Column("yes", Boolean),
    Column("day", Date),
    Column("moment", UTCDateTime),
    Column("raw", LargeBinary),
)
NAMES = [column.name for column in THINGS.columns]


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = create_engine(database_url)
    with engine.connect() as opened:
        THINGS.create(opened)
        yield opened
    engine.dispose()


def row(number: int, **changes) -> dict:
    return dict.fromkeys(NAMES) | {"number": number} | changes


def kept(connection: Connection, *wanted) -> list[dict]:
    return [
        dict(found._mapping) for found in connection.execute(select(THINGS).order_by("number").where(*wanted))
    ]


EXTREMES = [
    row(1),
    row(2, id=UUID(int=0), small=-(2**15), big=-(2**63), word="", short="", yes=False, raw=b""),
    row(3, id=UUID(int=2**128 - 1), small=2**15 - 1, big=2**63 - 1, word='“ạ”, {"\\}\n', short="12345678"),
    row(4, yes=True, day=date(1, 1, 1), moment=datetime(1, 1, 1, tzinfo=UTC), raw=bytes(range(256))),
    row(5, day=date(9999, 12, 31), moment=datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
    row(6, day=date(1999, 12, 31), moment=datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=UTC)),
]  # fmt: skip


def test_rows_come_back_as_they_went_in(connection: Connection):
    insert_rows(connection, THINGS, EXTREMES)
    assert kept(connection) == EXTREMES


texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)))
rows = st.fixed_dictionaries(
    {
        "id": st.none() | st.uuids(),
        "small": st.none() | st.integers(-(2**15), 2**15 - 1),
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
        "word": st.none() | texts,
        "short": st.none() | texts.map(lambda text: text[:8]),
        "yes": st.none() | st.booleans(),
        "day": st.none() | st.dates(),
        "moment": st.none() | st.datetimes(timezones=st.just(UTC)),
        "raw": st.none() | st.binary(),
    }
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(rows, max_size=8, unique_by=lambda one: one["id"] or object()))
def test_any_rows_come_back_as_they_went_in(connection: Connection, drawn: list[dict]):
    connection.execute(THINGS.delete())
    sent = [{"number": number, **one} for number, one in enumerate(drawn)]
    insert_rows(connection, THINGS, sent)
    assert kept(connection) == sent


def test_no_rows_are_no_statement(connection: Connection):
    insert_rows(connection, THINGS, [])
    assert inserted(THINGS, []) == []
    assert kept(connection) == []


def test_a_conflict_is_dealt_with_as_it_says(connection: Connection):
    insert_rows(connection, THINGS, [row(1, word="before"), row(2, word="stays")])
    insert_rows(
        connection,
        THINGS,
        [row(1, word="after"), row(3, word="new")],
        conflict="(number) DO UPDATE SET word = excluded.word",
    )
    assert [one["word"] for one in kept(connection)] == ["after", "stays", "new"]


def test_one_of_a_list(connection: Connection):
    ids = [uuid4() for _ in range(4)]
    insert_rows(connection, THINGS, [row(n, id=one, word=f"từ {n}") for n, one in enumerate(ids)])
    for column, wanted in (
        (THINGS.c.id, ids[1:3]),
        (THINGS.c.word, ["từ 1", "từ 2"]),
        (THINGS.c.number, (1, 2)),
    ):
        found = connection.execute(select(THINGS.c.number).where(one_of(column)), {"wanted": wanted})
        assert sorted(found.scalars()) == [1, 2]
    nothing = connection.execute(select(THINGS.c.number).where(one_of(THINGS.c.id)), {"wanted": []})
    assert nothing.all() == []


def test_one_of_pairs(connection: Connection):
    ids = [uuid4() for _ in range(3)]
    insert_rows(connection, THINGS, [row(n, id=one, big=n) for n, one in enumerate(ids)])
    question = Question(select(THINGS.c.number).join(*pairs(THINGS.c.id, THINGS.c.big)))
    [found] = answers(connection, [question(wanted=[(ids[0], 0), (ids[1], 0), (ids[2], 2)])])
    assert sorted(one.number for one in found) == [0, 2]


@pytest.mark.parametrize(
    "query",
    [
        select(THINGS.c.raw).where(one_of(THINGS.c.id)),
        select(THINGS.c.raw).where(one_of(THINGS.c.word), THINGS.c.small.is_(None)),
        select(THINGS.c.raw).join(*pairs(THINGS.c.number, THINGS.c.big)),
    ],
    ids=["unique", "among other conditions", "pairs"],
)
def test_sqlite_looks_a_list_up_in_an_index(query):
    """A condition in the wrong form reads the whole table. PostgreSQL chooses by what it has counted."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        THINGS.create(connection)
        text = str(query.compile(dialect=connection.dialect))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("[]",)).all()
    engine.dispose()
    steps = [step.detail for step in plan]
    assert any(step.startswith("SEARCH thing") for step in steps), steps
    assert not any(step.startswith("SCAN thing") for step in steps), steps
