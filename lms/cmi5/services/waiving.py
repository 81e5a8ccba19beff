"""Letting a learner off a unit (cmi5 section 9.3.7)."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.cmi5.models import Registration, Waiver
from lms.cmi5.queries import CMI5, learner_of, lesson_in, the_registration
from lms.cmi5.rules.moving import is_done
from lms.cmi5.services.crediting import finish
from lms.cmi5.services.moving_on import settle, unit_in
from lms.cmi5.services.registering import attempt_at, hold, register
from lms.cmi5.services.statements import waived
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.record import our_authority, store_statements
from lms.core.vocabulary import iris
from lms.settings import Settings


class Reason(StrEnum):
    """Why a unit may be let off (section 9.5.5.2)."""

    TESTED_OUT = "Tested Out"
    EQUIVALENT = "Equivalent AU"
    OUTSIDE = "Equivalent Outside Activity"
    ADMINISTRATIVE = "Administrative"


def waive(
    session: Session, lesson: Lesson, learner: UUID, reason: Reason, *, settings: Settings, actor: int | None
) -> Waiver:
    """Let the person off the unit, in the registration they have or in a new one. Raises Refused."""
    if lesson.version.standard != CMI5:
        raise Refused(
            "Only units of cmi5 courses can be waived. Record the result of another lesson instead."
        )
    registration, attempt = register(
        session, lesson, learner, is_guest=False, preview=False, settings=settings
    )
    return _waive(session, registration, attempt.lesson, reason, settings, actor)


def waive_in(
    session: Session,
    registration_id: UUID,
    lesson: Lesson,
    reason: Reason,
    *,
    settings: Settings,
    actor: int | None,
) -> Waiver:
    """The same in just this registration. Raises Refused, NotFound."""
    registration = the_registration(session, registration_id)
    hold(session, registration)
    own = lesson_in(registration.version, lesson.iri)
    if own is None or registration.preview:
        raise Refused("This registration has no such unit.")
    return _waive(session, registration, own, reason, settings, actor)


def _waive(
    session: Session,
    registration: Registration,
    lesson: Lesson,
    reason: Reason,
    settings: Settings,
    actor: int | None,
) -> Waiver:
    unit = unit_in(session, registration, lesson)
    if unit.waived is not None or is_done(lesson.move_on, unit):
        raise Refused("This unit is done already: there is nothing to let the learner off.")
    now, learner = utc_now(), learner_of(session, registration)
    statement = waived(registration, lesson, reason.value, now, settings.public_url)
    authority = our_authority(settings.public_url)
    store_statements(session, [statement], settings=settings, authority=authority)
    unit.waived = now
    attempt = attempt_at(session, registration, lesson, learner, is_guest=False)
    finish(attempt, now)
    attempt.updated = now
    waiver = Waiver(
        statement_id=UUID(statement["id"]),
        registration_id=registration.id,
        lesson=lesson,
        learner=learner,
        reason=reason.value,
        at=now,
        by=actor,
    )
    session.add(waiver)
    session.flush()
    log(session, Act.UNIT_WAIVED, actor=actor, subject=str(learner), lesson=lesson.iri, reason=reason.value)
    session_id = UUID(statement["context"]["extensions"][iris.SESSION_ID])
    settle(session, registration, session_id=session_id, at=now, settings=settings)
    return waiver
