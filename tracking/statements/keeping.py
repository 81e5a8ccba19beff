"""Writing the rows of statements; an id that is taken already is compared, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite
from tracking.identities.agents import Name
from tracking.listed import insert_rows, one_of
from tracking.record.models import Statement
from tracking.statements.admission import Admission
from tracking.statements.comparing import same
from tracking.statements.errors import Conflict
from tracking.statements.reading import Reading
from tracking.tables import table_of
from tracking.times import local_date

_TAKEN = select(Statement.id).where(one_of(Statement.id))
_KEPT = select(Statement.id, Statement.raw).where(one_of(Statement.id))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that stand for the words of statements."""

    verbs: dict[str, int]
    activities: dict[str, int]
    agents: dict[Name, int]

    def authority_of(self, reading: Reading) -> int | None:
        return self.agents[reading.vouched_by] if reading.vouched_by else None


def keep(
    session: Session, readings: list[Reading], numbers: Numbers, admission: Admission
) -> dict[UUID, int]:
    """The new statements' numbers (seq) by id; `Conflict` when an id is kept with another content."""
    now, today = admission.stored, local_date(admission.stored)
    rows = [
        _row(reading, numbers, now, today) | {"seq": seq}
        for reading, seq in zip(readings, admission.seqs, strict=True)
    ]
    seqs = _insert_alone(session, rows) if is_sqlite(session) else _insert_among_others(session, rows)
    if len(seqs) < len(readings):
        _compare(session, [reading for reading in readings if reading.id not in seqs])
    return seqs


def _insert_alone(session: Session, rows: list[dict[str, Any]]) -> dict[UUID, int]:
    """SQLite has one writer at a time: nobody else enters an id meanwhile."""
    connection = session.connection()
    taken: set[UUID] = set()
    for part in batches([row["id"] for row in rows]):
        taken.update(connection.execute(_TAKEN, {"wanted": part}).scalars())
    new = [row for row in rows if row["id"] not in taken]
    insert_rows(connection, table_of(Statement), new)
    return {row["id"]: row["seq"] for row in new}


def _insert_among_others(session: Session, rows: list[dict[str, Any]]) -> dict[UUID, int]:
    """Rows are numbered in the order sent, but inserted in the order of their ids.

    So two requests that send the same statements in different order wait for each other and do not deadlock.
    """
    found = insert_rows(
        session.connection(),
        table_of(Statement),
        sorted(rows, key=lambda row: row["id"].int),
        conflict="(id) DO NOTHING",
        returning="id, seq",
    )
    return {row.id: row.seq for row in found}


def _row(reading: Reading, numbers: Numbers, now: datetime, today: date) -> dict[str, Any]:
    return {
        "id": reading.id,
        "stored": now,
        "timestamp": reading.timestamp or now,
        "happened_on": reading.happened_on or today,
        "agent_id": numbers.agents[reading.agent] if reading.agent else None,
        "verb_id": numbers.verbs[reading.verb],
        "activity_id": numbers.activities[reading.activity] if reading.activity else None,
        "registration": reading.registration,
        "refers_to": reading.refers_to,
        "voids": reading.voids,
        "outcome": reading.outcome,
        "authority_id": numbers.authority_of(reading),
        "version": reading.version,
        "raw": reading.raw(now),
    }


def _compare(session: Session, repeated: Sequence[Reading]) -> None:
    for part in batches(repeated):
        kept = session.connection().execute(_KEPT, {"wanted": [item.id for item in part]})
        raw = {row.id: row.raw for row in kept}
        for reading in part:
            if not same(orjson.loads(raw[reading.id]), reading.sent):
                raise Conflict(
                    "The statement %(id)s is kept already and says something else.", id=str(reading.id)
                )
