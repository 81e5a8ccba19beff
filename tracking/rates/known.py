"""Memberships and completions as dated rows: as known now, or as known at the end of an earlier day.

What the counters sum up is told here row by row, with the same definition (see `contributions`): members of
the day, and among them those whose earliest evidence lies on or before it.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal, or_, select, union_all

from tracking.rates.models import Membership
from tracking.record.completions import Completion, Evidence
from tracking.record.models import Activity
from tracking.tables import Query
from tracking.times import end_of


def counted(activity: str, audience: str | None, as_of: date, known_on: date) -> Any:
    """Rows (kind, unit, number) of all units, as known on a day."""
    counts = members_on(as_of, known_on, audience=audience)
    done = done_by(activity, as_of, known_on)
    members = counts.with_only_columns(literal("members"), Membership.unit, func.count())
    completed = counts.with_only_columns(literal("completed"), Membership.unit, func.count()).join(
        done, done.c.learner == Membership.learner
    )
    return union_all(members.group_by(Membership.unit), completed.group_by(Membership.unit))


def members_on(
    as_of: date,
    known_on: date | None,
    *,
    units: Collection[int] | None = None,
    audience: str | None = None,
) -> Query:
    """Memberships that hold on a day, one for each learner."""
    query = select(Membership.learner, Membership.unit, Membership.audience).where(
        Membership.since <= as_of,
        or_(Membership.until.is_(None), Membership.until > as_of),
        *known_then(Membership.recorded_at, Membership.retired_at, known_on),
    )
    if units is not None:
        query = query.where(Membership.unit.in_(units))
    return query if audience is None else query.where(Membership.audience == audience)


def done_by(activity: str, as_of: date, known_on: date | None) -> Subquery:
    """One row for each learner who had completed the activity by `as_of`: when, and by which statement."""
    if known_on is None:
        return (
            select(
                Completion.learner, Completion.completed_at, Completion.completed_on, Completion.statement_id
            )
            .join(Activity, Activity.id == Completion.activity_id)
            .where(Activity.iri == activity, Completion.completed_on <= as_of)
            .subquery("done")
        )
    rank = func.row_number().over(
        partition_by=Evidence.learner, order_by=(Evidence.timestamp, Evidence.statement_seq)
    )
    ranked = (
        select(
            Evidence.learner,
            Evidence.timestamp.label("completed_at"),
            Evidence.happened_on.label("completed_on"),
            Evidence.statement_id,
            rank.label("rank"),
        )
        .join(Activity, Activity.id == Evidence.activity_id)
        .where(
            Activity.iri == activity,
            Evidence.happened_on <= as_of,
            *known_then(Evidence.known_at, Evidence.withdrawn_at, known_on),
        )
        .subquery("ranked")
    )
    return select(ranked).where(ranked.c.rank == 1).subquery("done")


def known_then(begun: Any, ended: Any, known_on: date | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions on rows that held, as far as was known, at the end of a local day; None: that hold now."""
    if known_on is None:
        return (ended.is_(None),)
    end = end_of(known_on)
    return (begun < end, or_(ended.is_(None), ended >= end))
