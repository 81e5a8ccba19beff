"""The run-time data of SCORM 2004 as a browser sends it (RTE 4): read strictly, kept as strings."""

from dataclasses import dataclass
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


def read_snapshot_2004(cmi: Any) -> Snapshot2004:
    """Read `cmi` as scorm-again renders it. Raises BadSnapshot.

    The learner's id and name, credit, mode, launch data, pass mark, completion threshold, time allowed and
    total time are the server's; what is sent for them is not even looked at.
    """
    cmi = mapping(cmi)
    completion, success = _statuses(cmi)
    leaving = text(cmi, "exit")
    if leaving not in EXITS:
        raise BadSnapshot("The lesson sent a status that SCORM 2004 does not know.")
    told = text(cmi, "session_time")
    objectives = [_objective(entry) for entry in entries(cmi.get("objectives"))]
    points = _points(cmi)
    return Snapshot2004(
        exit=leaving,
        seconds=period(told) if told else None,
        score=_score(points),
        objectives=tuple((entry["id"], _reached(entry)) for entry in objectives),
        kept={
            "location": text(cmi, "location"),
            "completion_status": completion,
            "success_status": success,
            "exit": leaving,
            "progress_measure": _written(number(cmi, "progress_measure", 0.0, 1.0)),
            "score": points,
            "suspend_data": text(cmi, "suspend_data", LONGEST_SUSPEND_DATA),
            "learner_preference": texts(mapping(cmi.get("learner_preference")), _PREFERENCES),
            "objectives": objectives,
            "interactions": kept_interactions(cmi.get("interactions"), _INTERACTION),
            "comments_from_learner": [
                texts(one, _COMMENT) for one in entries(cmi.get("comments_from_learner"))
            ],
        },
        completion=completion,
        success=success,
        progress=number(cmi, "progress_measure", 0.0, 1.0),
    )


def _statuses(where: dict[str, Any]) -> tuple[str, str]:
    completion = text(where, "completion_status") or "unknown"
    success = text(where, "success_status") or "unknown"
    if completion not in COMPLETIONS or success not in SUCCESSES:
        raise BadSnapshot("The lesson sent a status that SCORM 2004 does not know.")
    return completion, success


def _objective(entry: dict[str, Any]) -> dict[str, Any]:
    completion, success = _statuses(entry)
    found = {
        "id": text(entry, "id"),
        "completion_status": completion,
        "success_status": success,
        "score": _points(entry),
        "progress_measure": _written(number(entry, "progress_measure", 0.0, 1.0)),
        "description": text(entry, "description"),
    }
    return {name: value for name, value in found.items() if value not in ("", {})}


def _reached(objective: dict[str, Any]) -> str:
    success = objective.get("success_status", "unknown")
    return str(objective.get("completion_status")) if success == "unknown" else str(success)


def _points(where: dict[str, Any]) -> dict[str, str]:
    score = mapping(where.get("score"))
    found = {name: _written(number(score, name, *bounds)) for name, bounds in _BOUNDS.items()}
    return {name: value for name, value in found.items() if value}


def _score(points: dict[str, str]) -> Score:
    values = {name: float(value) for name, value in points.items()}
    return Score(values.get("raw"), values.get("min"), values.get("max"), values.get("scaled"))


def _written(value: float | None) -> str:
    """At most seven decimals (real(10,7)), and no exponent."""
    return "" if value is None else f"{value:.7f}".rstrip("0").rstrip(".")
