"""Noting what support may need of a commit: when it came and from where, what the package called, what cannot
be. Whatever is noted here changes nothing for the learner.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.player.models import Attempt, Mode, PlaySession
from lms.player.queries import play_session
from lms.player.rules import doubting
from lms.player.rules.calls import read_calls
from lms.player.rules.devices import device_words
from lms.player.rules.message import Message, taken_at
from lms.player.traces import Arrival, Doubt, DoubtKind

MOST_ARRIVALS, TIDIED_EVERY = 60, 20  # of a session
ENDED = "ended"
Found = tuple[DoubtKind, dict[str, Any] | None]


def observe(
    session: Session, attempt_id: UUID, message: Message, answer: str, *, user_agent: str, before: Any = None
) -> None:
    """Note a commit that was answered so; `before` is what its session had told until then.

    A message of another attempt than the key's is nobody's business.
    """
    play = play_session(session, message.session)
    if play is None or play.attempt_id != attempt_id or play.attempt.preview:
        return
    _note_arrival(session, play, message, answer, user_agent)
    if play.mode != Mode.REVIEW:  # of looking again nothing counts
        _note_doubts(session, play, message, answer, before)


def told_before(session: Session, message: Message) -> dict[str, Any]:
    """What the message's session has told until now; to be asked before the message is taken in."""
    play = play_session(session, message.session)
    return {} if play is None else dict(play.snapshot)


def _note_arrival(
    session: Session, play: PlaySession, message: Message, answer: str, user_agent: str
) -> None:
    """A row more; now and then the oldest of the session go."""
    now = utc_now()
    session.execute(
        insert(Arrival).values(
            session_id=play.id,
            seq=message.seq,
            arrived=now,
            happened=taken_at(message, server_now=now, started=play.started),
            answer=answer,
            ending=message.end.value if message.end else "",
            device=device_words(user_agent),
            calls=read_calls(message.calls),
        )
    )
    if message.seq % TIDIED_EVERY == 0:
        newest = select(Arrival.id).where(Arrival.session_id == play.id).order_by(Arrival.id.desc())
        last = session.scalar(newest.offset(MOST_ARRIVALS).limit(1))
        if last is not None:
            session.execute(delete(Arrival).where(Arrival.session_id == play.id, Arrival.id <= last))


def note_left_out(session: Session, play: PlaySession, found: dict[str, str]) -> None:
    """Note elements of run-time data that could not be taken, by name with what was sent for them."""
    if found:
        _note(session, play.attempt, {DoubtKind.LEFT_OUT: {"elements": found}})


def _note_doubts(session: Session, play: PlaySession, message: Message, answer: str, before: Any) -> None:
    found = {kind: detail for kind, detail in _doubts(play, message, answer, before) if detail}
    if found:
        _note(session, play.attempt, found)


def _note(session: Session, attempt: Attempt, found: dict[DoubtKind, dict[str, Any]]) -> None:
    """Each kind once for an attempt."""
    known = set(session.scalars(select(Doubt.kind).where(Doubt.attempt_id == attempt.id)))
    session.add_all(
        Doubt(attempt_id=attempt.id, kind=kind.value, at=utc_now(), detail=detail)
        for kind, detail in found.items()
        if kind.value not in known
    )


def _doubts(play: PlaySession, message: Message, answer: str, before: Any) -> Iterator[Found]:
    """Every doubt that this commit may raise; without detail where there is none."""
    attempt, told = play.attempt, doubting.told_in(message.cmi)
    at = taken_at(message, server_now=utc_now(), started=play.started)
    passed = (at - play.started).total_seconds()
    yield DoubtKind.SCORE_OUT_OF_RANGE, doubting.out_of_range(told)
    if answer == ENDED:
        yield DoubtKind.AFTER_THE_END, doubting.after_the_end(doubting.told_in(before), told)
        return
    yield DoubtKind.MORE_THAN_PASSED, doubting.more_than_passed(told, passed)
    if attempt.ended is not None and attempt.ended < at and not play.final:
        yield DoubtKind.AFTER_THE_END, doubting.after_the_end(doubting.told_in(before), told)
    if attempt.completion and attempt.lesson.scorm_type != "asset":
        since = (at - attempt.started).total_seconds()
        yield DoubtKind.TOO_QUICK, doubting.too_quick(attempt.lesson.minutes, attempt.seconds, since)
        yield DoubtKind.BEFORE_THE_LAST, doubting.before_the_last(told)
