"""Courses follow their lessons: completed when all are, and no longer when what that rested on has gone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course, Lesson
from lms.catalogue.queries import courses_with_lessons, current_lessons
from lms.core import record
from lms.core.clock import utc_now
from lms.core.events import StatementsStored
from lms.player.models import CourseCompletion
from lms.player.services.statements import course_completed, voiding
from tracking.completions.queries import Completed, completions

Recorded = Mapping[tuple[UUID, str], Completed]


def follow_lessons(session: Session, event: StatementsStored) -> None:
    """Handle StatementsStored: make, or void, statements about the courses concerned."""
    came = _by_learner(event.completions)
    went = _by_learner(event.withdrawn)
    statements: list[dict[str, Any]] = []
    for learner in sorted(came.keys() | went.keys()):
        lessons = came.get(learner, set()) | went.get(learner, set())
        statements += _settle(session, learner, lessons, event.home_page, went=learner in went)
    if statements:
        authority = record.our_authority(event.home_page)
        record.keep(session, statements, home_page=event.home_page, authority=authority)


def _by_learner(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for learner, activity in pairs:
        found.setdefault(learner, set()).add(activity)
    return found


def _settle(
    session: Session, learner: UUID, lessons: set[str], home_page: str, *, went: bool
) -> list[dict[str, Any]]:
    statements = _withdraw(session, learner, lessons, home_page) if went else []
    courses = courses_with_lessons(session, lessons)
    if not courses:
        return statements
    current = current_lessons(session, [course.id for course in courses])
    for course in courses:
        statements += _complete(session, learner, course, current[course.id], home_page)
    return statements


def _complete(
    session: Session, learner: UUID, course: Course, lessons: Sequence[Lesson], home_page: str
) -> list[dict[str, Any]]:
    """The statement that the course is completed, unless a lesson is missing or it was made before."""
    recorded = completions(session, (lesson.iri for lesson in lessons), [learner])
    if len(recorded) < len({lesson.iri for lesson in lessons}):
        return []
    last = max(recorded.values(), key=lambda done: (done.completed_at, done.statement_id))
    held = [one for one in _held(session, learner) if one.course_id == course.id]
    if any(one.completed_at <= last.completed_at for one in held):
        return []
    rests_on = {done.activity: done.statement_id for done in recorded.values()}
    # Counted, because what was voided cannot be said again under the same id.
    number = session.scalar(
        select(func.count()).where(
            CourseCompletion.learner == learner, CourseCompletion.course_id == course.id
        )
    )
    statement = course_completed(
        course, learner, last.completed_at, last=last.statement_id, number=number or 0, home_page=home_page
    )
    session.add(
        CourseCompletion(
            statement_id=UUID(statement["id"]),
            learner=learner,
            course_id=course.id,
            iri=course.iri,
            completed_at=last.completed_at,
            rests_on={iri: str(statement_id) for iri, statement_id in rests_on.items()},
        )
    )
    session.flush()
    return [statement]


def _withdraw(session: Session, learner: UUID, lessons: set[str], home_page: str) -> list[dict[str, Any]]:
    """Void what rested on lessons that are not completed any more, or only since later."""
    statements = []
    for held in _held(session, learner):
        if held.rests_on.keys() & lessons and not _stands(session, held):
            held.voided = True
            statements.append(voiding(held.statement_id, utc_now(), home_page))
    session.flush()
    return statements


def _stands(session: Session, held: CourseCompletion) -> bool:
    recorded = completions(session, held.rests_on, [held.learner])
    found = [recorded.get((held.learner, iri)) for iri in held.rests_on]
    return all(done is not None and done.completed_at <= held.completed_at for done in found)


def _held(session: Session, learner: UUID) -> Sequence[CourseCompletion]:
    """Our standing statements about the learner's courses."""
    wanted = select(CourseCompletion).where(
        CourseCompletion.learner == learner, CourseCompletion.voided.is_(False)
    )
    return session.scalars(wanted).all()
