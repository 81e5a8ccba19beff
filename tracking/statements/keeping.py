"""Writing the rows of statements; an id that is taken already is compared, never overwritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite, upsert
from tracking.identities.agents import Name
from tracking.record.models import Statement
from tracking.statements.comparing import same
from tracking.statements.errors import Conflict
from tracking.statements.reading import Reading


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that stand for the words of a batch."""

    verbs: dict[str, int]
    activities: dict[str, int]
    agents: dict[Name, int]
    authority: int | None


def keep(session: Session, readings: list[Reading], numbers: Numbers, now: datetime) -> dict[UUID, int]:
    """The new statements' numbers (seq) by id; `Conflict` when an id is kept with another content."""
    rows = _numbered(session, [_row(reading, numbers, now) for reading in readings])
    if not rows:
        return {}
    statement = upsert(session, Statement).on_conflict_do_nothing(index_elements=["id"])
    found = session.execute(statement.returning(Statement.id, Statement.seq), rows)
    seqs = dict(found.all())
    _compare(session, [reading for reading in readings if reading.id not in seqs])
    return seqs


def _numbered(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows ready to insert: numbered in the order sent, but inserted in the order of their ids.

    So two requests that send the same statements in different order wait for each other and do not deadlock.
    """
    if len(rows) <= 1 or is_sqlite(session):
        return rows
    numbers = session.scalars(
        text("SELECT nextval(pg_get_serial_sequence('statement', 'seq')) FROM generate_series(1, :count)"),
        {"count": len(rows)},
    )
    for row, number in zip(rows, numbers, strict=True):
        row["seq"] = number
    return sorted(rows, key=lambda row: row["id"])


def _row(reading: Reading, numbers: Numbers, now: datetime) -> dict[str, Any]:
    return {
        "id": reading.id,
        "stored": now,
        "timestamp": reading.timestamp,
        "happened_on": reading.happened_on,
        "agent_id": numbers.agents[reading.agent] if reading.agent else None,
        "verb_id": numbers.verbs[reading.verb],
        "activity_id": numbers.activities[reading.activity] if reading.activity else None,
        "registration": reading.registration,
        "voids": reading.voids,
        "outcome": reading.outcome,
        "authority_id": numbers.authority,
        "version": reading.statement["version"],
        "raw": reading.raw,
    }


def _compare(session: Session, repeated: list[Reading]) -> None:
    for part in batches(repeated):
        kept = select(Statement.id, Statement.raw).where(Statement.id.in_([item.id for item in part]))
        raw = dict(session.execute(kept).all())
        for reading in part:
            if not same(orjson.loads(raw[reading.id]), reading.sent):
                raise Conflict(
                    "The statement %(id)s is kept already and says something else.", id=str(reading.id)
                )
