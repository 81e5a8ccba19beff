"""Assigning courses and withdrawing assignments."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Conflict
from lms.enrolment.models import Assignment
from lms.units.models import Unit


def assign(
    session: Session, course: Course, unit: Unit, *, audience: str, due: date, actor: int | None
) -> tuple[Assignment, str]:
    """Let an audience of a unit, and of all below it, have to complete a course by the end of `due`.

    Answers with the assignment and what became of it: `created`, `changed` (it stood with another date) or
    `unchanged`. The same twice is harmless.
    """
    # Whoever assigns to this unit at the same moment waits here, and then finds the assignment.
    session.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    found = session.scalars(
        select(Assignment).where(
            Assignment.course_id == course.id,
            Assignment.unit_id == unit.id,
            Assignment.audience == audience,
            Assignment.withdrawn.is_(None),
        )
    ).one_or_none()
    if found is None:
        found = Assignment(
            course=course, unit=unit, audience=audience, due=due, created=utc_now(), created_by=actor
        )
        session.add(found)
        outcome = "created"
    elif found.due != due:
        found.due, outcome = due, "changed"
    else:
        return found, "unchanged"
    session.flush()
    log(
        session,
        Act.COURSE_ASSIGNED,
        actor=actor,
        subject=str(found.id),
        course=course.slug,
        unit=unit.code,
        audience=audience,
        due=due.isoformat(),
        outcome=outcome,
    )
    return found, outcome


def withdraw(session: Session, assignment: Assignment, *, actor: int | None) -> None:
    """Let an assignment hold no longer. Raises Conflict where it was withdrawn before."""
    session.refresh(assignment, with_for_update={"of": Assignment})
    if assignment.withdrawn is not None:
        raise Conflict("This assignment was withdrawn already. There is nothing left to do.")
    assignment.withdrawn, assignment.withdrawn_by = utc_now(), actor
    session.flush()
    log(session, Act.ASSIGNMENT_WITHDRAWN, actor=actor, subject=str(assignment.id))
