"""Statements that were kept before numbers told the time are numbered by it when the database is upgraded."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from alembic import command
from sqlalchemy import insert, select

import lms.app  # noqa: F401  (brings all models in)
from lms.core.database import Database
from lms.core.migrating import configuration
from tracking.record.completions import Evidence
from tracking.record.models import Statement
from tracking.record.order import millisecond_of, milliseconds

NOON = datetime(2025, 11, 11, 5, 0, 0, 123456, tzinfo=UTC)
STORED = [
    NOON,
    NOON + timedelta(microseconds=100),
    NOON + timedelta(milliseconds=1),
    NOON + timedelta(days=1),
]
VOIDS = UUID(int=1)


def old_rows(database: Database) -> None:
    """Four statements numbered from 1 on; the last voids the first, the second completed something."""
    same = {
        "timestamp": NOON,
        "happened_on": date(2025, 11, 11),
        "verb_id": 1,
        "version": "1.0.0",
        "raw": b"{}",
    }
    with database.engine.execution_options(begin="IMMEDIATE").begin() as connection:
        for number, stored in enumerate(STORED, start=1):
            voids = VOIDS if number == len(STORED) else None
            row = {"seq": number, "id": UUID(int=number), "stored": stored, "voids": voids} | same
            connection.execute(insert(Statement.__table__).values(row))
        evidence = {"statement_seq": 2, "known_at": STORED[1], "learner": UUID(int=9), "activity_id": 1}
        evidence |= {"timestamp": NOON, "happened_on": date(2025, 11, 11), "statement_id": UUID(int=2)}
        connection.execute(insert(Evidence.__table__).values(evidence))


def test_an_upgrade_keeps_their_order_and_what_hangs_on_them(database_url: str):
    command.upgrade(configuration(database_url), "0001")
    database = Database(database_url)
    old_rows(database)
    command.upgrade(configuration(database_url), "0002")
    with database.snapshot() as session:
        found = session.execute(
            select(Statement.seq, Statement.id, Statement.stored, Statement.refers_to).order_by(Statement.seq)
        ).all()
        assert [row.id.int for row in found] == [1, 2, 3, 4]
        assert [millisecond_of(row.seq) for row in found] == [milliseconds(stored) for stored in STORED]
        assert [row.refers_to for row in found] == [None, None, None, VOIDS]
        assert session.scalars(select(Evidence.statement_seq)).all() == [found[1].seq]
    database.close()
