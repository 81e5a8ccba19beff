"""Attempts, and how far a learner is in lessons and courses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.manifest import prerequisites_met
from lms.catalogue.models import AfterCompletion, Course, CourseVersion, Lesson
from lms.catalogue.queries import current_lessons
from lms.core.errors import Refused
from lms.player.models import Attempt, PlaySession
from lms.player.rules.merging import best_points
from tracking.completions.queries import completions_of
from tracking.record.mergers import same_as, who_stands_for


class NotYet(Refused):
    """Other lessons must be done before."""


class Standing(StrEnum):
    """Where a learner is in a lesson or a course."""

    NEW = "new"
    BEGUN = "begun"
    DONE = "done"


class Opening(StrEnum):
    """What opening a lesson is: an attempt (the open one or a new one), a look back, or not possible."""

    ATTEMPT = "attempt"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True)
class LessonProgress:
    """`part` is 0..1 of the best attempt; `success` and `score` (of 100) the best, None where nobody said.

    `attempts` were made, `opening` is what comes of opening the lesson, `waits_for` the titles of lessons to
    be done first.
    """

    lesson: Lesson
    standing: Standing
    part: float = 0.0
    success: bool | None = None
    score: float | None = None
    updated: datetime | None = None
    attempts: int = 0
    opening: Opening = Opening.ATTEMPT
    waits_for: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.standing is Standing.DONE


@dataclass(frozen=True)
class CourseProgress:
    """A course with its lessons; the button leads to `next`: the first that is not done, else the first."""

    course: Course
    lessons: tuple[LessonProgress, ...]

    @property
    def done(self) -> int:
        return sum(lesson.is_done for lesson in self.lessons)

    @property
    def total(self) -> int:
        return len(self.lessons)

    @property
    def part(self) -> float:
        """0..1, each lesson counting the same."""
        parts = [1.0 if lesson.is_done else lesson.part for lesson in self.lessons]
        return sum(parts) / len(parts) if parts else 0.0

    @property
    def standing(self) -> Standing:
        if self.lessons and self.done == self.total:
            return Standing.DONE
        begun = any(lesson.standing is not Standing.NEW for lesson in self.lessons)
        return Standing.BEGUN if begun else Standing.NEW

    @property
    def next(self) -> LessonProgress:
        waiting = [lesson for lesson in self.lessons if not lesson.is_done]
        ready = [lesson for lesson in waiting if not lesson.waits_for and lesson.opening is Opening.ATTEMPT]
        return next(iter(ready or waiting or self.lessons))

    @property
    def updated(self) -> datetime | None:
        return max((lesson.updated for lesson in self.lessons if lesson.updated), default=None)


def play_session(session: Session, session_id: UUID) -> PlaySession | None:
    return session.get(PlaySession, session_id)


def newest_number(session: Session, attempt: Attempt) -> int:
    """The number of the attempt's newest session."""
    newest = select(func.max(PlaySession.number)).where(PlaySession.attempt_id == attempt.id)
    return session.scalar(newest) or 0


def number_below(session: Session, attempt_id: UUID) -> int:
    """A number below nought, which no session of the attempt has: it takes nobody's place."""
    least = select(func.min(PlaySession.number)).where(PlaySession.attempt_id == attempt_id)
    return min(session.scalar(least) or 0, 0) - 1


def attempts_at(session: Session, learner: UUID, lesson_iri: str) -> Sequence[Attempt]:
    """The learner's attempts at a lesson in any version, the newest first; under all records of theirs."""
    wanted = (
        select(Attempt)
        .join(Lesson, Lesson.id == Attempt.lesson_id)
        .where(Attempt.learner.in_(same_as(session, learner)), Lesson.iri == lesson_iri)
        .order_by(Attempt.number.desc(), Attempt.started.desc())
    )
    return session.scalars(wanted).unique().all()


def has_begun(session: Session, learner: UUID, course: Course) -> bool:
    """Whether there is an attempt of the learner's at any lesson of the course, in any version."""
    wanted = (
        select(Attempt.id)
        .join(Lesson, Lesson.id == Attempt.lesson_id)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .where(CourseVersion.course_id == course.id, Attempt.learner.in_(same_as(session, learner)))
        .limit(1)
    )
    return session.scalar(wanted) is not None


def open_attempt(session: Session, learner: UUID, lesson_iri: str) -> Attempt | None:
    """The attempt that the next launch goes on with.

    Of several (two records of one person, each with an attempt) the one that is further.
    """
    found = attempts_at(session, learner, lesson_iri)
    still_open = [at for at in found if at.ended is None and not _overtaken(at, found)]
    return max(still_open, key=reached, default=None)


def reached(attempt: Attempt) -> tuple[bool, float, datetime]:
    """How far an attempt is, to be compared."""
    return attempt.completion, attempt.progress, attempt.updated


def _overtaken(attempt: Attempt, others: Iterable[Attempt]) -> bool:
    """Whether the lesson was completed under another record of the person since this attempt was left."""
    return any(
        other.learner != attempt.learner
        and other.completion
        and other.ended
        and other.ended > attempt.updated
        for other in others
    )


def attempts_of(session: Session, learner: UUID) -> Sequence[Attempt]:
    """All attempts of a learner under all records of theirs, the one last worked at first."""
    wanted = select(Attempt).where(Attempt.learner.in_(same_as(session, learner)))
    wanted = wanted.order_by(Attempt.updated.desc())
    return session.scalars(wanted).unique().all()


def attempts_begun(session: Session, learner: UUID) -> Sequence[Attempt]:
    """As `attempts_of`, without those that were only saved on a device and never opened, as far as is known.

    Their sessions have numbers below nought until something of them arrives (`services.preparing`). An
    attempt without any session was waived.
    """
    found = attempts_of(session, learner)
    only_saved = (
        select(PlaySession.attempt_id)
        .where(PlaySession.attempt_id.in_([one.id for one in found]))
        .group_by(PlaySession.attempt_id)
        .having(func.max(PlaySession.number) < 0)
    )
    unopened = set(session.scalars(only_saved))
    return [one for one in found if one.id not in unopened]


def progress_of(
    session: Session, learner: UUID | None, lessons: Iterable[Lesson]
) -> dict[int, LessonProgress]:
    """How far the learner is in each of the lessons, by lesson id; also by what the record got elsewhere."""
    if learner is None:
        return {lesson.id: LessonProgress(lesson, Standing.NEW) for lesson in lessons}
    by_iri: dict[str, list[Attempt]] = {}
    for attempt in attempts_begun(session, learner):
        by_iri.setdefault(attempt.lesson.iri, []).append(attempt)
    recorded = completions_of(session, who_stands_for(session, learner))
    return {
        lesson.id: _progress(lesson, by_iri.get(lesson.iri, []), recorded=lesson.iri in recorded)
        for lesson in lessons
    }


def next_opening(course: Course, attempts: Sequence[Attempt]) -> Opening:
    """What the course's rules say of the next opening of a lesson with these attempts."""
    if any(attempt.ended is None for attempt in attempts):
        return Opening.ATTEMPT
    completed = any(attempt.completion for attempt in attempts)
    if completed and course.after_completion == AfterCompletion.REVIEW:
        return Opening.REVIEW
    if course.attempt_limit is None or len(attempts) < course.attempt_limit:
        return Opening.ATTEMPT
    return Opening.REVIEW if completed else Opening.NONE


def demand_prerequisites(session: Session, lesson: Lesson, learner: UUID) -> None:
    """Raises NotYet where the manifest (SCORM 1.2) wants other lessons to be done before."""
    if not lesson.prerequisites:
        return
    found = _with_prerequisites(progress_of(session, learner, lesson.version.lessons))
    waits_for = found[lesson.id].waits_for
    if waits_for:
        raise NotYet("First complete: %(titles)s.", titles="; ".join(waits_for))


def _with_prerequisites(found: dict[int, LessonProgress]) -> dict[int, LessonProgress]:
    statuses = {one.lesson.identifier: _status(one) for one in found.values()}
    titles = {one.lesson.identifier: one.lesson.title for one in found.values() if not one.is_done}
    return {
        lesson_id: one
        if one.standing is not Standing.NEW or prerequisites_met(one.lesson.prerequisites, statuses)
        else replace(one, waits_for=_named(one.lesson, titles))
        for lesson_id, one in found.items()
    }


def _named(lesson: Lesson, titles: Mapping[str, str]) -> tuple[str, ...]:
    """The lessons that the prerequisites name and that are not done; never nothing."""
    named = [title for identifier, title in titles.items() if identifier in lesson.prerequisites]
    return tuple(named) or tuple(title for name, title in titles.items() if name != lesson.identifier)


def _status(progress: LessonProgress) -> str:
    """As `cmi.core.lesson_status` would say it."""
    if progress.is_done:
        return "passed" if progress.success else "completed"
    if progress.standing is Standing.NEW:
        return "not attempted"
    return "failed" if progress.success is False else "incomplete"


def courses_progress(
    session: Session, learner: UUID | None, courses: Sequence[Course]
) -> list[CourseProgress]:
    """The courses, in their order, with the learner's progress in their current lessons."""
    lessons = current_lessons(session, [course.id for course in courses])
    found: dict[int, LessonProgress] = {}
    progress = progress_of(session, learner, [lesson for group in lessons.values() for lesson in group])
    for group in lessons.values():
        found |= _with_prerequisites({lesson.id: progress[lesson.id] for lesson in group})
    return [
        CourseProgress(course, tuple(found[lesson.id] for lesson in lessons[course.id]))
        for course in courses
        if lessons.get(course.id)
    ]


def _progress(lesson: Lesson, attempts: list[Attempt], *, recorded: bool) -> LessonProgress:
    done = recorded or any(attempt.completion for attempt in attempts)
    standing = Standing.DONE if done else Standing.BEGUN if attempts else Standing.NEW
    successes = [attempt.success for attempt in attempts if attempt.success is not None]
    return LessonProgress(
        lesson,
        standing,
        part=1.0 if done else max((attempt.progress for attempt in attempts), default=0.0),
        success=any(successes) if successes else None,
        score=max((points for at in attempts if (points := best_points(at)) is not None), default=None),
        updated=max((attempt.updated for attempt in attempts), default=None),
        attempts=len(attempts),
        opening=next_opening(lesson.course, attempts),
    )
