"""Bringing a session's outcome into its attempt: the best is kept, whatever comes later."""

from datetime import datetime
from typing import Any

from lms.player.known import KnownAttempt, KnownPlay
from lms.player.models import Attempt
from lms.player.rules.outcome import End, Outcome
from lms.player.rules.reading import Name
from lms.player.rules.snapshot import Score, Snapshot


def merge(attempt: KnownAttempt, play: KnownPlay, snapshot: Snapshot, outcome: Outcome, at: datetime) -> None:
    """Keep the best outcome; take over the state unless a later session has already given one."""
    if outcome.completion and not attempt.completion:
        attempt.completion, attempt.completed_at = True, at
    if outcome.success is not None:
        attempt.success = attempt.success or outcome.success
    points, best = points_of(outcome.score), best_points(attempt)
    if points is not None and (best is None or points > best):
        score = outcome.score
        attempt.score_raw, attempt.score_min, attempt.score_max = score.raw, score.low, score.high
        attempt.score_scaled = score.scaled
    attempt.progress = max(attempt.progress, outcome.progress)
    if play.number >= attempt.state_session and snapshot.kept:
        attempt.state, attempt.state_session = _kept(attempt.state or {}, snapshot), play.number
    attempt.updated = max(attempt.updated, at)


def _kept(before: dict[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """What the next session is given back; of what could not be taken, what was there before."""
    kept = snapshot.kept
    for name in snapshot.left_out:
        kept = _restored(kept, before, name)
    return kept


def _restored(kept: Any, before: Any, name: Name) -> Any:
    if not name:
        return before
    first, *rest = name
    if not isinstance(kept, dict) or not isinstance(before, dict) or first not in before:
        return kept
    return {**kept, first: _restored(kept.get(first), before[first], tuple(rest))}


def points_of(score: Score) -> float | None:
    """What scores are compared by: out of 100, or the points themselves where nobody said of how many."""
    return score.raw if score.scaled is None else round(score.scaled * 100, 2)


def best_points(attempt: Attempt | KnownAttempt) -> float | None:
    return points_of(Score(attempt.score_raw, told=attempt.score_scaled))


def is_over(attempt: Attempt | KnownAttempt, snapshot: Snapshot, end: End | None) -> bool:
    """Whether the next launch begins anew: the package finished with a result, and not to be resumed."""
    decided = attempt.completion or attempt.success is not None
    return end is End.FINISH and snapshot.exit != "suspend" and decided
