"""The run-time data of SCORM 1.2 as a browser sends it: read strictly, kept as strings, and loaded again."""

from dataclasses import dataclass, field
from typing import Any

from lms.player.rules.answers import kept_interactions
from lms.player.rules.reading import (
    LONGEST_SUSPEND_DATA,
    BadSnapshot,
    entries,
    mapping,
    number,
    text,
    texts,
)
from lms.player.rules.times import timespan

STATUSES = frozenset({"passed", "completed", "failed", "incomplete", "browsed", "not attempted"})
EXITS = frozenset({"", "suspend", "logout", "time-out"})
_HIGHEST = 100.0
_INTERACTION = ("id", "time", "type", "weighting", "student_response", "result", "latency")
_PREFERENCES = ("audio", "language", "speed", "text")


@dataclass(frozen=True)
class Score:
    """Points, in SCORM 1.2 0..100; None where nothing was said. `told` is SCORM 2004's scaled score."""

    raw: float | None = None
    low: float | None = None
    high: float | None = None
    told: float | None = None

    @property
    def scaled(self) -> float | None:
        """-1..1, as xAPI wants it; from the points where the package did not tell it."""
        if self.told is not None or self.raw is None:
            return self.told
        low, high = self.low or 0.0, _HIGHEST if self.high is None else self.high
        if not low <= self.raw <= high or low == high:
            low, high = 0.0, _HIGHEST
        found = round((self.raw - low) / (high - low), 4)
        return found if -1.0 <= found <= 1.0 else None


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
    core = mapping(mapping(cmi).get("core"))
    status, leaving = text(core, "lesson_status") or "not attempted", text(core, "exit")
    if status not in STATUSES or leaving not in EXITS:
        raise BadSnapshot("The lesson sent a status that SCORM 1.2 does not know.")
    told = text(core, "session_time")
    objectives = [_objective(entry) for entry in entries(cmi.get("objectives"))]
    return Snapshot(
        status=status,
        exit=leaving,
        seconds=timespan(told) if told else None,
        score=_score(core),
        objectives=tuple((entry["id"], entry["status"]) for entry in objectives),
        kept={
            "core": {
                "lesson_location": text(core, "lesson_location"),
                "lesson_status": status,
                "exit": leaving,
                "score": _points(core),
            },
            "suspend_data": text(cmi, "suspend_data", LONGEST_SUSPEND_DATA),
            "comments": text(cmi, "comments"),
            "student_preference": texts(mapping(cmi.get("student_preference")), _PREFERENCES),
            "objectives": objectives,
            "interactions": kept_interactions(cmi.get("interactions"), _INTERACTION),
        },
    )


def _objective(entry: dict[str, Any]) -> dict[str, Any]:
    status = text(entry, "status") or "not attempted"
    if status not in STATUSES:
        raise BadSnapshot("The lesson sent a status that SCORM 1.2 does not know.")
    return {"id": text(entry, "id"), "status": status, "score": _points(entry)}


def _points(where: dict[str, Any]) -> dict[str, str]:
    score = _score(where)
    values = {"raw": score.raw, "min": score.low, "max": score.high}
    return {name: f"{value:g}" for name, value in values.items() if value is not None}


def _score(where: dict[str, Any]) -> Score:
    points = mapping(where.get("score"))
    return Score(*(number(points, name, 0.0, _HIGHEST) for name in ("raw", "min", "max")))
