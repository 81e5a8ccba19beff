"""The run-time data of SCORM 1.2 as a browser sends it: read strictly, kept as strings, and loaded again."""

from dataclasses import dataclass, field
from typing import Any

from lms.core.errors import Refused
from lms.player.rules.times import timespan

STATUSES = frozenset({"passed", "completed", "failed", "incomplete", "browsed", "not attempted"})
EXITS = frozenset({"", "suspend", "logout", "time-out"})
# The standard says 4096, and real packages send more than they may.
LONGEST_SUSPEND_DATA = 64_000
LONGEST_TEXT = 4096
MOST_ENTRIES = 500
_HIGHEST = 100.0
_INTERACTION = ("id", "time", "type", "weighting", "student_response", "result", "latency")
_PREFERENCES = ("audio", "language", "speed", "text")


class BadSnapshot(Refused):
    """What was sent is not run-time data that a package could have made."""


@dataclass(frozen=True)
class Score:
    """Points as SCORM 1.2 counts them, 0..100; None where nothing was said."""

    raw: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def scaled(self) -> float | None:
        """0..1, as xAPI wants it."""
        if self.raw is None:
            return None
        low, high = self.low or 0.0, _HIGHEST if self.high is None else self.high
        if not low <= self.raw <= high or low == high:
            low, high = 0.0, _HIGHEST
        return round((self.raw - low) / (high - low), 4)


@dataclass(frozen=True)
class Snapshot:
    """What matters of a session's data. `seconds` is the session time, None where the package tells none.

    `kept` is the part that the next session is given back, in the shape of `cmi`, all values strings.
    """

    status: str = "not attempted"
    exit: str = ""
    seconds: float | None = None
    score: Score = field(default_factory=Score)
    objectives: tuple[tuple[str, str], ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)


def read_snapshot(cmi: Any) -> Snapshot:
    """Read `cmi` as scorm-again renders it. Raises BadSnapshot.

    Mastery score, credit, mode, total time and the learner's id and name are the server's; what is sent for
    them is not even looked at.
    """
    core = _dict(_dict(cmi).get("core"))
    status, leaving = _text(core, "lesson_status") or "not attempted", _text(core, "exit")
    if status not in STATUSES or leaving not in EXITS:
        raise BadSnapshot("The lesson sent a status that SCORM 1.2 does not know.")
    told = _text(core, "session_time")
    objectives = [_objective(entry) for entry in _entries(cmi.get("objectives"))]
    return Snapshot(
        status=status,
        exit=leaving,
        seconds=timespan(told) if told else None,
        score=_score(core),
        objectives=tuple((entry["id"], entry["status"]) for entry in objectives),
        kept={
            "core": {
                "lesson_location": _text(core, "lesson_location"),
                "lesson_status": status,
                "exit": leaving,
                "score": _points(core),
            },
            "suspend_data": _text(cmi, "suspend_data", LONGEST_SUSPEND_DATA),
            "comments": _text(cmi, "comments"),
            "student_preference": _texts(_dict(cmi.get("student_preference")), _PREFERENCES),
            "objectives": objectives,
            "interactions": [_interaction(entry) for entry in _entries(cmi.get("interactions"))],
        },
    )


def _dict(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return value


def _text(where: dict[str, Any], name: str, longest: int = LONGEST_TEXT) -> str:
    value = where.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or len(str(value)) > longest:
        raise BadSnapshot("The lesson sent a value for %(name)s that is too long or no text.", name=name)
    return str(value)


def _texts(where: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    found = {name: _text(where, name) for name in names}
    return {name: text for name, text in found.items() if text}


def _entries(value: Any) -> list[dict[str, Any]]:
    """A list, or an object whose names are its indexes."""
    if isinstance(value, dict):
        value = [value[name] for name in sorted(value, key=lambda name: (len(name), name)) if name.isdigit()]
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return [_dict(entry) for entry in value]


def _objective(entry: dict[str, Any]) -> dict[str, Any]:
    status = _text(entry, "status") or "not attempted"
    if status not in STATUSES:
        raise BadSnapshot("The lesson sent a status that SCORM 1.2 does not know.")
    return {"id": _text(entry, "id"), "status": status, "score": _points(entry)}


def _interaction(entry: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _texts(entry, _INTERACTION)
    found["objectives"] = [_texts(one, ("id",)) for one in _entries(entry.get("objectives"))]
    answers = _entries(entry.get("correct_responses"))
    found["correct_responses"] = [_texts(one, ("pattern",)) for one in answers]
    return found


def _points(where: dict[str, Any]) -> dict[str, str]:
    score = _score(where)
    values = {"raw": score.raw, "min": score.low, "max": score.high}
    return {name: f"{value:g}" for name, value in values.items() if value is not None}


def _score(where: dict[str, Any]) -> Score:
    points = _dict(where.get("score"))
    return Score(_number(points, "raw"), _number(points, "min"), _number(points, "max"))


def _number(points: dict[str, Any], name: str) -> float | None:
    written = _text(points, name, 20)
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if 0 <= value <= _HIGHEST:
        return value
    raise BadSnapshot("The lesson sent a score that is not a number from 0 to 100.")
