"""Finding registrations, their units, and launches."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.cmi5.models import Launch, Reached, Registration, Waiver
from lms.core.errors import NotFound
from lms.player.models import Attempt
from tracking.record.mergers import same_as

CMI5 = "cmi5"


def registration_of(session: Session, learner: UUID, course: Course) -> Registration | None:
    """The learner's newest registration in the course, under any record of theirs."""
    wanted = (
        select(Registration)
        .join(Attempt, Attempt.registration == Registration.id)
        .join(CourseVersion, CourseVersion.id == Registration.version_id)
        .where(
            Attempt.learner.in_(same_as(session, learner)),
            CourseVersion.course_id == course.id,
            Registration.preview.is_(False),
        )
        .order_by(Registration.started.desc(), Registration.id)
        .limit(1)
    )
    return session.scalars(wanted).one_or_none()


def the_registration(session: Session, registration_id: UUID) -> Registration:
    """Raises NotFound."""
    found = session.get(Registration, registration_id)
    if found is None:
        raise NotFound("There is no registration “%(id)s”.", id=str(registration_id))
    return found


def the_launch(session: Session, launch_id: UUID) -> Launch:
    """Raises NotFound."""
    found = session.get(Launch, launch_id)
    if found is None:
        raise NotFound("There is no session “%(id)s”.", id=str(launch_id))
    return found


def launch_with(session: Session, credential: str) -> Launch | None:
    """The launch whose unit holds this credential; none where it was not issued for cmi5."""
    return session.scalars(select(Launch).where(Launch.credential == credential)).unique().one_or_none()


def open_launches(session: Session, registration: Registration) -> Sequence[Launch]:
    """Launches of a registration that have not ended, the oldest first."""
    wanted = select(Launch).where(Launch.registration_id == registration.id, Launch.ended.is_(None))
    return session.scalars(wanted.order_by(Launch.started, Launch.id)).unique().all()


def overdue_launches(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """The ids of launches whose time has run out and which have not ended."""
    wanted = select(Launch.id).where(Launch.ended.is_(None), Launch.expires <= now)
    return session.scalars(wanted.order_by(Launch.expires).limit(limit)).all()


def unheard_launches(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these launches whose unit began and has not told us its end: its device may still have it."""
    wanted = select(Launch.id).where(
        Launch.id.in_(ids), Launch.fetched.is_not(None), Launch.ending != "terminated"
    )
    return set(session.scalars(wanted))


def units_of(session: Session, registration: Registration) -> dict[int, Reached]:
    """What was reached, by lesson id; units of which nothing was told are left out."""
    found = session.scalars(select(Reached).where(Reached.registration_id == registration.id))
    return {unit.lesson_id: unit for unit in found}


def learner_of(session: Session, registration: Registration) -> UUID:
    """Whose registration it is now: who has its attempts."""
    found = select(Attempt.learner).where(Attempt.registration == registration.id).limit(1)
    return session.scalar(found) or registration.actor


def lesson_in(version: CourseVersion, iri: str) -> Lesson | None:
    """The lesson of this IRI in a version."""
    return next((lesson for lesson in version.lessons if lesson.iri == iri), None)


def unit_at(version: CourseVersion, number: int) -> Lesson:
    """The unit at a place of the course structure, from 0. Raises NotFound."""
    if not 0 <= number < len(version.lessons):
        raise NotFound("The course has %(count)s units, numbered from 0.", count=len(version.lessons))
    return version.lessons[number]


def waivers_in(session: Session, course: Course, limit: int = 50) -> Sequence[Waiver]:
    """What was waived in a course, the newest first."""
    wanted = (
        select(Waiver)
        .join(Registration, Registration.id == Waiver.registration_id)
        .join(CourseVersion, CourseVersion.id == Registration.version_id)
        .where(CourseVersion.course_id == course.id)
        .order_by(Waiver.at.desc(), Waiver.statement_id)
        .limit(limit)
    )
    return session.scalars(wanted).all()
