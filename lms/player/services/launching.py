"""Opening a lesson: the attempt to go on with or a new one, and a play session in it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.core.clock import utc_now
from lms.player.models import Attempt, PlaySession
from lms.player.queries import attempts_at, open_attempt

TOKEN_LIFE = timedelta(hours=12)


def launch(session: Session, lesson: Lesson, learner: UUID, *, is_guest: bool) -> PlaySession:
    """Open the lesson for the learner: their open attempt where there is one, else a new one."""
    attempt = open_attempt(session, learner, lesson.iri)
    if attempt is None:
        attempt = _new_attempt(session, lesson, learner, is_guest=is_guest)
    return open_session(session, attempt, utc_now() + TOKEN_LIFE)


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
        return open_session(session, play.attempt, play.expires)
    play.opened = True
    session.flush()
    return play


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
