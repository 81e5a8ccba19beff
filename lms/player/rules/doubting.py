"""What a commit tells that cannot be. Such things are shown to those who look after learners, never hidden,
and the attempt counts all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from lms.player.rules.answers import time_in
from lms.player.rules.times import SLACK

TOO_QUICK_PART = 0.1  # of the minutes that the lesson says it takes
_DONE = frozenset({"passed", "completed"})
_UNTOUCHED = frozenset({"", "not attempted", "unknown"})
_NEARLY = 1e-6
_LONGEST = 1e9  # seconds; some thirty years


@dataclass(frozen=True)
class Told:
    """What a snapshot of either SCORM claims: points, their bounds, session time, states of objectives."""

    raw: float | None = None
    low: float | None = None
    high: float | None = None
    scaled: float | None = None
    seconds: float | None = None
    objectives: tuple[str, ...] = ()


def told_in(cmi: Any) -> Told:
    """Whatever can be understood of it; also of what is refused."""
    whole = _dict(cmi)
    core = _dict(whole.get("core")) or whole
    score = _dict(core.get("score"))
    return Told(
        raw=_number(score.get("raw")),
        low=_number(score.get("min")),
        high=_number(score.get("max")),
        scaled=_number(score.get("scaled")),
        seconds=_seconds(str(core.get("session_time") or "")),
        objectives=tuple(_state(entry) for entry in _entries(whole.get("objectives"))),
    )


def _seconds(written: str) -> float | None:
    """Also of a time that nobody lives to see: that is what doubts are for."""
    found = time_in(written)
    return None if found is None else min(found, _LONGEST)


def too_quick(minutes: int | None, seconds: float, passed: float) -> dict[str, Any] | None:
    """A lesson completed in less than a tenth of its time; `seconds` were told, `passed` went by."""
    spent = min(seconds, passed)
    if not minutes or spent >= minutes * 60 * TOO_QUICK_PART:
        return None
    return {"minutes": minutes, "seconds": round(spent, 1)}


def more_than_passed(told: Told, passed: float) -> dict[str, Any] | None:
    """More session time than went by on the wall."""
    if told.seconds is None or told.seconds <= passed + SLACK:
        return None
    return {"told": round(told.seconds), "passed": round(passed)}


def out_of_range(told: Told) -> dict[str, Any] | None:
    """Points outside of the bounds that the lesson itself gives, or outside of what there is."""
    low, high = told.low or 0.0, 100.0 if told.high is None else told.high
    bad_raw = told.raw is not None and low < high and not low <= told.raw <= high
    bad_scaled = told.scaled is not None and not -1 - _NEARLY <= told.scaled <= 1 + _NEARLY
    if bad_raw:
        return {"score": told.raw, "min": low, "max": high}
    return {"score": told.scaled, "min": -1, "max": 1} if bad_scaled else None


def before_the_last(told: Told) -> dict[str, Any] | None:
    """Completed, and parts of it were never opened; nothing to say of lessons that tell no parts."""
    done = sum(state in _DONE for state in told.objectives)
    untouched = sum(state in _UNTOUCHED for state in told.objectives)
    return {"parts": len(told.objectives), "untouched": untouched} if done and untouched else None


def after_the_end(before: Told, told: Told) -> dict[str, Any] | None:
    """Other points than the session ended with."""
    if told.raw is None or told.raw == before.raw:
        return None
    return {"before": before.raw, "after": told.raw}


def _state(entry: Mapping[str, Any]) -> str:
    """1.2 has one state of an objective, 2004 has two."""
    states = [str(entry.get(name) or "") for name in ("status", "completion_status", "success_status")]
    return next((state for state in states if state not in _UNTOUCHED), "")


def _entries(value: Any) -> list[Mapping[str, Any]]:
    found = list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return [entry for entry in found if isinstance(entry, Mapping)]


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if isfinite(found) else None
