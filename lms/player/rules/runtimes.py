"""Each lesson's run-time data by the rules of its standard."""

from typing import Any

from lms.catalogue.models import Lesson
from lms.player.known import KnownLesson
from lms.player.rules.outcome import End, Outcome, outcome_of
from lms.player.rules.outcome2004 import outcome_of_2004
from lms.player.rules.snapshot import Snapshot, read_snapshot
from lms.player.rules.snapshot2004 import Snapshot2004, read_snapshot_2004


def read_cmi(lesson: Lesson | KnownLesson, cmi: dict[str, Any] | None) -> Snapshot:
    """What a commit says; of one without run-time data (an asset was seen) nothing."""
    if lesson.version.standard == "scorm2004":
        passing, threshold = lesson.mastery_score, lesson.completion_threshold
        return (
            Snapshot2004() if cmi is None else read_snapshot_2004(cmi, passing=passing, threshold=threshold)
        )
    return Snapshot() if cmi is None else read_snapshot(cmi, mastery=lesson.mastery_score)


def outcome_in(lesson: Lesson | KnownLesson, snapshot: Snapshot, end: End | None) -> Outcome:
    """What it amounts to."""
    is_asset = lesson.scorm_type == "asset"
    if isinstance(snapshot, Snapshot2004) and not is_asset:
        return outcome_of_2004(
            snapshot, passing=lesson.mastery_score, threshold=lesson.completion_threshold, end=end
        )
    return outcome_of(snapshot, asset=is_asset, mastery=lesson.mastery_score, end=end)
