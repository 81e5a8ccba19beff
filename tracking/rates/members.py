"""The people behind a rate: who has completed, and who is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracking.rates.known import done_by, members_on
from tracking.rates.models import Membership
from tracking.tables import Query


@dataclass(frozen=True, slots=True)
class Member:
    """A learner in a unit; when they completed the activity and by which statement, None while missing."""

    learner: UUID
    unit: int
    audience: str
    completed_at: datetime | None = None
    completed_on: date | None = None
    statement_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a rate asks: see `queries.rates`. `units` are those of one group."""

    activity: str
    units: Collection[int]
    audience: str | None = None
    as_of: date
    known_on: date | None = None


def completed_members(
    session: Session, asked: Question, *, after: UUID | None = None, limit: int | None = None
) -> list[Member]:
    """Those whom the rate counts as completed, in the order of their ids; `after`: the last one seen."""
    query, done = _members(asked)
    columns = (done.c.completed_at, done.c.completed_on, done.c.statement_id)
    joined = query.add_columns(*columns).join(done, done.c.learner == Membership.learner)
    return _page(session, joined, after, limit)


def missing_members(
    session: Session, asked: Question, *, after: UUID | None = None, limit: int | None = None
) -> list[Member]:
    """The members who had not completed."""
    query, done = _members(asked)
    missing = query.outerjoin(done, done.c.learner == Membership.learner).where(done.c.learner.is_(None))
    return _page(session, missing, after, limit)


def all_members(
    session: Session, asked: Question, *, after: UUID | None = None, limit: int | None = None
) -> list[Member]:
    """Everyone in the denominator, with their completion where there is one."""
    query, done = _members(asked)
    columns = (done.c.completed_at, done.c.completed_on, done.c.statement_id)
    joined = query.add_columns(*columns).outerjoin(done, done.c.learner == Membership.learner)
    return _page(session, joined, after, limit)


def member_counts(
    session: Session, *, as_of: date, known_on: date | None = None
) -> dict[tuple[int, str], int]:
    """Members of every unit and audience on a day."""
    query = members_on(as_of, known_on).with_only_columns(Membership.unit, Membership.audience, func.count())
    rows = session.execute(query.group_by(Membership.unit, Membership.audience))
    return {(unit, audience): number for unit, audience, number in rows}


def memberships_of(session: Session, learner: UUID) -> list[Membership]:
    """Where a learner is and was counted, as known now, earliest first."""
    query = select(Membership).where(Membership.learner == learner, Membership.retired_at.is_(None))
    return list(session.scalars(query.order_by(Membership.since)))


def _members(asked: Question) -> tuple[Query, Any]:
    query = members_on(asked.as_of, asked.known_on, units=asked.units, audience=asked.audience)
    return query, done_by(asked.activity, asked.as_of, asked.known_on)


def _page(session: Session, query: Query, after: UUID | None, limit: int | None) -> list[Member]:
    if after is not None:
        query = query.where(Membership.learner > after)
    rows = session.execute(query.order_by(Membership.learner).limit(limit))
    return [Member(*row) for row in rows]
