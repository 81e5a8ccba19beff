"""What a learner's pages show of a unit: the best that was reached, from its statements."""

from datetime import datetime
from typing import Any

from lms.cmi5.rules.statement import Said
from lms.core.vocabulary import iris
from lms.player.models import Attempt
from lms.player.rules.merging import best_points

_HUNDRED = 100.0


def credit(attempt: Attempt, said: Said, at: datetime) -> None:
    """Bring one statement into the attempt: the verdict, the best score, how far the learner is."""
    result = said.statement.get("result", {})
    if said.verb in ("passed", "failed"):
        attempt.success = attempt.success or said.verb == "passed"
        _score(attempt, result.get("score", {}))
    if said.verb == "completed":
        attempt.progress = 1.0
    percent = result.get("extensions", {}).get(iris.PROGRESS)
    about_the_unit = said.statement["object"].get("id") == attempt.lesson.iri
    if about_the_unit and isinstance(percent, int | float) and 0 <= percent <= _HUNDRED:
        attempt.progress = max(attempt.progress, percent / _HUNDRED)
    attempt.updated = max(attempt.updated, at)


def finish(attempt: Attempt, at: datetime) -> None:
    """The unit counts, since then at the latest."""
    attempt.progress = 1.0
    attempt.completion = True
    attempt.completed_at = attempt.completed_at or at
    attempt.ended = attempt.ended or at


def _score(attempt: Attempt, score: dict[str, Any]) -> None:
    """Keep the best score; they are compared by their part of the whole, where that is known."""
    raw, low, high = score.get("raw"), score.get("min"), score.get("max")
    scaled = score.get("scaled")
    if scaled is None and raw is not None and low is not None and high is not None and low < high:
        scaled = (raw - low) / (high - low)
    if scaled is None:
        return
    best = best_points(attempt)
    if best is None or scaled * _HUNDRED > best:
        attempt.score_raw, attempt.score_min, attempt.score_max = raw, low, high
        attempt.score_scaled = scaled
