"""Noting what support may need of a commit: when it came and from where, what the package called, what cannot
be. Whatever is noted here changes nothing for the learner.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.player.models import PlaySession
from lms.player.queries import play_session
from lms.player.rules import doubting
from lms.player.rules.calls import joined, read_calls
from lms.player.rules.devices import device_words
from lms.player.rules.message import Message
from lms.player.rules.times import corrected
from lms.player.traces import Doubt, DoubtKind, SessionLog

MOST_ARRIVALS = 200
REFUSED, ENDED = "refused", "ended"
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
    _note_doubts(session, play, message, answer, before)
    session.flush()


def told_before(session: Session, message: Message) -> dict[str, Any]:
    """What the message's session has told until now; to be asked before the message is taken in."""
    play = play_session(session, message.session)
    return {} if play is None else dict(play.snapshot)


def _note_arrival(
    session: Session, play: PlaySession, message: Message, answer: str, user_agent: str
) -> None:
    now = utc_now()
    log = session.get(SessionLog, play.id)
    if log is None:
        log = SessionLog(session_id=play.id, arrivals=[], calls=[], updated=now)
        session.add(log)
    at = corrected(message.at, message.now, server_now=now, started=play.started)
    end = message.end.value if message.end else ""
    arrival = [message.seq, _milliseconds(now), _milliseconds(at), answer, end]
    log.arrivals = [*log.arrivals[-MOST_ARRIVALS + 1 :], arrival]
    came = read_calls(message.calls)
    if came:
        log.calls = joined(log.calls, came)
    log.device, log.updated = device_words(user_agent) or log.device or "", now


def _note_doubts(session: Session, play: PlaySession, message: Message, answer: str, before: Any) -> None:
    found = {kind: detail for kind, detail in _doubts(play, message, answer, before) if detail}
    if not found:
        return
    attempt = play.attempt
    known = set(session.scalars(select(Doubt.kind).where(Doubt.attempt_id == attempt.id)))
    session.add_all(
        Doubt(attempt_id=attempt.id, kind=kind.value, at=utc_now(), detail=detail)
        for kind, detail in found.items()
        if kind.value not in known
    )


def _doubts(play: PlaySession, message: Message, answer: str, before: Any) -> Iterator[Found]:
    """Every doubt that this commit may raise; without detail where there is none."""
    attempt, told = play.attempt, doubting.told_in(message.cmi)
    at = corrected(message.at, message.now, server_now=utc_now(), started=play.started)
    passed = (at - play.started).total_seconds()
    yield DoubtKind.SCORE_OUT_OF_RANGE, doubting.out_of_range(told)
    if answer == REFUSED:
        return
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


def _milliseconds(moment: Any) -> int:
    return int(moment.timestamp() * 1000)
