"""Opening a lesson: the attempt to go on with or a new one, and a play session in it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.i18n import DEFAULT_LOCALE
from lms.player.models import Attempt, Mode, PlaySession
from lms.player.queries import (
    Opening,
    attempts_at,
    demand_prerequisites,
    next_opening,
    number_below,
    open_attempt,
    reached,
)
from lms.player.rules.message import Message
from lms.player.rules.times import corrected
from lms.player.services.runs import enter_course, is_sequenced, lesson_to_open

TOKEN_LIFE = timedelta(hours=12)


class NoAttemptLeft(Refused):
    """The learner has used all attempts that the course allows, and completed in none."""


def launch(
    session: Session, lesson: Lesson, learner: UUID, *, is_guest: bool, language: str = DEFAULT_LOCALE
) -> PlaySession:
    """Open the lesson for the learner: their open attempt where there is one, else as the course's rules say.

    In a course with sequencing it may be another lesson: the one where they are. Raises NotYet for a
    lesson whose prerequisites are not met, and NoAttemptLeft.
    """
    lesson = lesson_to_open(session, lesson, learner)
    demand_prerequisites(session, lesson, learner)
    attempt, mode = _attempt(session, lesson, learner, is_guest=is_guest)
    play = open_session(session, attempt, utc_now() + TOKEN_LIFE)
    play.mode, play.language = mode.value, language
    session.flush()
    return play


def _attempt(session: Session, lesson: Lesson, learner: UUID, *, is_guest: bool) -> tuple[Attempt, Mode]:
    found = open_attempt(session, learner, lesson.iri)
    if found is not None:
        return found, Mode.NORMAL
    earlier = attempts_at(session, learner, lesson.iri)
    next_time = next_opening(lesson.course, earlier)
    if next_time is Opening.REVIEW:
        return max(earlier, key=reached), Mode.REVIEW
    if next_time is Opening.NONE:
        raise NoAttemptLeft(
            "You have used all attempts at this lesson. Ask the person responsible for the course for help."
        )
    return _new_attempt(session, lesson, learner, is_guest=is_guest), Mode.NORMAL


def open_session(session: Session, attempt: Attempt, expires: datetime) -> PlaySession:
    """Another play session of the attempt; from now on it is the one whose state counts."""
    session.refresh(attempt, with_for_update={"of": Attempt})
    last = select(func.max(PlaySession.number)).where(PlaySession.attempt_id == attempt.id)
    play = PlaySession(
        attempt=attempt, number=(session.scalar(last) or 0) + 1, started=utc_now(), expires=expires
    )
    session.add(play)
    session.flush()
    return play


def enter(session: Session, play: PlaySession) -> PlaySession:
    """The session that a page asked for may use: this one, or a new one where another page had it before.

    Each page has a session of its own, or what a reloaded page's predecessor sends while it goes away would
    meet the numbers of the new one. The key lives no longer than it did.
    """
    if play.opened:
        other = open_session(session, play.attempt, play.expires)
        other.mode, other.language = play.mode, play.language
        session.flush()
        return other
    play.opened = True
    if is_sequenced(play):
        enter_course(session, play)
    session.flush()
    return play


def begun_again(session: Session, page: PlaySession, message: Message) -> PlaySession:
    """The session of a lesson that had ended and began again on its page; made when the first of it arrives.

    Its id follows from the page's session and the moment of beginning, so that a commit that is repeated
    finds the same. Where the lesson was opened elsewhere meanwhile it gets a number below nought: its results
    count, the learner's place is there.
    """
    known = uuid5(page.id, f"again {message.run}")
    found = session.get(PlaySession, known)
    if found is None:
        is_overtaken = _was_opened_since(session, page)
        found = open_session(session, page.attempt, page.expires)
        found.id, found.mode, found.language = known, page.mode, page.language
        found.run, found.opening = page.run, page.opening
        began = float(message.run or message.at)
        found.started = corrected(began, message.now, server_now=utc_now(), started=page.started)
        if is_overtaken:
            found.number = number_below(session, page.attempt_id)
        session.flush()
    return found


def _was_opened_since(session: Session, page: PlaySession) -> bool:
    """Whether another page of the attempt was opened after this one."""
    wanted = exists().where(
        PlaySession.attempt_id == page.attempt_id,
        PlaySession.number > page.number,
        PlaySession.opened,
    )
    return bool(session.scalar(select(wanted)))


def _new_attempt(session: Session, lesson: Lesson, learner: UUID, *, is_guest: bool) -> Attempt:
    now = utc_now()
    earlier = attempts_at(session, learner, lesson.iri)
    attempt = Attempt(
        learner=learner,
        is_guest=is_guest,
        lesson=lesson,
        number=1 + max((old.number for old in earlier), default=0),
        started=now,
        updated=now,
    )
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        # Two taps on the button: the other one has made the attempt.
        other = open_attempt(session, learner, lesson.iri)
        if other is None:
            raise
        return other
    return attempt
