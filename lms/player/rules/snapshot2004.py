"""The run-time data of SCORM 2004 as a browser sends it (RTE 4): what is sound is kept as strings."""

from dataclasses import dataclass
from typing import Any

from lms.player.rules.answers import kept_interactions
from lms.player.rules.reading import LONGEST_SUSPEND_DATA, Reader
from lms.player.rules.snapshot import Score, Snapshot
from lms.player.rules.times import period

COMPLETIONS = frozenset({"completed", "incomplete", "not attempted", "unknown"})
SUCCESSES = frozenset({"passed", "failed", "unknown"})
EXITS = frozenset({"", "suspend", "logout", "normal", "time-out"})
_LARGEST = 1e9
_INTERACTION = (
    "id",
    "type",
    "timestamp",
    "weighting",
    "learner_response",
    "result",
    "latency",
    "description",
)
_PREFERENCES = ("audio_level", "language", "delivery_speed", "audio_captioning")
_COMMENT = ("comment", "location", "timestamp")
_BOUNDS = {
    "scaled": (-1.0, 1.0),
    "raw": (-_LARGEST, _LARGEST),
    "min": (-_LARGEST, _LARGEST),
    "max": (-_LARGEST, _LARGEST),
}


@dataclass(frozen=True)
class Snapshot2004(Snapshot):
    """`completion` and `success` are the words of the package; `progress` is 0..1, None where it says none.

    `objectives` are ids with "completed", "passed" or something else.
    """

    completion: str = "unknown"
    success: str = "unknown"
    progress: float | None = None


def read_snapshot_2004(
    cmi: Any, *, passing: float | None = None, threshold: float | None = None
) -> Snapshot2004:
    """Read `cmi` as scorm-again renders it; pass mark and completion threshold are those of the lesson.

    The learner's id and name, credit, mode, launch data, pass mark, completion threshold, time allowed and
    total time are the server's; what is sent for them counts for nothing.
    """
    whole = Reader(cmi)
    completion, success = _statuses(whole)
    leaving = whole.word("exit", EXITS, nothing="", odd="")
    objectives = [_objective(entry) for entry in whole.each("objectives")]
    points = _points(whole)
    progress = whole.number("progress_measure", 0.0, 1.0)
    for name, own in (
        ("credit", "credit"),
        ("mode", "normal"),
        ("scaled_passing_score", passing),
        ("completion_threshold", threshold),
    ):
        whole.is_changed(name, own)
    return Snapshot2004(
        exit=leaving,
        seconds=whole.seconds("session_time", period),
        score=_score(points),
        objectives=tuple((entry.get("id", ""), _reached(entry)) for entry in objectives),
        kept={
            "location": whole.text("location"),
            "completion_status": completion,
            "success_status": success,
            "exit": leaving,
            "progress_measure": _written(progress),
            "score": points,
            "suspend_data": whole.text("suspend_data", LONGEST_SUSPEND_DATA),
            "learner_preference": whole.within("learner_preference").texts(_PREFERENCES),
            "objectives": objectives,
            "interactions": kept_interactions(whole.raw("interactions"), _INTERACTION),
            "comments_from_learner": [one.texts(_COMMENT) for one in whole.each("comments_from_learner")],
        },
        left_out=whole.left_out,
        completion=completion,
        success=success,
        progress=progress,
    )


def _statuses(where: Reader) -> tuple[str, str]:
    """A word that there is not is no claim to have completed, nor silence, which may come to it."""
    return (
        where.word("completion_status", COMPLETIONS, nothing="unknown", odd="incomplete"),
        where.word("success_status", SUCCESSES, nothing="unknown", odd="unknown"),
    )


def _objective(entry: Reader) -> dict[str, Any]:
    completion, success = _statuses(entry)
    found = {
        "id": entry.text("id"),
        "completion_status": completion,
        "success_status": success,
        "score": _points(entry),
        "progress_measure": _written(entry.number("progress_measure", 0.0, 1.0)),
        "description": entry.text("description"),
    }
    return {name: value for name, value in found.items() if value not in ("", {})}


def _reached(objective: dict[str, Any]) -> str:
    success = objective.get("success_status", "unknown")
    return str(objective.get("completion_status")) if success == "unknown" else str(success)


def _points(where: Reader) -> dict[str, str]:
    if where.raw("score") in (None, {}):
        return {}
    score = where.within("score")
    found = {name: _written(score.number(name, *bounds)) for name, bounds in _BOUNDS.items()}
    return {name: value for name, value in found.items() if value}


def _score(points: dict[str, str]) -> Score:
    values = {name: float(value) for name, value in points.items()}
    return Score(values.get("raw"), values.get("min"), values.get("max"), values.get("scaled"))


def _written(value: float | None) -> str:
    """At most seven decimals (real(10,7)), and no exponent."""
    return "" if value is None else f"{value:.7f}".rstrip("0").rstrip(".")
