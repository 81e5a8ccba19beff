"""Whether a course with sequencing is completed by its lessons (SCORM 2004 Sequencing, RB.1.3).

Works on `activityTree` as `courses.manifest.sequencing_settings` writes it, and on what is recorded of
lessons: one that was completed and did not fail counts as satisfied, as sequencing itself takes it, unless
its content says that by itself (`objectiveSetByContent`). What global objectives carry from one activity to
another is followed; of several that write one, the best counts.
Which lessons a chapter drew by lot only the browser knows; here they are those in which most was reached.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

Activity = Mapping[str, Any]


@dataclass(frozen=True)
class Reached:
    """Lessons by identifier; `objectives` are global ones that are satisfied."""

    completed: Collection[str]
    attempted: Collection[str]
    failed: Collection[str]
    passed: Collection[str] = ()
    objectives: Collection[str] = ()


@dataclass(frozen=True)
class _Status:
    """None is unknown."""

    completed: bool | None
    satisfied: bool | None
    attempted: bool


def course_is_completed(tree: Activity, reached: Reached) -> bool:
    """By the rollup rules of the root; where nothing counts towards it, by all lessons."""
    # Global objectives that are satisfied, or known not to be. What one activity writes another may read.
    shared = dict.fromkeys(reached.objectives, True)
    before: dict[str, bool] | None = None
    while before != shared:  # ends, for none is taken back
        before = dict(shared)
        found = _status(tree, reached, shared)
    if found.completed is None:
        return all(lesson in reached.completed for lesson in _lessons(tree))
    return found.completed


def _lessons(activity: Activity) -> Iterator[str]:
    if not activity["children"]:
        yield activity["id"]
    for child in activity["children"]:
        yield from _lessons(child)


def _status(activity: Activity, reached: Reached, shared: dict[str, bool]) -> _Status:
    if not activity["children"]:
        found = _of_lesson(activity, reached)
    else:
        statuses = [(child, _status(child, reached, shared)) for child in activity["children"]]
        statuses = _drawn(activity, statuses)
        found = _Status(
            completed=_rolled_up(activity, statuses, "completed", "incomplete"),
            satisfied=_rolled_up(activity, statuses, "satisfied", "notSatisfied"),
            attempted=any(status.attempted for _, status in statuses),
        )
    return replace(found, satisfied=_through_objectives(activity, shared, own=found.satisfied))


def _of_lesson(activity: Activity, reached: Reached) -> _Status:
    identifier = activity["id"]
    completed = identifier in reached.completed
    attempted = completed or identifier in reached.attempted
    by_itself = completed and not activity["deliveryControls"]["objectiveSetByContent"]
    satisfied = True if by_itself or identifier in reached.passed else None
    if identifier in reached.failed:
        satisfied = False
    return _Status(completed if attempted else None, satisfied, attempted)


def _through_objectives(activity: Activity, shared: dict[str, bool], *, own: bool | None) -> bool | None:
    """Whether it is satisfied, once its primary objective has written to global ones and read from them."""
    maps = activity.get("primaryObjective", {}).get("mapInfo", [])
    for each in maps:
        if each["writeSatisfiedStatus"] and own is not None:
            target = each["targetObjectiveID"]
            shared[target] = shared.get(target, False) or own
    read = [shared.get(each["targetObjectiveID"]) for each in maps if each["readSatisfiedStatus"]]
    return next((value for value in read if value is not None), own)


def _drawn(activity: Activity, statuses: list[tuple[Activity, _Status]]) -> list[tuple[Activity, _Status]]:
    """Of a chapter that draws its lessons by lot: as many as it draws, those in which most was reached."""
    controls = activity["sequencingControls"]
    count = controls["selectCount"]
    if count is None or controls["selectionTiming"] == "never":
        return statuses

    def reached(pair: tuple[Activity, _Status]) -> tuple[bool, bool, bool]:
        return pair[1].satisfied is True, pair[1].completed is True, pair[1].attempted

    return sorted(statuses, key=reached, reverse=True)[:count]


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
        if _is_required(child["rollupConsiderations"].get(name, "always"), child, status)
    ]


def _is_required(when: str, child: Activity, status: _Status) -> bool:
    """What is done counts, also where it would be skipped the next time."""
    if when == "ifAttempted":
        return status.attempted
    if when == "ifNotSkipped" and not status.completed:
        rules = child["sequencingRules"]["preConditionRules"]
        return not any(rule["action"] == "skip" and _meets(rule, status) for rule in rules)
    return True


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
        _condition(one["condition"], status) != (one.get("operator") == "not")
        for one in rule["conditions"]
        if "referencedObjective" not in one
    ]
    return any(answers) if rule["conditionCombination"] == "any" else bool(answers) and all(answers)


def _condition(name: str, status: _Status) -> bool:
    """What nobody records here (measures, limits) does not hold."""
    known = {
        "completed": status.completed is True,
        "progressKnown": status.completed is not None,
        "satisfied": status.satisfied is True,
        "objectiveStatusKnown": status.satisfied is not None,
        "attempted": status.attempted,
        "always": True,
    }
    return known.get(name, False)
