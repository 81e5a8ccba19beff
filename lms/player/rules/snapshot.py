"""The run-time data of SCORM 1.2 as a browser sends it: what is sound is kept as strings."""

from dataclasses import dataclass, field
from typing import Any

from lms.player.rules.answers import kept_interactions
from lms.player.rules.reading import LONGEST_SUSPEND_DATA, Name, Reader
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


_NO_SCORE = Score()


@dataclass(frozen=True)
class Snapshot:
    """What matters of a session's data. `seconds` is the session time, None where the package tells none.

    `kept` is the part that the next session is given back, in the shape of `cmi`, all values strings.
    `left_out` are the elements that could not be taken, with what was sent for them (`reading.Reader`).
    """

    status: str = "not attempted"
    exit: str = ""
    seconds: float | None = None
    score: Score = field(default_factory=Score)
    objectives: tuple[tuple[str, str], ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)
    left_out: dict[Name, str] = field(default_factory=dict)


def read_snapshot(cmi: Any, *, mastery: float | None = None) -> Snapshot:
    """Read `cmi` as scorm-again renders it; `mastery` is the pass mark that the lesson has.

    Mastery score, credit, mode, total time and the learner's id and name are the server's; what is sent for
    them counts for nothing.
    """
    whole = Reader(cmi)
    core = whole.within("core")
    status = core.word("lesson_status", STATUSES, nothing="not attempted", odd="incomplete")
    leaving = core.word("exit", EXITS, nothing="", odd="")
    objectives = [_objective(entry) for entry in whole.each("objectives")]
    score, points = _score(core)
    core.is_changed("credit", "credit")
    core.is_changed("lesson_mode", "normal")
    whole.within("student_data").is_changed("mastery_score", mastery)
    return Snapshot(
        status=status,
        exit=leaving,
        seconds=core.seconds("session_time", timespan),
        score=score,
        objectives=tuple((entry["id"], entry["status"]) for entry in objectives),
        kept={
            "core": {
                "lesson_location": core.text("lesson_location"),
                "lesson_status": status,
                "exit": leaving,
                "score": points,
            },
            "suspend_data": whole.text("suspend_data", LONGEST_SUSPEND_DATA),
            "comments": whole.text("comments"),
            "student_preference": whole.within("student_preference").texts(_PREFERENCES),
            "objectives": objectives,
            "interactions": kept_interactions(whole.raw("interactions"), _INTERACTION),
        },
        left_out=whole.left_out,
    )


def _objective(entry: Reader) -> dict[str, Any]:
    status = entry.word("status", STATUSES, nothing="not attempted", odd="not attempted")
    return {"id": entry.text("id"), "status": status, "score": _score(entry)[1]}


def _score(where: Reader) -> tuple[Score, dict[str, str]]:
    """The points, and how they are kept."""
    if where.raw("score") in (None, {}):
        return _NO_SCORE, {}
    points = where.within("score")
    found = {name: points.number(name, 0.0, _HIGHEST) for name in ("raw", "min", "max")}
    kept = {name: f"{value:g}" for name, value in found.items() if value is not None}
    return Score(found["raw"], found["min"], found["max"]), kept
