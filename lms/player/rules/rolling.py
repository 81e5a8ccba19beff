"""Whether a course with sequencing is completed by its lessons (SCORM 2004 Sequencing, RB.1.3).

Works on `activityTree` as `courses.manifest.sequencing_settings` writes it, and on what is recorded of
lessons: one that was completed and did not fail counts as satisfied, as sequencing itself takes it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Activity = Mapping[str, Any]


@dataclass(frozen=True)
class Reached:
    """Lessons by identifier."""

    completed: Collection[str]
    attempted: Collection[str]
    failed: Collection[str]


@dataclass(frozen=True)
class _Status:
    """None is unknown."""

    completed: bool | None
    satisfied: bool | None
    attempted: bool


def course_is_completed(tree: Activity, reached: Reached) -> bool:
    """By the rollup rules of the root; where nothing counts towards it, by all lessons."""
    found = _status(tree, reached)
    if found.completed is None:
        return all(lesson in reached.completed for lesson in _lessons(tree))
    return found.completed


def _lessons(activity: Activity) -> Iterator[str]:
    if not activity["children"]:
        yield activity["id"]
    for child in activity["children"]:
        yield from _lessons(child)


def _status(activity: Activity, reached: Reached) -> _Status:
    identifier = activity["id"]
    if not activity["children"]:
        completed = identifier in reached.completed
        failed = identifier in reached.failed
        attempted = completed or identifier in reached.attempted
        satisfied = False if failed else True if completed else None
        return _Status(completed if attempted else None, satisfied, attempted)
    statuses = [(child, _status(child, reached)) for child in activity["children"]]
    return _Status(
        completed=_rolled_up(activity, statuses, "completed", "incomplete"),
        satisfied=_rolled_up(activity, statuses, "satisfied", "notSatisfied"),
        attempted=any(status.attempted for _, status in statuses),
    )


def _rolled_up(
    activity: Activity, statuses: Iterable[tuple[Activity, _Status]], yes: str, no: str
) -> bool | None:
    """By rules of its own where there are any (the negative ones first), else as all children are."""
    counted = [(child, status) for child, status in statuses if _counts(child, yes)]
    if not counted:
        return None
    rules = [rule for rule in activity["rollupRules"]["rules"] if rule["action"] in (yes, no)]
    verdicts = {rule["action"] for rule in rules if _holds(rule, _considered(counted, rule["action"]))}
    if rules:
        return True if yes in verdicts else False if no in verdicts else None
    values = [getattr(status, yes) for _, status in _considered(counted, yes)]
    return bool(values) and all(value is True for value in values)


def _counts(child: Activity, action: str) -> bool:
    """Whether the child takes part in rollup at all."""
    name = "rollupProgressCompletion" if action == "completed" else "rollupObjectiveSatisfied"
    tracked: bool = child["deliveryControls"]["tracked"] and child["sequencingControls"][name]
    return tracked


def _considered(counted: list[tuple[Activity, _Status]], action: str) -> list[tuple[Activity, _Status]]:
    """Those whose own considerations let them count for this action (adlseq:rollupConsiderations)."""
    name = "requiredFor" + action[0].upper() + action[1:]
    return [
        (child, status)
        for child, status in counted
        if child["rollupConsiderations"].get(name, "always") != "ifAttempted" or status.attempted
    ]


def _holds(rule: Mapping[str, Any], considered: list[tuple[Activity, _Status]]) -> bool:
    answers = [_meets(rule, status) for _, status in considered]
    if not answers:
        return False
    met = sum(answers)
    enough = {
        "all": met == len(answers),
        "any": met > 0,
        "none": met == 0,
        "atLeastCount": met >= rule["minimumCount"],
        "atLeastPercent": 100 * met >= rule["minimumPercent"] * len(answers),
    }
    return bool(enough[rule["consideration"]])


def _meets(rule: Mapping[str, Any], status: _Status) -> bool:
    answers = [
        _condition(one["condition"], status) != (one["operator"] == "not") for one in rule["conditions"]
    ]
    return any(answers) if rule["conditionCombination"] == "any" else all(answers)


def _condition(name: str, status: _Status) -> bool:
    """What nobody records here (measures, limits) does not hold."""
    known = {
        "completed": status.completed is True,
        "progressKnown": status.completed is not None,
        "satisfied": status.satisfied is True,
        "objectiveStatusKnown": status.satisfied is not None,
        "attempted": status.attempted,
    }
    return known.get(name, False)
