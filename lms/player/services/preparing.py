"""Sessions that are prepared for learning without a network: opened now, told of later."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.i18n import DEFAULT_LOCALE
from lms.player.known import KnownPlay
from lms.player.models import Mode, PlaySession
from lms.player.queries import number_below
from lms.player.rules.message import Message
from lms.player.rules.times import corrected
from lms.player.services.launching import TOKEN_LIFE, launch
from lms.player.services.runs import is_sequenced

KEPT_FOR = timedelta(days=180)
STANDARDS = frozenset({"scorm12", "scorm2004"})


def prepare(
    session: Session,
    lesson: Lesson,
    learner: UUID,
    *,
    is_guest: bool,
    language: str = DEFAULT_LOCALE,
    known: UUID | None = None,
) -> PlaySession:
    """A session that a device may use months later. Its number is below nought until something of it arrives.

    So it neither takes the place of a session that is open now, nor the learner's place from it. Raises
    Refused for a lesson that cannot be learned without a network, and as `launch`.
    """
    if not can_be_kept(lesson):
        raise Refused("This lesson needs the network. Open it from the list of lessons.")
    play = launch(session, lesson, learner, is_guest=is_guest, language=language)
    if play.mode != Mode.NORMAL or is_sequenced(play):
        raise Refused("This lesson needs the network. Open it from the list of lessons.")
    play.number = number_below(session, play.attempt_id)
    play.expires = utc_now() + KEPT_FOR
    play.opened = True
    play.id = known or play.id
    session.flush()
    return play


def can_be_kept(lesson: Lesson) -> bool:
    """Whether the lesson can be learned without a network: one of SCORM, with its files in the package."""
    return lesson.version.standard in STANDARDS and "://" not in lesson.href


def is_waiting(play: PlaySession | KnownPlay) -> bool:
    """Whether it was prepared and nothing of it has arrived."""
    return play.number < 0


def was_prepared(play: PlaySession | KnownPlay) -> bool:
    """Whether it is one of those, whatever became of it: their keys live long."""
    return play.expires - play.started > 2 * TOKEN_LIFE


def opening_of(session: Session, prepared: PlaySession, message: Message) -> PlaySession:
    """The session of one opening of a page that a device keeps, made when the first of it arrives.

    Its id follows from the prepared session's and the moment of opening, so that a commit that is repeated
    finds the same.
    """
    known = uuid5(prepared.id, f"opened {message.run}")
    found = session.get(PlaySession, known)
    if found is None:
        attempt = prepared.attempt
        found = prepare(
            session,
            attempt.lesson,
            attempt.learner,
            is_guest=attempt.is_guest,
            language=prepared.language,
            known=known,
        )
        run = float(message.run or message.at)
        found.started = corrected(run, message.now, server_now=utc_now(), started=prepared.started)
        found.attempt.started = min(found.attempt.started, found.started)
        session.flush()
    return found


def take_place(session: Session, play: PlaySession, at: datetime) -> None:
    """Something of a prepared session arrives that happened at `at`: it takes its place among the others.

    Where something else happened later, the results count all the same, but the learner's place is there.
    """
    if not is_waiting(play):
        return
    others = select(func.max(PlaySession.last_at)).where(
        PlaySession.attempt_id == play.attempt_id, PlaySession.id != play.id
    )
    latest = session.scalar(others)
    if latest is None or latest <= at:
        newest = select(func.max(PlaySession.number)).where(PlaySession.attempt_id == play.attempt_id)
        play.number = max(session.scalar(newest) or 0, 0) + 1
        session.flush()
