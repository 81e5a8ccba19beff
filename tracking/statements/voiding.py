"""Voiding: a statement is void when one that voids names it, unless it voids itself (Data 2.3.2)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from tracking.batches import batches
from tracking.listed import one_of
from tracking.record.models import Statement
from tracking.tables import Query, table_of

_Voider = aliased(Statement)


def voidings() -> Query:
    """Statements named by voiding ones, with since when they are void by that, and what their row says.

    It does not matter which of the two arrived first: void is void since the first voiding was stored.
    """
    since = func.min(_Voider.stored, type_=Statement.stored.type)
    return (
        select(
            Statement.seq,
            Statement.id,
            Statement.outcome,
            Statement.voided_at.label("noted"),
            since.label("voided_at"),
        )
        .join(_Voider, _Voider.refers_to == Statement.id)
        .where(_Voider.voids.is_not(None), Statement.voids.is_(None))
        .group_by(Statement.seq, Statement.id, Statement.outcome, Statement.voided_at)
    )


_VOIDED = voidings().where(one_of(_Voider.refers_to))


def mark(session: Session, named: Sequence[UUID]) -> list[Any]:
    """Mark those of the statements that are void and were not known to be; (seq, id, outcome) of each."""
    found: list[Any] = []
    for part in batches(named):
        rows = session.connection().execute(_VOIDED, {"wanted": part}).all()
        found.extend(row for row in rows if row.voided_at != row.noted)
    if found:
        table = table_of(Statement)
        session.connection().execute(
            update(table).where(table.c.seq == bindparam("row")).values(voided_at=bindparam("at")),
            [{"row": row.seq, "at": row.voided_at} for row in found],
        )
    return found
