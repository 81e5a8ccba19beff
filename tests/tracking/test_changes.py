"""Changes of one row, on both databases."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    create_engine,
    select,
)

from tracking.changes import Change
from tracking.listed import inserted
from tracking.rounds import answers
from tracking.times import UTCDateTime

THINGS = Table(
    "thing",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("order", Integer),  # a word of SQL
    Column("yes", Boolean),
    Column("much", Float),
    Column("word", Text),
    Column("short", String(8)),
    Column("parts", JSON),
    Column("moment", UTCDateTime),
)
MOMENT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)
FIRST = {
    "order": 1, "yes": True, "much": 0.1, "word": "một", "short": "a", "parts": {"a": [1, None]},
    "moment": MOMENT,
}  # fmt: skip
SECOND = {
    "order": 70_000, "yes": False, "much": 2.0, "word": "hai\n'", "short": "", "parts": [], "moment": MOMENT,
}  # fmt: skip
NOTHING = dict.fromkeys(FIRST)


def test_values_of_all_kinds_come_and_go(database_url: str):
    engine = create_engine(database_url)
    ids = [uuid4(), uuid4()]
    with engine.connect() as connection:
        THINGS.create(connection)
        answers(connection, inserted(THINGS, [{"id": one, **FIRST} for one in ids]))
        for change in (SECOND, {"word": "ba"}, NOTHING, FIRST):
            answers(connection, [Change(THINGS, ids[0], change)])
            assert kept(connection, ids[0]).items() >= change.items()
        assert kept(connection, ids[1]) == {"id": ids[1], **FIRST}
    engine.dispose()


def kept(connection, key):
    return connection.execute(select(THINGS).where(THINGS.c.id == key)).one()._asdict()
