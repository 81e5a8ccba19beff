"""At the record store's door: whether a unit may send its statements, and what follows from them.

The registration is held while its statements are looked at: what may be said hangs on what was.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.cmi5.models import Launch, Mode, MoveOn
from lms.cmi5.queries import launch_with
from lms.cmi5.rules.moving import is_done
from lms.cmi5.rules.standing import Standing
from lms.cmi5.rules.statement import VERBS, Said, take
from lms.cmi5.services.crediting import credit, finish
from lms.cmi5.services.ending import ABANDONED, TERMINATED, end
from lms.cmi5.services.moving_on import settle, unit_in
from lms.cmi5.services.registering import hold
from lms.core.clock import utc_now
from lms.core.runtime import Runtime
from lms.settings import Settings
from lms.xapi.credentials import KnownSession, Late
from tracking.record.models import Statement
from tracking.statements.parsing import duration_seconds

Follow = Callable[[], None]
_RIGHT = timedelta(0)
_SENSELESS = timedelta(days=50 * 365)
_DECIDE = frozenset({"completed", "passed", "failed"})


def admit(
    session: Session, known: KnownSession, statements: Sequence[dict[str, Any]], *, settings: Settings
) -> Follow:
    """Raises Broken where cmi5 does not allow these statements; gives what is to be done once they are kept.

    A statement that is here already was sent twice: it is the store's to compare, and nothing follows.
    """
    launch = launch_with(session, known.key)
    if launch is None:
        return _nothing
    hold(session, launch.registration)
    session.refresh(launch)
    here = _kept(session, statements)
    standing = _standing(session, launch, known.late)
    said = [take(standing, one) for one in statements if _id(one) not in here or "id" not in one]
    launch.said, launch.latest = sorted(standing.said), standing.latest
    moment = known.late.at if known.late else utc_now()
    launch.initialized, launch.heard = standing.begun, max(moment, launch.heard or moment)
    session.flush()
    return partial(_follow, session, launch, said, settings, known.late)


def repeats(session: Session, known: KnownSession, statements: Sequence[dict[str, Any]]) -> bool:
    """Whether these are kept already, and the session's last word is among them.

    A unit that never heard that its `terminated` arrived says it again, and must not be told that it failed.
    Anything else is refused once the session is over, also what was taken before (section 9.3.8).
    """
    launch = launch_with(session, known.key)
    if launch is None or launch.ending != TERMINATED:
        return False
    said = {_id(one) for one in statements}
    ends = any(VERBS.get(one["verb"]["id"]) == TERMINATED for one in statements)
    return ends and said == _kept(session, statements)


def asked_preferences(runtime: Runtime, session: Session, known: KnownSession) -> None:
    """Note that the unit asked for the learner's preferences; it may begin from then on (section 11)."""
    launch = launch_with(session, known.key)
    if launch is None or launch.asked_preferences:
        return
    with runtime.database.transaction() as noting:
        noted = launch_with(noting, known.key)
        if noted is not None:
            noted.asked_preferences = True


def _nothing() -> None:
    """What follows from the statements of a session that is none of cmi5's."""


def _standing(session: Session, launch: Launch, late: Late | None) -> Standing:
    """What is delivered late may still be said of a session which we took for abandoned."""
    lesson = launch.lesson
    unit = unit_in(session, launch.registration, lesson)
    ended = launch.ended is not None and not (late and launch.ending == ABANDONED)
    return Standing(
        session=str(launch.id),
        activity=lesson.iri,
        publisher=lesson.identifier,
        mode=Mode(launch.mode),
        mastery=None if lesson.mastery_score is None else round(lesson.mastery_score, 4),
        prepared=launch.asked_preferences,
        now=late.at if late else utc_now(),
        ended=ended,
        begun=launch.initialized,
        latest=launch.latest,
        said=set(launch.said),
        completed=unit.completed is not None,
        passed=unit.passed is not None,
        passed_at=unit.passed if late else None,
    )


def _kept(session: Session, statements: Sequence[dict[str, Any]]) -> set[UUID]:
    ids = [found for one in statements if (found := _id(one))]
    return set(session.scalars(select(Statement.id).where(Statement.id.in_(ids))))


def _id(statement: dict[str, Any]) -> UUID | None:
    return UUID(statement["id"]) if "id" in statement else None


def _follow(
    session: Session, launch: Launch, said: Sequence[Said], settings: Settings, late: Late | None
) -> None:
    """Note what was reached, say what is satisfied by it, and close what was terminated."""
    now = late.at if late else utc_now()
    behind = late.behind if late else _RIGHT
    unit = unit_in(session, launch.registration, launch.lesson)
    attempt = launch.play.attempt
    for one in said:
        at = _credible(one.at, behind, launch, now)
        if one.verb in _DECIDE:
            setattr(unit, one.verb, at)
        credit(attempt, one, at)
    attempt.updated = max(attempt.updated, now)
    decided = [one for one in said if one.verb in _DECIDE]
    if decided:
        at = _credible(decided[-1].at, behind, launch, now)
        if is_done(launch.lesson.move_on, unit):
            finish(attempt, at)
        session.flush()
        settle(session, launch.registration, session_id=launch.id, at=at, settings=settings)
    for one in said:
        if one.verb == TERMINATED:
            told = duration_seconds(one.statement["result"]["duration"])
            lasted = (now - launch.started).total_seconds()
            if launch.lesson.move_on == MoveOn.NOT_APPLICABLE:
                finish(attempt, now)  # nothing is demanded: to have been there is all
            end(session, launch, TERMINATED, now, min(told, lasted))


def _credible(at: datetime, behind: timedelta, launch: Launch, now: datetime) -> datetime:
    """When it happened, by our clock: not before the launch, and not in times to come."""
    if abs(at - now) > _SENSELESS:
        return now
    return min(max(at + behind, launch.started), now)
