"""Which statements follow from a commit, each of them once."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from lms.player.known import KnownAttempt, KnownPlay
from lms.player.models import Attempt
from lms.player.rules.merging import best_points
from lms.player.rules.outcome import End
from lms.player.rules.snapshot import Score
from lms.player.services.statements import Teller, result

_STEP = 10  # percent of progress that are worth a statement
# Below what any package may score, -100 of 100 in SCORM 2004; and below that.
_NO_POINTS, _NOTHING_TOLD = -1e10, -1e11
Statements = list[dict[str, Any]]


def tell_begin(teller: Teller, play: KnownPlay, left: Iterable[KnownPlay]) -> Statements:
    """That a session began, and that those before it which never said so have ended."""
    attempt = teller.attempt
    told = [
        teller.tell("suspended", earlier.ended, of=earlier.id, result=result(seconds=earlier.seconds))
        for earlier in left
        if earlier.ended
    ]
    return [*told, teller.tell("initialized", max(play.started, attempt.started), of=play.id)]


def tell_progress(teller: Teller, at: datetime, *, decided: bool) -> Statements:
    """What was reached for the first time, or better than before.

    `decided` is False while a completion might still turn out as failed; it is then told later.
    """
    told = dict(teller.attempt.told)
    statements = [*_progressed(teller, told, at), *_judged(teller, told, at)]
    if decided:
        statements += _completed(teller, told, at)
    teller.attempt.told = told
    return statements


def tell_end(teller: Teller, play: KnownPlay, at: datetime, *, suspended: bool) -> Statements:
    verb = "suspended" if suspended else "terminated"
    return [teller.tell(verb, at, of=play.id, result=result(seconds=play.seconds))]


def is_decided(attempt: Attempt | KnownAttempt, end: End | None) -> bool:
    """Whether completing now says enough: a course that demands passing waits for the end of the session."""
    lesson = attempt.lesson
    waits = lesson.course.demands_passing and lesson.mastery_score is not None
    return not waits or attempt.success is not None or end is not None


def _progressed(teller: Teller, told: dict[str, Any], at: datetime) -> Iterator[dict[str, Any]]:
    attempt = teller.attempt
    percent = int(attempt.progress * 100)
    if not attempt.completion and percent >= told.get("progress", 0) + _STEP:
        told["progress"] = percent
        yield teller.tell("progressed", at, of=attempt.id, number=percent, result=result(progress=percent))


def _judged(teller: Teller, told: dict[str, Any], at: datetime) -> Iterator[dict[str, Any]]:
    """Passed or failed: the first time, and again with more points; failed never after passed."""
    attempt = teller.attempt
    if attempt.success is None:
        return
    verb = "passed" if attempt.success else "failed"
    best = best_points(attempt)
    points = _NO_POINTS if best is None else best
    if points > told.get(verb, _NOTHING_TOLD):
        told[verb] = points
        score = Score(attempt.score_raw, attempt.score_min, attempt.score_max, attempt.score_scaled)
        yield teller.tell(
            verb,
            at,
            of=attempt.id,
            number=points,
            result=result(success=attempt.success, score=score, seconds=attempt.seconds),
        )


def _completed(teller: Teller, told: dict[str, Any], at: datetime) -> Iterator[dict[str, Any]]:
    attempt = teller.attempt
    if attempt.completion and not told.get("completed"):
        told["completed"] = True
        yield teller.tell(
            "completed",
            at,
            of=attempt.id,
            result=result(completion=True, success=attempt.success, seconds=attempt.seconds),
        )
