"""Assignments, and what they amount to for one person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.catalogue.queries import current_lessons
from lms.core.errors import NotFound
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.enrolment.activity import last_activity
from lms.enrolment.models import Assignment
from lms.units.models import Unit
from tracking.completions.queries import completions
from tracking.rates.members import memberships_of
from tracking.record.mergers import who_stands_for


class State(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True)
class MandatoryCourse:
    """A course that a person must complete by the end of `due`, and how far they are with it today."""

    course: Course
    due: date
    state: State
    completed_on: date | None
    today: date

    @property
    def days_left(self) -> int:
        return (self.due - self.today).days

    @property
    def late(self) -> bool:
        """Not completed, and the last day has passed."""
        return self.state != State.COMPLETED and self.days_left < 0

    @property
    def days_in_words(self) -> str:
        return days_in_words(self.days_left)


def days_in_words(days: int) -> str:
    """How long until a due date: `còn 3 ngày`, `hôm nay là ngày cuối`, `quá hạn 2 ngày`."""
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days)
    if days == 0:
        return _("today is the last day")
    return ngettext("%(n)s day left", "%(n)s days left", days)


def assignment(session: Session, assignment_id: int) -> Assignment:
    """Raises NotFound."""
    found = session.get(Assignment, assignment_id)
    if found is None:
        raise NotFound("There is no such assignment. It may have been made in another unit.")
    return found


def assignments_in(session: Session, unit: Unit) -> list[Assignment]:
    """What stands for a unit: assigned to it, to units above it, and to units below it; next due first."""
    related = Unit.path.startswith(unit.path, autoescape=True) | Unit.id.in_(_line(unit))
    query = (
        select(Assignment)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.withdrawn.is_(None), related)
        .order_by(Assignment.due, Assignment.id)
    )
    return list(session.scalars(query))


def assignments_for(session: Session, unit: Unit, audience: str | None = None) -> list[Assignment]:
    """What the people of this very unit must do: assigned to it or to a unit above it; next due first."""
    query = select(Assignment).where(Assignment.withdrawn.is_(None), Assignment.unit_id.in_(_line(unit)))
    if audience is not None:
        query = query.where(Assignment.audience == audience)
    return list(session.scalars(query.order_by(Assignment.due, Assignment.id)))


def nearest_first(found: Iterable[Assignment], today: date) -> list[Assignment]:
    """Those due nearest to today first, whether ahead or past: what a manager most likely asks about."""
    return sorted(found, key=lambda each: (abs((each.due - today).days), each.due < today, each.id))


def mandatory_courses(session: Session, person: UUID, today: date) -> list[MandatoryCourse]:
    """What a person must complete: what is not done first, by date; of several dates the earliest holds."""
    person = who_stands_for(session, person)
    due: dict[int, Assignment] = {}
    for found in _reaching(session, person, today):
        due.setdefault(found.course_id, found)
    courses = [found.course for found in due.values()]
    completed = completions(session, (course.iri for course in courses), [person])
    started = _started(session, courses, person)
    answer = []
    for found in due.values():
        done = completed.get((person, found.course.iri))
        begun = State.IN_PROGRESS if found.course_id in started else State.NOT_STARTED
        state = State.COMPLETED if done else begun
        answer.append(
            MandatoryCourse(found.course, found.due, state, done.completed_on if done else None, today)
        )
    return sorted(answer, key=lambda each: (each.state == State.COMPLETED, each.due))


def _reaching(session: Session, person: UUID, today: date) -> Iterable[Assignment]:
    """The assignments that reach a person where they are counted today, next due first."""
    for stay in memberships_of(session, person):
        if stay.since <= today and (stay.until is None or today < stay.until):
            unit = session.get(Unit, stay.unit)
            return assignments_for(session, unit, stay.audience) if unit else ()
    return ()


def _started(session: Session, courses: Sequence[Course], person: UUID) -> set[int]:
    about = activities_of(session, courses)
    return {about[iri] for _, iri in last_activity(session, about, [person])}


def activities_of(session: Session, courses: Sequence[Course]) -> dict[str, int]:
    """The IRIs by which statements are about these courses (and their lessons), with the course's id."""
    lessons = current_lessons(session, [course.id for course in courses])
    return {course.iri: course.id for course in courses} | {
        lesson.iri: course_id for course_id, inside in lessons.items() for lesson in inside
    }


def _line(unit: Unit) -> list[int]:
    """The ids from the top of the tree down to the unit."""
    return [int(part) for part in unit.path.split("/") if part]
