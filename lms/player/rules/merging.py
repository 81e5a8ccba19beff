"""Bringing a session's outcome into its attempt: the best is kept, whatever comes later."""

from datetime import datetime
from typing import Any

from lms.player.models import Attempt, PlaySession
from lms.player.rules.outcome import End, Outcome
from lms.player.rules.snapshot import Snapshot
from lms.player.rules.times import as_timespan


def merge(attempt: Attempt, play: PlaySession, snapshot: Snapshot, outcome: Outcome, at: datetime) -> None:
    """Keep the best outcome; take over the state unless a later session has already given one."""
    if outcome.completion and not attempt.completion:
        attempt.completion, attempt.completed_at = True, at
    if outcome.success is not None:
        attempt.success = attempt.success or outcome.success
    if outcome.score.raw is not None and (attempt.score_raw is None or outcome.score.raw > attempt.score_raw):
        score = outcome.score
        attempt.score_raw, attempt.score_min, attempt.score_max = score.raw, score.low, score.high
        attempt.score_scaled = score.scaled
    attempt.progress = max(attempt.progress, outcome.progress)
    if play.number >= attempt.state_session and snapshot.kept:
        attempt.state, attempt.state_session = snapshot.kept, play.number
    attempt.updated = max(attempt.updated, at)


def is_over(attempt: Attempt, snapshot: Snapshot, end: End | None) -> bool:
    """Whether the next launch begins anew: the package finished with a result, and not to be resumed."""
    decided = attempt.completion or attempt.success is not None
    return end is End.FINISH and snapshot.exit != "suspend" and decided


def loaded_state(attempt: Attempt, *, learner_name: str) -> dict[str, Any]:
    """`cmi` as the package shall find it: what it left, and what only the server says. Values are strings."""
    lesson, state = attempt.lesson, attempt.state
    core = state.get("core", {})
    resumes = bool(state) and core.get("exit") == "suspend"
    mastery = lesson.mastery_score
    return {
        "core": {
            "student_id": str(attempt.learner),
            "student_name": learner_name,
            "lesson_location": core.get("lesson_location", ""),
            "credit": "credit",
            "lesson_mode": "normal",
            "lesson_status": _status(attempt, core.get("lesson_status", "not attempted")),
            "entry": "resume" if resumes else "" if state else "ab-initio",
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


def _status(attempt: Attempt, left: str) -> str:
    """A package that asks must not be told less than the best it reached."""
    if attempt.success:
        return "passed"
    return "completed" if attempt.completion and left != "failed" else left
