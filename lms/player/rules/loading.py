"""What a package finds when it begins: what it left, and what only the server says; all strings."""

from typing import Any

from lms.catalogue.models import Lesson
from lms.player.models import Attempt, Mode
from lms.player.rules.times import as_period, as_timespan, period, timespan

Json = dict[str, Any]


def loaded_state(attempt: Attempt, *, learner_name: str, mode: str = Mode.NORMAL) -> Json:
    """`cmi` of the attempt, in the standard of its package."""
    if attempt.lesson.version.standard == "scorm2004":
        return _state_2004(attempt, learner_name, mode)
    return _state_12(attempt, learner_name, mode)


def seconds_allowed(lesson: Lesson) -> float | None:
    """How long an attempt may take in all; None for as long as one likes, and in review."""
    read = period if lesson.version.standard == "scorm2004" else timespan
    return read(lesson.max_time_allowed) or None


def _state_12(attempt: Attempt, learner_name: str, mode: str) -> Json:
    lesson, state = attempt.lesson, attempt.state
    core = state.get("core", {})
    mastery = lesson.mastery_score
    return {
        "core": {
            "student_id": str(attempt.learner),
            "student_name": learner_name,
            "lesson_location": core.get("lesson_location", ""),
            "credit": _credit(mode),
            "lesson_mode": mode,
            "lesson_status": _status(attempt, core.get("lesson_status", "not attempted")),
            "entry": _entry(attempt, mode, core.get("exit")),
            "score": core.get("score", {}),
            "total_time": as_timespan(attempt.seconds),
        },
        "suspend_data": state.get("suspend_data", ""),
        "launch_data": lesson.data_from_lms,
        "comments": state.get("comments", ""),
        "student_data": {
            "mastery_score": "" if mastery is None else f"{mastery:g}",
            "max_time_allowed": lesson.max_time_allowed,
            "time_limit_action": lesson.time_limit_action,
        },
        "student_preference": state.get("student_preference", {}),
        "objectives": state.get("objectives", []),
        "interactions": state.get("interactions", []),
    }


def _state_2004(attempt: Attempt, learner_name: str, mode: str) -> Json:
    """Elements without a value are left out: "" is no number (Run-Time Environment 4.2)."""
    lesson, state = attempt.lesson, attempt.state
    found = {
        "learner_id": str(attempt.learner),
        "learner_name": learner_name,
        "credit": _credit(mode),
        "mode": mode,
        "entry": _entry(attempt, mode, state.get("exit")),
        "location": state.get("location", ""),
        "completion_status": "completed" if attempt.completion else state.get("completion_status", ""),
        "success_status": "passed" if attempt.success else state.get("success_status", ""),
        "progress_measure": state.get("progress_measure", ""),
        "score": state.get("score", {}),
        "suspend_data": state.get("suspend_data", ""),
        "total_time": as_period(attempt.seconds),
        "launch_data": lesson.data_from_lms,
        "scaled_passing_score": _number(lesson.mastery_score),
        "completion_threshold": _number(lesson.completion_threshold),
        "max_time_allowed": lesson.max_time_allowed,
        "time_limit_action": lesson.time_limit_action,
        "learner_preference": state.get("learner_preference", {}),
        "objectives": state.get("objectives") or _objectives(lesson),
        "interactions": state.get("interactions", []),
        "comments_from_learner": state.get("comments_from_learner", []),
    }
    return {name: value for name, value in found.items() if value not in ("", {}, [])}


def _objectives(lesson: Lesson) -> list[Json]:
    """Those of the manifest that have a name (Run-Time Environment 4.2.17)."""
    named = [one["identifier"].strip() for one in lesson.objectives]
    return [{"id": identifier} for identifier in named if identifier]


def _entry(attempt: Attempt, mode: str, left: str | None) -> str:
    """Who was suspended goes on, and who never came to say so: the tab was killed, or the battery gone.

    Some tools begin anew, and overwrite what they had, unless they are told to resume.
    """
    if not attempt.state:
        return "ab-initio"
    was_cut_off = attempt.ended is None and mode == Mode.NORMAL
    return "resume" if left == "suspend" or was_cut_off else ""


def _credit(mode: str) -> str:
    return "credit" if mode == Mode.NORMAL else "no-credit"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _status(attempt: Attempt, left: str) -> str:
    """A package that asks must not be told less than the best it reached."""
    if attempt.success:
        return "passed"
    return "completed" if attempt.completion and left != "failed" else left
