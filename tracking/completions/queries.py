"""What learners have completed, as known now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.record.completions import ActivityRule, Completion
from tracking.record.models import Activity


@dataclass(frozen=True, slots=True)
class Completed:
    """When a learner first completed an activity, the local date of that, and the statement that says so."""

    learner: UUID
    activity: str
    completed_at: datetime
    completed_on: date
    statement_id: UUID


def completions_of(session: Session, learner: UUID) -> dict[str, Completed]:
    """Everything the learner has completed, by activity."""
    rows = session.execute(_completed().where(Completion.learner == learner))
    return {row.iri: Completed(*row) for row in rows}


def completions(
    session: Session, activities: Iterable[str], learners: Iterable[UUID]
) -> dict[tuple[UUID, str], Completed]:
    """Which of these learners have completed which of these activities."""
    wanted = sorted(set(activities))
    found: dict[tuple[UUID, str], Completed] = {}
    for part in batches(sorted(set(learners))):
        rows = session.execute(_completed().where(Activity.iri.in_(wanted), Completion.learner.in_(part)))
        found.update({(row.learner, row.iri): Completed(*row) for row in rows})
    return found


def passing_is_demanded(session: Session, activity: str) -> bool:
    rule = (
        select(ActivityRule.demands_passing)
        .join(Activity, Activity.id == ActivityRule.activity_id)
        .where(Activity.iri == activity, ActivityRule.until.is_(None))
    )
    return bool(session.scalar(rule))


def _completed() -> Select[UUID, str, datetime, date, UUID]:
    return select(
        Completion.learner,
        Activity.iri,
        Completion.completed_at,
        Completion.completed_on,
        Completion.statement_id,
    ).join(Activity, Activity.id == Completion.activity_id)
