"""Writing the rows of statements; an id that is taken already is compared, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite
from tracking.identities.agents import Name
from tracking.listed import inserted, one_of
from tracking.questions import Question
from tracking.record.models import Statement
from tracking.rounds import Steps
from tracking.statements.admission import Admission
from tracking.statements.comparing import same
from tracking.statements.errors import Conflict
from tracking.statements.reading import Reading
from tracking.tables import table_of
from tracking.times import local_date

_TAKEN = Question(select(Statement.id).where(one_of(Statement.id)))
_KEPT = Question(select(Statement.id, Statement.raw).where(one_of(Statement.id)))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that stand for the words of statements."""

    verbs: dict[str, int]
    activities: dict[str, int]
    agents: dict[Name, int]

    def authority_of(self, reading: Reading) -> int | None:
        return self.agents[reading.vouched_by] if reading.vouched_by else None


class _Row(NamedTuple):
    """The columns of a new statement."""

    id: UUID
    stored: datetime
    timestamp: datetime
    happened_on: date
    agent_id: int | None
    verb_id: int
    activity_id: int | None
    registration: UUID | None
    refers_to: UUID | None
    voids: UUID | None
    outcome: int | None
    authority_id: int | None
    version: str
    raw: bytes
    seq: int


def keeping(
    session: Session, readings: list[Reading], numbers: Numbers, admission: Admission
) -> Steps[dict[UUID, int]]:
    """The new statements' numbers (seq) by id; `Conflict` when an id is kept with another content."""
    now, today = admission.stored, local_date(admission.stored)
    rows = [
        _row(reading, seq, numbers, now, today) for reading, seq in zip(readings, admission.seqs, strict=True)
    ]
    seqs = yield from _inserting_alone(rows) if is_sqlite(session) else _inserting_among_others(rows)
    if len(seqs) < len(readings):
        yield from _comparing([reading for reading in readings if reading.id not in seqs])
    return seqs


def _inserting_alone(rows: list[_Row]) -> Steps[dict[UUID, int]]:
    """SQLite has one writer at a time: nobody else enters an id meanwhile."""
    answered = yield [_TAKEN(wanted=part) for part in batches([row.id for row in rows])]
    taken = {row.id for found in answered for row in found}
    new = [row for row in rows if row.id not in taken]
    yield inserted(table_of(Statement), new)
    return {row.id: row.seq for row in new}


def _inserting_among_others(rows: list[_Row]) -> Steps[dict[UUID, int]]:
    """Rows are numbered in the order sent, but inserted in the order of their ids.

    So two requests that send the same statements in different order wait for each other and do not deadlock.
    """
    if not rows:
        return {}
    ordered = sorted(rows, key=lambda row: row.id.int)
    [found] = yield inserted(table_of(Statement), ordered, conflict="(id) DO NOTHING", returning="id, seq")
    return dict(found)


def _row(reading: Reading, seq: int, numbers: Numbers, now: datetime, today: date) -> _Row:
    return _Row(
        reading.id,
        now,
        reading.timestamp or now,
        reading.happened_on or today,
        numbers.agents[reading.agent] if reading.agent else None,
        numbers.verbs[reading.verb],
        numbers.activities[reading.activity] if reading.activity else None,
        reading.registration,
        reading.refers_to,
        reading.voids,
        reading.outcome,
        numbers.authority_of(reading),
        reading.version,
        reading.raw(now),
        seq,
    )


def _comparing(repeated: Sequence[Reading]) -> Steps[None]:
    for part in batches(repeated):
        [kept] = yield [_KEPT(wanted=[item.id for item in part])]
        raw = {row.id: row.raw for row in kept}
        for reading in part:
            if not same(orjson.loads(raw[reading.id]), reading.sent):
                raise Conflict(
                    "The statement %(id)s is kept already and says something else.", id=str(reading.id)
                )
