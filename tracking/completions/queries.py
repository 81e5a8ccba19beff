"""What learners have completed, as known now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracking.listed import pairs
from tracking.questions import Question, asked
from tracking.record.completions import ActivityRule, Completion
from tracking.record.dictionaries import known_activities
from tracking.record.models import Activity
from tracking.rounds import Steps, run


@dataclass(frozen=True, slots=True)
class Completed:
    """When a learner first completed an activity, the local date of that, and the statement that says so."""

    learner: UUID
    activity: str
    completed_at: datetime
    completed_on: date
    statement_id: UUID


OF_PAIRS = Question(
    select(
        Completion.learner,
        Completion.activity_id,
        Completion.completed_at,
        Completion.completed_on,
        Completion.statement_id,
    ).join(*pairs(Completion.learner, Completion.activity_id))
)


def completions_of(session: Session, learner: UUID) -> dict[str, Completed]:
    """Everything the learner has completed, by activity."""
    rows = session.execute(_completed().where(Completion.learner == learner))
    return {row.iri: Completed(*row) for row in rows}


def completions(
    session: Session, activities: Iterable[str], learners: Iterable[UUID]
) -> dict[tuple[UUID, str], Completed]:
    """Which of these learners have completed which of these activities."""
    return completions_of_pairs(session, product(set(learners), set(activities)))


def completions_of_pairs(
    session: Session, pairs: Iterable[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Completed]:
    """What has been completed of these pairs of a learner and an activity."""
    return run(session, looking_up(session, pairs))


def looking_up(
    session: Session, pairs: Iterable[tuple[UUID, str]]
) -> Steps[dict[tuple[UUID, str], Completed]]:
    """`completions_of_pairs` in steps."""
    known, iris = _numbered(session, pairs)
    rows = yield from asked(OF_PAIRS, known)
    return {
        (learner, iris[number]): Completed(learner, iris[number], *best) for learner, number, *best in rows
    }


def _numbered(
    session: Session, pairs: Iterable[tuple[UUID, str]]
) -> tuple[list[tuple[UUID, int]], dict[int, str]]:
    """The pairs whose activity has been heard of, by its number; and the IRIs of these numbers."""
    wanted = list(pairs)
    numbers = known_activities(session, {iri for _, iri in wanted})
    known = [(learner, numbers[iri]) for learner, iri in wanted if iri in numbers]
    return known, {number: iri for iri, number in numbers.items()}


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
