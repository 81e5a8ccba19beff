"""What learners have completed, as known now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.listed import pairs
from tracking.questions import Question, asked
from tracking.record.completions import ActivityRule, Completion
from tracking.record.dictionaries import known_activities
from tracking.record.models import Activity
from tracking.rounds import run


@dataclass(frozen=True, slots=True)
class Completed:
    """When a learner first completed an activity, the local date of that, and the statement that says so."""

    learner: UUID
    activity: str
    completed_at: datetime
    completed_on: date
    statement_id: UUID


_OF_PAIRS = Question(
    select(
        Completion.learner,
        Completion.activity_id,
        Completion.completed_at,
        Completion.completed_on,
        Completion.statement_id,
    ).join(*pairs(Completion.learner, Completion.activity_id))
)


_DONE = Question(
    select(Completion.learner, Completion.activity_id).join(
        *pairs(Completion.learner, Completion.activity_id)
    )
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
    wanted = list(pairs)
    numbers = known_activities(session, {iri for _, iri in wanted})
    iris = {number: iri for iri, number in numbers.items()}
    found: dict[tuple[UUID, str], Completed] = {}
    for part in batches([(learner, numbers[iri]) for learner, iri in wanted if iri in numbers]):
        for learner, activity, completed_at, completed_on, statement_id in _OF_PAIRS.ask(
            session, wanted=part
        ):
            iri = iris[activity]
            found[learner, iri] = Completed(learner, iri, completed_at, completed_on, statement_id)
    return found


def completed_pairs(session: Session, pairs: Iterable[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Which of these pairs of a learner and an activity have been completed."""
    wanted = list(pairs)
    numbers = known_activities(session, {iri for _, iri in wanted})
    iris = {number: iri for iri, number in numbers.items()}
    known = [(learner, numbers[iri]) for learner, iri in wanted if iri in numbers]
    return {(learner, iris[activity]) for learner, activity in run(session, asked(_DONE, known))}


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
