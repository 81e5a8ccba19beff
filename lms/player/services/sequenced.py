"""Courses of SCORM 2004 whose rollup rules do not ask for every lesson."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.player.models import Attempt, CourseRun
from lms.player.rules.navigation import satisfied_objectives
from lms.player.rules.rolling import Reached, course_is_completed
from tracking.record.mergers import same_as

# A learner, the id of a course, and its lessons (IRIs).
Concerned = tuple[UUID, int, list[str]]


def completed_by_sequencing(
    session: Session, concerned: Iterable[Concerned], done: Collection[tuple[UUID, str]]
) -> list[Concerned]:
    """Those of the learners and courses that are completed although lessons are missing."""
    waiting = list(concerned)
    trees = _trees(session, {course for _, course, _ in waiting})
    return [
        each
        for each in waiting
        if each[1] in trees
        and any((each[0], iri) in done for iri in each[2])
        and course_is_completed(trees[each[1]], _reached(session, each, done))
    ]


def _trees(session: Session, courses: Collection[int]) -> dict[int, dict[str, Any]]:
    """The activity trees of the courses whose current version has one with rules about rollup."""
    if not courses:
        return {}
    wanted = (
        select(Course.id, CourseVersion.sequencing)
        .join(CourseVersion, CourseVersion.course_id == Course.id)
        .where(
            Course.id.in_(courses),
            CourseVersion.number == Course.version_number,
            CourseVersion.sequencing.is_not(None),
        )
    )
    return {course: sequencing["activityTree"] for course, sequencing in session.execute(wanted)}


def _reached(session: Session, each: Concerned, done: Collection[tuple[UUID, str]]) -> Reached:
    learner, course, iris = each
    mine = (Attempt.lesson_id == Lesson.id) & Attempt.learner.in_(same_as(session, learner))
    wanted = select(Lesson.identifier, Lesson.iri, Attempt.id, Attempt.success)
    wanted = wanted.outerjoin(Attempt, mine).where(Lesson.iri.in_(iris))
    completed, attempted, passed, failed = set[str](), set[str](), set[str](), set[str]()
    for identifier, iri, attempt, success in session.execute(wanted):
        if (learner, iri) in done:
            completed.add(identifier)
        if attempt is not None:
            attempted.add(identifier)
        if success is not None:
            (passed if success else failed).add(identifier)
    return Reached(completed, attempted, failed - passed, passed, _satisfied(session, learner, course))


def _satisfied(session: Session, learner: UUID, course: int) -> frozenset[str]:
    """The global objectives that are, as the browser said last of the learner's way through the course."""
    wanted = (
        select(CourseRun.objectives)
        .join(CourseVersion, CourseVersion.id == CourseRun.version_id)
        .where(CourseVersion.course_id == course, CourseRun.learner.in_(same_as(session, learner)))
        .order_by(CourseRun.updated.desc())
        .limit(1)
    )
    return satisfied_objectives(session.scalar(wanted) or {})
