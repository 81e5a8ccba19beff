"""Taking in a commit: once, whatever the network repeats, and without ever losing the better result."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.errors import Forbidden
from lms.core.record import our_authority, store_statements
from lms.player.models import Attempt, Mode, PlaySession
from lms.player.queries import newest_number, play_session
from lms.player.rules.merging import is_over, merge
from lms.player.rules.message import Message, done_at, taken_at
from lms.player.rules.outcome import End
from lms.player.rules.reading import elements
from lms.player.rules.runtimes import outcome_in, read_cmi
from lms.player.rules.snapshot import Snapshot
from lms.player.rules.times import credible
from lms.player.services.answering import tell_answers
from lms.player.services.observing import note_left_out
from lms.player.services.preparing import is_waiting, opening_of, take_place, was_prepared
from lms.player.services.runs import follow, is_overtaken
from lms.player.services.statements import Teller
from lms.player.services.telling import is_decided, tell_begin, tell_end, tell_progress
from lms.settings import Settings


class Answer(StrEnum):
    """What the browser is told of a commit."""

    SAVED = "saved"
    KNOWN = "known"  # it was here before; nothing changed
    ENDED = "ended"  # the session has ended; nothing was kept
    SUPERSEDED = "superseded"  # the lesson was opened again elsewhere; results were kept, the place was not


def commit(session: Session, play: PlaySession, message: Message, *, settings: Settings) -> Answer:
    """Take in one commit that came with the key of `play`.

    The message may be of an earlier session of the same attempt, whose last commits waited in the browser.
    Raises Forbidden for any other session. What cannot be is left out, and noted for support.
    """
    attempt = play.attempt
    session.refresh(attempt, with_for_update={"of": Attempt})
    of = play if message.session == play.id else play_session(session, message.session)
    if of is None or of.attempt_id != attempt.id:
        raise Forbidden("This lesson may only save its own results.")
    if of is not play:
        session.refresh(of)
    if message.run is not None and was_prepared(of):
        opened = opening_of(session, of, message)
        return commit(session, opened, replace(message, session=opened.id, run=None), settings=settings)
    if is_waiting(of):
        take_place(session, of, _moment(message, of))
    superseded = of is play and (play.number < newest_number(session, attempt) or is_overtaken(play))
    if message.seq <= of.last_seq:
        return Answer.SUPERSEDED if superseded else Answer.KNOWN
    if of.final:
        return Answer.ENDED
    if of.mode == Mode.REVIEW or attempt.preview:
        of.last_seq, of.last_at = message.seq, utc_now()  # nothing is recorded
    else:
        _take_in(session, attempt, of, message, settings)
        follow(session, of, message.navigation)
    return Answer.SUPERSEDED if superseded else Answer.SAVED


def _moment(message: Message, play: PlaySession) -> datetime:
    """When the message's data was taken, by our clock."""
    return taken_at(message, server_now=utc_now(), started=play.started)


def _reached(attempt: Attempt, play: PlaySession, message: Message, at: datetime) -> datetime:
    """When what the message tells was reached: of a session that waited, only its last snapshot arrives."""
    return at if attempt.completion else done_at(message, at, started=play.started)


def _take_in(
    session: Session, attempt: Attempt, play: PlaySession, message: Message, settings: Settings
) -> None:
    at = _moment(message, play)
    snapshot = read_cmi(attempt.lesson, message.cmi)
    note_left_out(session, play, message.left_out | elements(snapshot.left_out))
    outcome = outcome_in(attempt.lesson, snapshot, message.end)
    teller = Teller(attempt, settings.public_url)
    statements: list[dict[str, Any]] = []
    if play.last_seq == 0:
        statements += tell_begin(teller, play, _close_left(session, play))
    _count(session, play, snapshot, message, at)
    reached = _reached(attempt, play, message, at)
    merge(attempt, play, snapshot, outcome, reached)
    statements += tell_progress(teller, reached, decided=is_decided(attempt, message.end))
    statements += tell_answers(session, teller, play, message, at, settings.data / "packages")
    if message.end is not None:
        statements += _end(teller, play, snapshot, message.end, at)
    session.flush()
    if statements:
        authority = our_authority(settings.public_url)
        store_statements(session, statements, settings=settings, authority=authority)


def _count(session: Session, play: PlaySession, snapshot: Snapshot, message: Message, at: datetime) -> None:
    """Note the commit, and add the session's time up with that of the others."""
    told = snapshot.seconds or message.visible  # many packages never tell, and leave it at nought
    play.seconds = max(play.seconds, credible(told, play.started, at))
    play.last_seq, play.last_at, play.snapshot = message.seq, at, snapshot.kept
    session.flush()
    total = select(func.sum(PlaySession.seconds)).where(PlaySession.attempt_id == play.attempt_id)
    play.attempt.seconds = session.scalar(total) or 0.0


def _end(
    teller: Teller, play: PlaySession, snapshot: Snapshot, end: End, at: datetime
) -> list[dict[str, Any]]:
    """Close the session, and the attempt where the package is done with it."""
    attempt, told_before = play.attempt, play.ended is not None
    play.final, play.ended = True, play.ended or at
    if is_over(attempt, snapshot, end):
        attempt.ended = attempt.ended or at
    if told_before:
        return []
    suspended = snapshot.exit == "suspend" or not attempt.completion
    return tell_end(teller, play, at, suspended=suspended)


def _close_left(session: Session, play: PlaySession) -> list[PlaySession]:
    """Earlier sessions that committed and then fell silent: they ended with their last commit.

    Commits of theirs that still wait in a browser are welcome all the same.
    """
    wanted = select(PlaySession).where(
        PlaySession.attempt_id == play.attempt_id,
        PlaySession.number < play.number,
        PlaySession.last_seq > 0,
        PlaySession.ended.is_(None),
    )
    left = list(session.scalars(wanted.order_by(PlaySession.number)).unique())
    for earlier in left:
        earlier.ended = earlier.last_at
    return left
