"""Noting what support may need of a commit: when it came and from where, what the package called, what cannot
be. Whatever is noted here changes nothing for the learner.
"""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.player.known import KnownAttempt, KnownPlay, telling_snapshot
from lms.player.models import Mode
from lms.player.rules import doubting
from lms.player.rules.calls import read_calls
from lms.player.rules.devices import device_words
from lms.player.rules.message import Message, taken_at
from lms.player.traces import Arrival, Doubt, DoubtKind
from tracking.listed import inserted
from tracking.rounds import Command, run

MOST_ARRIVALS, TIDIED_EVERY = 60, 20  # of a session
ENDED = "ended"
Found = tuple[DoubtKind, dict[str, Any] | None]


def observed(
    session: Session,
    attempt: KnownAttempt,
    play: KnownPlay,
    message: Message,
    answer: str,
    user_agent: str,
    left_out: dict[str, str],
) -> list[Command]:
    """What is to be written of a commit that was answered so, which may not have been written itself yet.

    `left_out` are elements of run-time data that could not be taken, by name with what was sent for them.
    """
    if attempt.preview:
        return []
    _tidy(session, play, message)
    noted = _arrival(play, message, answer, user_agent)
    found: dict[DoubtKind, dict[str, Any]] = {DoubtKind.LEFT_OUT: {"elements": left_out}} if left_out else {}
    if play.mode != Mode.REVIEW:  # of looking again nothing counts
        found |= {kind: told for kind, told in _doubts(session, attempt, play, message, answer) if told}
    return [*noted, *_doubted(attempt, found)]


def _arrival(play: KnownPlay, message: Message, answer: str, user_agent: str) -> list[Command]:
    now = utc_now()
    row = {
        "session_id": play.id,
        "seq": message.seq,
        "arrived": now,
        "happened": taken_at(message, server_now=now, started=play.started),
        "answer": str(answer),
        "ending": message.end.value if message.end else "",
        "device": device_words(user_agent),
        "calls": read_calls(message.calls),
    }
    return inserted(cast("Table", Arrival.__table__), [row])


def _tidy(session: Session, play: KnownPlay, message: Message) -> None:
    """Now and then the oldest of the session go, and leave room for one more."""
    if message.seq % TIDIED_EVERY == 0:
        newest = select(Arrival.id).where(Arrival.session_id == play.id).order_by(Arrival.id.desc())
        last = session.scalar(newest.offset(MOST_ARRIVALS - 1).limit(1))
        if last is not None:
            session.execute(delete(Arrival).where(Arrival.session_id == play.id, Arrival.id <= last))


def _doubted(attempt: KnownAttempt, found: dict[DoubtKind, dict[str, Any]]) -> list[Command]:
    """Each kind once for an attempt."""
    now = utc_now()
    rows = [
        {"attempt_id": attempt.id, "kind": kind.value, "at": now, "detail": detail}
        for kind, detail in found.items()
    ]
    return inserted(cast("Table", Doubt.__table__), rows, conflict="(attempt_id, kind) DO NOTHING")


def _doubts(
    session: Session, attempt: KnownAttempt, play: KnownPlay, message: Message, answer: str
) -> Iterator[Found]:
    """Every doubt that this commit may raise; without detail where there is none."""
    told = doubting.told_in(message.cmi)
    at = taken_at(message, server_now=utc_now(), started=play.started)
    passed = (at - play.started).total_seconds()
    yield DoubtKind.SCORE_OUT_OF_RANGE, doubting.out_of_range(told)
    if answer == ENDED:
        yield _after_the_end(session, play, told)
        return
    yield DoubtKind.MORE_THAN_PASSED, doubting.more_than_passed(told, passed)
    if attempt.ended is not None and attempt.ended < at and not play.final:
        yield _after_the_end(session, play, told)
    if attempt.completion and attempt.lesson.scorm_type != "asset":
        since = (at - attempt.started).total_seconds()
        yield DoubtKind.TOO_QUICK, doubting.too_quick(attempt.lesson.minutes, attempt.seconds, since)
        yield DoubtKind.BEFORE_THE_LAST, doubting.before_the_last(told)


def _after_the_end(session: Session, play: KnownPlay, told: doubting.Told) -> Found:
    """Beside what the session had told until now, which is not written over yet."""
    before = run(session, telling_snapshot(play.id))
    return DoubtKind.AFTER_THE_END, doubting.after_the_end(doubting.told_in(before), told)
