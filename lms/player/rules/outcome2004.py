"""What a session of SCORM 2004 amounts to (Run-Time Environment 4.2.4 and 4.2.22; Sequencing UP.4)."""

from lms.player.rules.outcome import End, Outcome, part_of_objectives
from lms.player.rules.snapshot2004 import Snapshot2004


def outcome_of_2004(
    snapshot: Snapshot2004, *, passing: float | None, threshold: float | None, end: End | None
) -> Outcome:
    """The outcome with the pass mark (`passing`, scaled -1..1) and the completion threshold (0..1).

    Both decide over what the package says of itself. A package that says nothing of completion has completed
    by finishing, unless it is to be resumed. Failing by the pass mark is certain at the end only: until then
    the score may grow.
    """
    over = end is End.FINISH and snapshot.exit != "suspend"
    completion = _completion(snapshot, threshold, over=over)
    success = _success(snapshot, passing, over=over)
    progress = part_of_objectives(snapshot) if snapshot.progress is None else snapshot.progress
    return Outcome(completion, success, snapshot.score, 1.0 if completion else progress)


def _completion(snapshot: Snapshot2004, threshold: float | None, *, over: bool) -> bool:
    if threshold is not None and snapshot.progress is not None:
        return snapshot.progress >= threshold
    if snapshot.completion == "unknown":
        return over
    return snapshot.completion == "completed"


def _success(snapshot: Snapshot2004, passing: float | None, *, over: bool) -> bool | None:
    said = {"passed": True, "failed": False}.get(snapshot.success)
    scaled = snapshot.score.scaled
    if passing is None or scaled is None:
        return said
    if scaled >= passing:
        return True
    return False if over or said is False else None
