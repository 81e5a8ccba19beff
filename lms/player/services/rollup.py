"""Courses follow their lessons: completed when all are, and no longer when what that rested on has gone.

Where sequencing (SCORM 2004) says that fewer will do, these are enough (`services.sequenced`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.catalogue.queries import lessons_beside
from lms.core import record
from lms.core.clock import utc_now
from lms.core.events import StatementsStored
from lms.player.models import CourseCompletion
from lms.player.services.sequenced import completed_by_sequencing
from lms.player.services.statements import course_completed, course_withdrawn
from tracking.batches import batches
from tracking.completions.queries import Completed, completed_pairs, completions_of_pairs
from tracking.record.mergers import merged_into, same_as, who_stands_for


def follow_lessons(session: Session, event: StatementsStored) -> None:
    """Handle StatementsStored: make, or void, statements about the courses concerned."""
    came = _by_learner(event.completions)
    went = _by_learner(event.withdrawn)
    statements: list[dict[str, Any]] = []
    for learner in sorted(went):
        lessons = came.get(learner, set()) | went[learner]
        statements += _withdraw(session, learner, lessons, event.home_page)
    statements += _complete(session, _touched(came, went), event.home_page)
    if statements:
        authority = record.our_authority(event.home_page)
        record.keep(session, statements, home_page=event.home_page, authority=authority)


def _by_learner(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for learner, activity in pairs:
        found.setdefault(learner, set()).add(activity)
    return found


def _touched(*changed: Mapping[UUID, set[str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for each in changed:
        for learner, activities in each.items():
            found.setdefault(learner, set()).update(activities)
    return found


def _complete(session: Session, touched: Mapping[UUID, set[str]], home_page: str) -> list[dict[str, Any]]:
    """The statements that courses are completed, for all learners from a few readings of the database."""
    courses = lessons_beside(session, set().union(*touched.values()) if touched else ())
    if not courses:
        return []
    concerned = [
        (learner, course_id, lessons)
        for learner, activities in sorted(touched.items())
        for course_id, lessons in courses.items()
        if not activities.isdisjoint(lessons)
    ]
    done = completed_pairs(session, {(learner, iri) for learner, _, lessons in concerned for iri in lessons})
    complete = [each for each in concerned if all((each[0], iri) in done for iri in each[2])]
    complete += completed_by_sequencing(session, [each for each in concerned if each not in complete], done)
    if not complete:
        return []
    recorded = completions_of_pairs(
        session, {(learner, iri) for learner, _, lessons in complete for iri in lessons}
    )
    made: dict[tuple[UUID, int], list[CourseCompletion]] = {}
    for learner, one in _made(session, {learner for learner, *_ in complete}):
        made.setdefault((learner, one.course_id), []).append(one)
    statements = []
    for learner, course_id, lessons in complete:
        done_lessons = [recorded[learner, iri] for iri in lessons if (learner, iri) in recorded]
        statements += _say(
            session, learner, course_id, done_lessons, made.get((learner, course_id), []), home_page
        )
    session.flush()
    return statements


def _say(
    session: Session,
    learner: UUID,
    course_id: int,
    done: Sequence[Completed],
    made: Sequence[CourseCompletion],
    home_page: str,
) -> list[dict[str, Any]]:
    """The statement that the course is completed, unless it was made before."""
    last = max(done, key=lambda one: (one.completed_at, one.statement_id))
    if any(not one.voided and one.completed_at <= last.completed_at for one in made):
        return []
    course = session.get_one(Course, course_id)
    # Counted, because what was voided cannot be said again under the same id.
    number = sum(one.learner == learner for one in made)
    statement = course_completed(
        course, learner, last.completed_at, last=last.statement_id, number=number, home_page=home_page
    )
    session.add(
        CourseCompletion(
            statement_id=UUID(statement["id"]),
            learner=learner,
            course_id=course.id,
            iri=course.iri,
            completed_at=last.completed_at,
            rests_on={one.activity: str(one.statement_id) for one in done},
        )
    )
    return [statement]


def _made(session: Session, learners: Iterable[UUID]) -> Iterable[tuple[UUID, CourseCompletion]]:
    """What was said of the learners, and of those for whom they stand."""
    wanted = set(learners)
    merged = merged_into(session, wanted)
    for part in batches(sorted(wanted | merged.keys())):
        for one in session.scalars(select(CourseCompletion).where(CourseCompletion.learner.in_(part))):
            yield merged.get(one.learner, one.learner), one


def _withdraw(session: Session, learner: UUID, lessons: set[str], home_page: str) -> list[dict[str, Any]]:
    """Void what rested on lessons that are not completed any more, or only since later."""
    statements = []
    for held in _held(session, learner):
        if held.rests_on.keys() & lessons and not _stands(session, held):
            held.voided = True
            statements.append(course_withdrawn(held.statement_id, utc_now(), home_page))
    session.flush()
    return statements


def _stands(session: Session, held: CourseCompletion) -> bool:
    learner = who_stands_for(session, held.learner)
    recorded = completions_of_pairs(session, [(learner, iri) for iri in held.rests_on])
    found = [recorded.get((learner, iri)) for iri in held.rests_on]
    return all(done is not None and done.completed_at <= held.completed_at for done in found)


def _held(session: Session, learner: UUID) -> Sequence[CourseCompletion]:
    """Our standing statements about the learner's courses, under all records of theirs."""
    wanted = select(CourseCompletion).where(
        CourseCompletion.learner.in_(same_as(session, learner)), CourseCompletion.voided.is_(False)
    )
    return session.scalars(wanted).all()
