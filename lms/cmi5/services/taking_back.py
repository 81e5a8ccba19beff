"""When statements about units are taken back, all that rested on them goes as well.

What was reached, and what the learner's pages show of it, is drawn anew from the statements that still stand:
those of the units' sessions, and ours. Blocks and the course follow (`moving_on.unsettle`).
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

import orjson
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.cmi5.models import MoveOn, Reached, Registration, Waiver
from lms.cmi5.queries import lesson_in, the_registration
from lms.cmi5.rules.moving import done_since
from lms.cmi5.rules.statement import VERBS, Said, is_defined
from lms.cmi5.services.crediting import credit, finish
from lms.cmi5.services.ending import TERMINATED
from lms.cmi5.services.moving_on import unsettle
from lms.cmi5.services.registering import hold
from lms.core.events import StatementsVoided
from lms.core.record import our_authority
from lms.core.vocabulary import iris
from lms.player.models import Attempt
from lms.xapi.services import session_authority
from tracking.batches import batches
from tracking.record.models import Activity, Agent, Statement, Verb
from tracking.statements.agents import identifier

_WAIVED = "waived"
_REACHED = ("completed", "passed", "failed", _WAIVED)


def fall_back(session: Session, event: StatementsVoided) -> None:
    """Handle StatementsVoided: see what is left in the registrations concerned."""
    concerned: dict[UUID, set[str]] = {}
    for part in batches(event.voided):
        for registration_id, iri in session.execute(_about(part)):
            concerned.setdefault(registration_id, set()).add(iri)
        session.execute(delete(Waiver).where(Waiver.statement_id.in_(part)))
    for registration_id, activities in sorted(concerned.items()):
        registration = the_registration(session, registration_id)
        hold(session, registration)
        for iri in sorted(activities):
            lesson = lesson_in(registration.version, iri)
            if lesson is not None:
                _draw_anew(session, registration, lesson, event.home_page)
        unsettle(session, registration, home_page=event.home_page)


def _about(ids: Sequence[UUID]) -> Select[UUID, str]:
    """The registrations of ours in which these statements were made, and what they were about."""
    return (
        select(Registration.id, Activity.iri)
        .join(Statement, Statement.registration == Registration.id)
        .join(Activity, Activity.id == Statement.activity_id)
        .where(Statement.id.in_(ids))
        .distinct()
    )


def _draw_anew(session: Session, registration: Registration, lesson: Lesson, home_page: str) -> None:
    unit = session.get(Reached, (registration.id, lesson.id))
    of_unit = select(Attempt).where(Attempt.registration == registration.id, Attempt.lesson_id == lesson.id)
    attempt = session.scalars(of_unit.order_by(Attempt.number).limit(1)).unique().one_or_none()
    if unit is None or attempt is None:
        return
    said = list(_standing(session, registration, lesson, home_page))
    verbs = {one.verb for one in said}
    for name in _REACHED:
        if name not in verbs:
            setattr(unit, name, None)
    _show_anew(attempt, said)
    done = done_since(lesson.move_on, unit)
    if done is None and lesson.move_on == MoveOn.NOT_APPLICABLE and TERMINATED in verbs:
        done = max(one.at for one in said if one.verb == TERMINATED)
    if done is not None:
        finish(attempt, done)
    session.flush()


def _show_anew(attempt: Attempt, said: Sequence[Said]) -> None:
    attempt.completion, attempt.success, attempt.progress = False, None, 0.0
    attempt.score_raw = attempt.score_min = attempt.score_max = attempt.score_scaled = None
    attempt.completed_at = attempt.ended = None
    for one in said:
        credit(attempt, one, attempt.updated)


def _standing(session: Session, registration: Registration, lesson: Lesson, home_page: str) -> Iterator[Said]:
    """What the unit said of itself in its sessions, and what was waived, in the order of their arrival."""
    trusted = [identifier(session_authority(home_page)), identifier(our_authority(home_page))]
    wanted = (
        select(Verb.iri, Statement.timestamp, Statement.raw)
        .join(Verb, Verb.id == Statement.verb_id)
        .join(Activity, Activity.id == Statement.activity_id)
        .join(Agent, Agent.id == Statement.authority_id)
        .where(
            Statement.registration == registration.id,
            Statement.voided_at.is_(None),
            Activity.iri == lesson.iri,
            Agent.identifier.in_(trusted),
        )
        .order_by(Statement.seq)
    )
    for verb, at, raw in session.execute(wanted):
        statement = orjson.loads(raw)
        name = _WAIVED if verb == iris.WAIVED else VERBS.get(verb, "")
        yield Said(name if is_defined(statement) else "", at, statement)
