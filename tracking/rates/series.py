"""How a rate grew, day by day or week by week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracking.rates.models import CompletedChange, MemberChange
from tracking.rates.queries import Rate, rates
from tracking.record.models import Activity


@dataclass(frozen=True, slots=True)
class Point:
    """The rate as of a day."""

    day: date
    rate: Rate


def over_time(
    session: Session,
    *,
    activity: str,
    units: Collection[int],
    audience: str | None = None,
    first: date,
    last: date,
    step: int = 1,
) -> list[Point]:
    """The rate as of `last` and every `step` days before, back to `first`; earliest first."""
    start = rates(session, activity=activity, units={0: units}, audience=audience, as_of=last)[0]
    completed = _changes(session, CompletedChange, units, audience, first, last, activity)
    members = _changes(session, MemberChange, units, audience, first, last, None)
    points = []
    day, now = last, start
    while day >= first:
        points.append(Point(day, now))
        span = [day - timedelta(days=back) for back in range(step)]
        now = Rate(
            now.completed - sum(completed.get(past, 0) for past in span),
            now.members - sum(members.get(past, 0) for past in span),
        )
        day -= timedelta(days=step)
    return points[::-1]


def _changes(
    session: Session,
    model: Any,
    units: Collection[int],
    audience: str | None,
    first: date,
    last: date,
    activity: str | None,
) -> dict[date, int]:
    query = select(model.day, func.sum(model.delta)).where(
        model.day > first, model.day <= last, model.unit.in_(units)
    )
    if activity is not None:
        query = query.join(Activity, Activity.id == model.activity_id).where(Activity.iri == activity)
    if audience is not None:
        query = query.where(model.audience == audience)
    return {day: int(delta) for day, delta in session.execute(query.group_by(model.day))}
