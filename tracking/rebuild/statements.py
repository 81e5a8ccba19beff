"""The columns of statements, compared with the JSON they were read out of."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.completions.rules import COMPLETING_VERBS
from tracking.record.models import Statement, Verb
from tracking.statements.reading import reread
from tracking.statements.validation.statements import VOIDED
from tracking.statements.voiding import voidings
from tracking.tables import table_of

_STEP = 2_000  # statements in memory at once


def columns(session: Session, *, check: bool) -> int:
    """Outcome, voiding and time of every statement that could complete or void anything."""
    differences = 0
    for rows in _telling(session):
        wrong = []
        for row in rows:
            reading = reread(orjson.loads(row.raw))
            said = (reading.outcome, reading.voids, reading.timestamp, reading.happened_on)
            if said != (row.outcome, row.voids, row.timestamp, row.happened_on):
                names = ("outcome", "voids", "timestamp", "happened_on")
                wrong.append({"row": row.seq, **dict(zip(names, said, strict=True))})
        differences += len(wrong)
        if wrong and not check:
            table = table_of(Statement)
            session.connection().execute(update(table).where(table.c.seq == bindparam("row")), wrong)
    return differences


def voidings_noted(session: Session, *, check: bool) -> int:
    """Since when statements are void: by the first voiding that names them, whichever came first."""
    found = voidings().subquery()
    named = session.execute(
        select(found.c.seq, found.c.voided_at).where(
            or_(found.c.noted.is_(None), found.c.noted != found.c.voided_at)
        )
    ).all()
    groundless = session.scalars(
        select(Statement.seq).where(
            Statement.voided_at.is_not(None), Statement.seq.not_in(select(found.c.seq))
        )
    ).all()
    wrong = [(row.seq, row.voided_at) for row in named] + [(seq, None) for seq in groundless]
    if not check:
        _note(session, wrong)
    return len(wrong)


def _telling(session: Session) -> Iterator[Sequence[Any]]:
    verbs = select(Verb.id).where(Verb.iri.in_([*COMPLETING_VERBS, VOIDED]))
    query = (
        select(
            Statement.seq,
            Statement.raw,
            Statement.outcome,
            Statement.voids,
            Statement.timestamp,
            Statement.happened_on,
        )
        .where(
            or_(Statement.verb_id.in_(verbs), Statement.outcome.is_not(None), Statement.voids.is_not(None))
        )
        .order_by(Statement.seq)
        .limit(_STEP)
    )
    last = 0
    while rows := session.execute(query.where(Statement.seq > last)).all():
        yield rows
        last = rows[-1].seq


def _note(session: Session, voided: Sequence[tuple[int, Any]]) -> None:
    table = table_of(Statement)
    statement = update(table).where(table.c.seq == bindparam("row")).values(voided_at=bindparam("at"))
    for part in batches(voided):
        session.connection().execute(statement, [{"row": seq, "at": at} for seq, at in part])
