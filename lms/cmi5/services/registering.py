"""Registrations in courses, and the attempt at each unit (cmi5 sections 3 and 9.6.1)."""

from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.models import CourseVersion, Lesson
from lms.cmi5.models import Registration
from lms.cmi5.queries import lesson_in, registration_of
from lms.cmi5.services.moving_on import settle
from lms.core.clock import utc_now
from lms.player.models import Attempt
from lms.player.queries import attempts_at
from lms.settings import Settings
from tracking.dialects import enter


def register(
    session: Session, lesson: Lesson, learner: UUID, *, is_guest: bool, preview: bool, settings: Settings
) -> tuple[Registration, Attempt]:
    """The registration with which the learner opens the unit, and their attempt at it; both held for us.

    They go on with the one they have: on the version with which it began, also once all is done. A new one
    is made for the first unit, for a unit that the earlier version had not (or has no files of any more), and
    for a newer version once the earlier is done. What holds from the beginning is settled at once (section
    9.6.1).
    """
    found = None if preview else registration_of(session, learner, lesson.course)
    if found is not None and _goes_on(found, lesson):
        hold(session, found)
        own = lesson_in(found.version, lesson.iri) or lesson
        return found, attempt_at(session, found, own, learner, is_guest=is_guest)
    try:
        with session.begin_nested():
            registration = _new(session, lesson.version, learner, preview=preview)
            attempt = attempt_at(session, registration, lesson, learner, is_guest=is_guest)
    except IntegrityError:
        # Two taps on the button: the other one has registered the learner.
        other = registration_of(session, learner, lesson.course)
        if other is None:
            raise
        hold(session, other)
        return other, attempt_at(session, other, lesson, learner, is_guest=is_guest)
    if not preview:
        settle(session, registration, session_id=uuid4(), at=registration.started, settings=settings)
    return registration, attempt


def hold(session: Session, registration: Registration) -> None:
    """Let nobody else decide about this registration until the transaction ends.

    The record's gate is passed first, as everywhere: who takes statements back closes it, and then wants
    the registration, and each would wait for the other.
    """
    enter(session)
    session.refresh(registration, with_for_update={"of": Registration})


def attempt_at(
    session: Session, registration: Registration, lesson: Lesson, learner: UUID, *, is_guest: bool
) -> Attempt:
    """The attempt at a unit within a registration: the one there is, or a new one."""
    wanted = select(Attempt).where(Attempt.registration == registration.id, Attempt.lesson_id == lesson.id)
    found = session.scalars(wanted.order_by(Attempt.number).limit(1)).unique().one_or_none()
    if found is not None:
        return found
    now = utc_now()
    earlier = attempts_at(session, learner, lesson.iri)
    attempt = Attempt(
        learner=learner,
        is_guest=is_guest,
        preview=registration.preview,
        registration=registration.id,
        lesson=lesson,
        number=1 + max((old.number for old in earlier), default=0),
        started=now,
        updated=now,
    )
    session.add(attempt)
    session.flush()
    return attempt


def _goes_on(registration: Registration, lesson: Lesson) -> bool:
    version = registration.version
    if lesson_in(version, lesson.iri) is None or version.swept is not None:
        return False
    return version.id == lesson.version.id or lesson.course.iri not in registration.satisfied


def _new(session: Session, version: CourseVersion, learner: UUID, *, preview: bool) -> Registration:
    last = select(func.max(Registration.number)).where(
        Registration.actor == learner, Registration.version_id == version.id
    )
    registration = Registration(
        actor=learner,
        version=version,
        number=1 + (session.scalar(last) or 0),
        preview=preview,
        started=utc_now(),
    )
    session.add(registration)
    session.flush()
    return registration
