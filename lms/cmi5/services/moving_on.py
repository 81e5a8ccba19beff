"""What follows from what was reached: units, blocks and the course (cmi5 sections 9.3.9 and 13.1.4)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.cmi5.models import Reached, Registration
from lms.cmi5.queries import units_of
from lms.cmi5.rules.moving import Group, is_met, satisfied_blocks
from lms.cmi5.services.statements import satisfied
from lms.core.clock import utc_now
from lms.core.record import keep, our_authority, store_statements
from lms.player.services.statements import course_withdrawn
from lms.settings import Settings
from tracking.record.models import Statement


def unit_in(session: Session, registration: Registration, lesson: Lesson) -> Reached:
    """What was reached in a unit; a new one of which nothing was told."""
    found = session.get(Reached, (registration.id, lesson.id))
    if found is None:
        found = Reached(registration_id=registration.id, lesson=lesson)
        session.add(found)
        session.flush()
    return found


def settle(
    session: Session, registration: Registration, *, session_id: UUID, at: datetime, settings: Settings
) -> None:
    """Say that blocks and the course are satisfied, each once in a registration, as soon as they are.

    `session_id` is that of the launch which brought it about, or one made for this.
    """
    new = [group for group in _satisfied(session, registration) if group.iri not in registration.satisfied]
    if not new:
        return
    statements = [
        satisfied(registration, group, at, settings.public_url, session_id=session_id) for group in new
    ]
    told = {group.iri: one["id"] for group, one in zip(new, statements, strict=True)}
    registration.satisfied = {**registration.satisfied, **told}
    session.flush()
    store_statements(session, statements, settings=settings, authority=our_authority(settings.public_url))


def unsettle(session: Session, registration: Registration, *, home_page: str) -> None:
    """Take back what was said to be satisfied and is not any more; it may be said anew once it is."""
    still = {group.iri for group in _satisfied(session, registration)}
    gone = {iri: UUID(said) for iri, said in registration.satisfied.items() if iri not in still}
    if not gone:
        return
    registration.satisfied = {iri: said for iri, said in registration.satisfied.items() if iri in still}
    session.flush()
    # Somebody may have taken one of them back by hand before.
    standing = select(Statement.id).where(Statement.id.in_(gone.values()), Statement.voided_at.is_(None))
    now = utc_now()
    statements = [course_withdrawn(said, now, home_page) for said in sorted(session.scalars(standing))]
    if statements:
        keep(session, statements, home_page=home_page, authority=our_authority(home_page))


def _satisfied(session: Session, registration: Registration) -> list[Group]:
    """The blocks of which all units count, the innermost first, and the course where all of its do."""
    version = registration.version
    units = units_of(session, registration)
    met = {lesson.iri for lesson in version.lessons if is_met(lesson.move_on, units.get(lesson.id))}
    groups = list(satisfied_blocks(version.structure, met))
    if len(met) == len(version.lessons):
        groups.append(Group(version.course.iri, version.organization, version.course.title))
    return groups
