"""What a guest tried becomes a person's own, or is forgotten."""

from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.record import complete_anew
from lms.player.models import Attempt
from lms.player.queries import attempts_at, attempts_of, reached
from lms.player.services.runs import move_runs
from lms.player.services.statements import learner_agent
from lms.settings import Settings
from tracking.errors import Refused as RefusedRecord
from tracking.identities.services import link
from tracking.statements.agents import identifier


def adopt(
    session: Session, guest: UUID, person: UUID, *, settings: Settings, actor: int | None = None
) -> int:
    """Give the person what the guest tried: attempts and statements; returns how many attempts moved.

    A lesson that the person had begun too keeps both attempts; the one that is further is gone on with.
    """
    tried = [attempt for attempt in attempts_of(session, guest) if attempt.is_guest]
    for attempt in sorted(tried, key=lambda attempt: attempt.started):
        _move(session, attempt, person)
    if tried:
        move_runs(session, guest, person)
    agent = learner_agent(guest, settings.public_url).as_version("1.0.3")
    name = identifier(agent)
    if tried and name is not None:
        try:
            changes = link(session, name, person)
        except RefusedRecord:
            return len(tried)  # opened, but nothing was recorded yet
        log(session, Act.ACTOR_LINKED, actor=actor, subject=str(person), guest=str(guest))
        complete_anew(session, changes, home_page=settings.public_url)
    return len(tried)


def _move(session: Session, attempt: Attempt, person: UUID) -> None:
    own = attempts_at(session, person, attempt.lesson.iri)
    attempt.number = 1 + max((old.number for old in own), default=0)
    attempt.learner, attempt.is_guest = person, False
    # One place to go on from: the one that is further.
    theirs = [old for old in (*own, attempt) if old.learner == person]  # not those of a merged record
    still_open = sorted((old for old in theirs if old.ended is None), key=reached)
    for lesser in still_open[:-1]:
        lesser.ended = lesser.updated
    session.flush()
