"""Taking in a commit: once, whatever the network repeats, and without ever losing the better result.

What is needed is asked in one round trip, and what follows is written in one; where statements follow, it
shares theirs (`tracking.rounds`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.errors import Forbidden
from lms.core.record import our_authority, store_statements
from lms.player.known import Known, KnownAttempt, KnownPlay, changes, looking, play_changes, telling_state
from lms.player.models import Attempt, Mode, PlaySession
from lms.player.rules.merging import is_over, merge
from lms.player.rules.message import Message, done_at, taken_at
from lms.player.rules.outcome import End
from lms.player.rules.reading import elements
from lms.player.rules.runtimes import outcome_in, read_cmi
from lms.player.rules.snapshot import Snapshot
from lms.player.rules.times import credible
from lms.player.services.answering import tell_answers
from lms.player.services.launching import begun_again
from lms.player.services.moving import move
from lms.player.services.observing import observed
from lms.player.services.preparing import is_waiting, opening_of, take_place, was_prepared
from lms.player.services.statements import Teller
from lms.player.services.telling import is_decided, tell_begin, tell_end, tell_progress
from lms.settings import Settings
from tracking.rounds import Command, Steps, beside, run, telling


class Answer(StrEnum):
    """What the browser is told of a commit."""

    SAVED = "saved"
    KNOWN = "known"  # it was here before; nothing changed
    ENDED = "ended"  # the session has ended; nothing was kept
    SUPERSEDED = "superseded"  # the lesson was opened again elsewhere; results were kept, the place was not


@dataclass(slots=True)
class _Taken:
    """What becomes of a message: the answer, what is to be written, told, and noted for support."""

    answer: Answer
    written: list[Command] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    moves: bool = False  # what it says of the course's sequencing counts


@dataclass(frozen=True, slots=True)
class Sent:
    """A commit that came with the key of a session. `admits`: whether where it came is the host of a package
    (its SHA-256).
    """

    session: UUID
    message: Message
    user_agent: str
    admits: Callable[[str], bool]


def look(session: Session, session_id: UUID, message: Message | None) -> Known | None:
    """What there is of the session whose key came, held until the transaction ends; None for no session."""
    return run(session, _looking(session_id, message))


def commit(
    session: Session, known: Known, message: Message, *, settings: Settings, user_agent: str = ""
) -> Answer:
    """Take in one commit that came with the key of `known.play`, and note for support how that went.

    The message may be of an earlier session of the same attempt, whose last commits waited in the browser.
    Raises Forbidden for any other session. What cannot be is left out, and noted for support.
    """
    known, meant = _in_its_place(session, known, message)
    play = _own(known, meant.session)
    taken = _take(session, known, play, meant, settings)
    _note(session, taken, known, meant, user_agent)
    _write(session, [taken], settings)
    if taken.moves and play.run_id is not None and meant.navigation is not None:
        page = session.get_one(PlaySession, play.id)
        move(session, page, meant.navigation, home_page=settings.public_url)
    return taken.answer


def commit_together(session: Session, sent: Sequence[Sent], *, settings: Settings) -> list[Answer | None]:
    """Take in several commits, each of another attempt, in the same round trips.

    None for each that `commit` has to take in: the second of an attempt, what was learned without a network,
    what moves a course with sequencing, and what is to be refused.
    """
    looked = run(session, beside(*(_looking(one.session, one.message) for one in sent)))
    taken: list[_Taken | None] = []
    attempts: set[UUID] = set()
    for one, known in zip(sent, looked, strict=True):
        is_plain = known is not None and known.attempt.id not in attempts and _is_plain(known, one)
        taken.append(_taken_alone(session, known, one, settings) if is_plain else None)
        if is_plain:
            attempts.add(known.attempt.id)
    _write(session, [each for each in taken if each is not None], settings)
    return [each.answer if each else None for each in taken]


def _is_plain(known: Known, sent: Sent) -> bool:
    play = known.of(sent.message.session)
    if play is None or not sent.admits(known.attempt.lesson.version.sha256):
        return False
    moves = play.run_id is not None and sent.message.navigation is not None
    return not (moves or is_waiting(play) or sent.message.run is not None)


def _taken_alone(session: Session, known: Known, sent: Sent, settings: Settings) -> _Taken:
    taken = _take(session, known, _own(known, sent.message.session), sent.message, settings)
    _note(session, taken, known, sent.message, sent.user_agent)
    return taken


def _looking(session_id: UUID, message: Message | None) -> Steps[Known | None]:
    answers = message is not None and bool(message.cmi and message.cmi.get("interactions"))
    return looking(session_id, answers=answers)


def _note(session: Session, taken: _Taken, known: Known, message: Message, user_agent: str) -> None:
    play = _own(known, message.session)
    taken.written += observed(session, known.attempt, play, message, taken.answer, user_agent, taken.left_out)


def _own(known: Known, session_id: UUID) -> KnownPlay:
    """The session, which must be one of the attempt that the key is for."""
    found = known.of(session_id)
    if found is None:
        raise Forbidden("This lesson may only save its own results.")
    return found


def _in_its_place(session: Session, known: Known, message: Message) -> tuple[Known, Message]:
    """Give what has no session of its own yet, or happened without a network, one among the others.

    And the message as it is then.
    """
    play = _own(known, message.session)
    kept = was_prepared(play)
    if message.run is not None:
        opened = _opened(session, session.get_one(PlaySession, play.id), message, kept=kept)
        message = replace(message, session=opened.id, run=None)
        known = _anew(session, opened.id, message)
        play = known.play
    if kept and is_waiting(play):
        take_place(session, session.get_one(PlaySession, play.id), _moment(message, play))
        known = _anew(session, known.play.id, message)
    return known, message


def _opened(session: Session, play: PlaySession, message: Message, *, kept: bool) -> PlaySession:
    """The session of an opening of a page that a device keeps, or of a lesson that began again there."""
    if not kept:
        return begun_again(session, play, message)
    if message.page is None:
        return opening_of(session, play, message)
    return begun_again(session, opening_of(session, play, replace(message, run=message.page)), message)


def _anew(session: Session, session_id: UUID, message: Message) -> Known:
    known = look(session, session_id, message)
    if known is None:
        raise Forbidden("This lesson may only save its own results.")
    return known


def _take(session: Session, known: Known, play: KnownPlay, message: Message, settings: Settings) -> _Taken:
    newest = max(one.number for one in known.plays)
    superseded = play is known.play and (play.number < newest or play.is_overtaken)
    if message.seq <= play.last_seq:
        return _Taken(Answer.SUPERSEDED if superseded else Answer.KNOWN)
    if play.final:
        return _Taken(Answer.ENDED)
    taken = _Taken(Answer.SUPERSEDED if superseded else Answer.SAVED)
    if play.mode == Mode.REVIEW or known.attempt.preview:
        play.last_seq, play.last_at = message.seq, utc_now()  # nothing is recorded
        taken.written += play_changes([play])
        taken.moves = known.attempt.preview  # the way through the course alone, for as long as one looks
    else:
        _take_in(session, known, play, message, settings, taken)
    return taken


def _moment(message: Message, play: KnownPlay) -> datetime:
    """When the message's data was taken, by our clock."""
    return taken_at(message, server_now=utc_now(), started=play.started)


def _reached(attempt: KnownAttempt, play: KnownPlay, message: Message, at: datetime) -> datetime:
    """When what the message tells was reached: of a session that waited, only its last snapshot arrives."""
    return at if attempt.completion else done_at(message, at, started=play.started)


def _take_in(
    session: Session, known: Known, play: KnownPlay, message: Message, settings: Settings, taken: _Taken
) -> None:
    attempt, at = known.attempt, _moment(message, play)
    snapshot = read_cmi(attempt.lesson, message.cmi)
    taken.left_out = message.left_out | elements(snapshot.left_out)
    if snapshot.left_out:
        attempt.state = run(session, telling_state(attempt.id))
    outcome = outcome_in(attempt.lesson, snapshot, message.end)
    teller = Teller(attempt, settings.public_url)
    left = _close_left(known, play) if play.last_seq == 0 else []
    if play.last_seq == 0:
        taken.statements += tell_begin(teller, play, left)
    _count(known, play, snapshot, message, at)
    reached = _reached(attempt, play, message, at)
    merge(attempt, play, snapshot, outcome, reached)
    taken.statements += tell_progress(teller, reached, decided=is_decided(attempt, message.end))
    answers, rows = tell_answers(teller, play, message, at, settings.data, known.answered)
    taken.statements += answers
    if message.end is not None:
        taken.statements += _end(teller, play, snapshot, message.end, at)
        if _goes_on(session, attempt, play, snapshot):
            attempt.ended = None
    taken.written += [*changes(attempt, [play, *left]), *rows]
    taken.moves = True


def _count(known: Known, play: KnownPlay, snapshot: Snapshot, message: Message, at: datetime) -> None:
    """Note the commit, and add the session's time up with that of the others."""
    told = snapshot.seconds or message.visible  # many packages never tell, and leave it at nought
    play.seconds = max(play.seconds, credible(told, play.started, at))
    play.last_seq, play.last_at, play.snapshot = message.seq, at, snapshot.kept
    known.attempt.seconds = sum(one.seconds for one in known.plays)


def _end(teller: Teller, play: KnownPlay, snapshot: Snapshot, end: End, at: datetime) -> list[dict[str, Any]]:
    """Close the session, and the attempt where the package is done with it."""
    attempt, told_before = teller.attempt, play.ended is not None
    play.final, play.ended = True, play.ended or at
    if is_over(attempt, snapshot, end):
        attempt.ended = attempt.ended or at
    if told_before:
        return []
    suspended = snapshot.exit == "suspend" or not attempt.completion
    return tell_end(teller, play, at, suspended=suspended)


def _goes_on(session: Session, attempt: KnownAttempt, play: KnownPlay, snapshot: Snapshot) -> bool:
    """Whether a lesson that had ended, and began again where it was, is to be resumed after all."""
    if attempt.ended is None or snapshot.exit != "suspend" or play.number != attempt.state_session:
        return False
    own = select(Attempt).where(Attempt.id == attempt.id).subquery()
    later = exists().where(
        Attempt.learner == own.c.learner, Attempt.lesson_id == own.c.lesson_id, Attempt.number > own.c.number
    )
    return not session.scalar(select(later))


def _close_left(known: Known, play: KnownPlay) -> list[KnownPlay]:
    """Earlier sessions that committed and then fell silent: they ended with their last commit.

    Commits of theirs that still wait in a browser are welcome all the same.
    """
    left = [one for one in known.plays if one.number < play.number and one.last_seq > 0 and one.ended is None]
    for earlier in left:
        earlier.ended = earlier.last_at
    return left


def _write(session: Session, taken: Sequence[_Taken], settings: Settings) -> None:
    commands = [command for each in taken for command in each.written]
    statements = [statement for each in taken for statement in each.statements]
    if not statements:
        run(session, telling(commands))
        return
    authority = our_authority(settings.public_url)
    store_statements(session, statements, settings=settings, authority=authority, provided=telling(commands))
