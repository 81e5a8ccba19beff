"""What a session amounts to. SCORM 1.2 puts completing and passing into one word; here they part ways."""

from dataclasses import dataclass
from enum import StrEnum

from lms.player.rules.snapshot import Score, Snapshot

_DONE = frozenset({"passed", "completed"})
_UNDECIDED = frozenset({"incomplete", "browsed"})


class End(StrEnum):
    """How a session ended: the package said LMSFinish, or the learner left and it said nothing."""

    FINISH = "finish"
    LEAVE = "leave"


@dataclass(frozen=True)
class Outcome:
    """`success` is None while nobody can say; `progress` is 0..1."""

    completion: bool
    success: bool | None
    score: Score
    progress: float


def outcome_of(snapshot: Snapshot, *, asset: bool, mastery: float | None, end: End | None) -> Outcome:
    """The outcome by the rules of SCORM 1.2 (Run-Time Environment 3.4.4, cmi.core.lesson_status).

    At LMSFinish a pass mark decides over what the package said of itself, unless it is still incomplete; a
    package that never set a status has completed by finishing. Before that a claim to have passed stands
    only where the score does not speak against it. An asset is completed by being seen.
    """
    if asset:
        return Outcome(completion=True, success=None, score=Score(), progress=1.0)
    finished = end is End.FINISH
    status = "completed" if finished and snapshot.status == "not attempted" else snapshot.status
    completion = status in _DONE
    success = {"passed": True, "failed": False}.get(status)
    raw = snapshot.score.raw
    if mastery is not None and raw is not None:
        reached = raw >= mastery
        if finished and status not in _UNDECIDED:
            success, completion = reached, completion or reached
        elif status == "passed" and not reached:
            success, completion = None, False
    return Outcome(completion, success, snapshot.score, 1.0 if completion else part_of_objectives(snapshot))


def part_of_objectives(snapshot: Snapshot) -> float:
    """The part of the objectives that is done; 0 where there are too few to tell."""
    total = len(snapshot.objectives)
    if total < 2:  # noqa: PLR2004
        return 0.0
    return sum(status in _DONE for _, status in snapshot.objectives) / total
