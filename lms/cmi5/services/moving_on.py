"""What follows from what was reached: units, blocks and the course (cmi5 sections 9.3.9 and 13.1.4)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.cmi5.models import Reached, Registration
from lms.cmi5.queries import units_of
from lms.cmi5.rules.moving import Group, is_met, satisfied_blocks
from lms.cmi5.services.statements import satisfied
from lms.core.record import our_authority, store_statements
from lms.settings import Settings


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
    version = registration.version
    units = units_of(session, registration)
    met = {lesson.iri for lesson in version.lessons if is_met(lesson.move_on, units.get(lesson.id))}
    groups = list(satisfied_blocks(version.structure, met))
    if len(met) == len(version.lessons):
        groups.append(Group(version.course.iri, version.organization, version.course.title))
    new = [group for group in groups if group.iri not in registration.satisfied]
    if not new:
        return
    statements = [
        satisfied(registration, group, at, settings.public_url, session_id=session_id) for group in new
    ]
    told = {group.iri: one["id"] for group, one in zip(new, statements, strict=True)}
    registration.satisfied = {**registration.satisfied, **told}
    session.flush()
    store_statements(session, statements, settings=settings, authority=our_authority(settings.public_url))
