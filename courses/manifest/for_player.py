"""What scorm-again 3.4 needs to know to sequence an organization: its `sequencing` settings, as plain JSON.

Everything is written out, because its own defaults are not those of the specification (`flow` is true there).
Shared sequencing is merged already: it would add rules up where an item's own replace them. What it does not
take (data from the LMS, time allowed) stays with the lesson.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from courses.manifest.package import Item, Organization
from courses.manifest.sequencing import (
    NO_SEQUENCING,
    CompletionThreshold,
    LimitConditions,
    ObjectiveMap,
    RollupRule,
    Sequencing,
    SequencingObjective,
    SequencingRule,
    SharedData,
)

Json = dict[str, Any]

_TOO_FINE = re.compile(r"(\.\d\d)\d+")
# Conditions of rollup that scorm-again calls otherwise.
_ROLLUP_NAMES = {"activityProgressKnown": "progressKnown"}


def sequencing_settings(organization: Organization) -> Json:
    """For `new Scorm2004API({sequencing: …})`; an item is known by its identifier there."""
    return {"activityTree": _root(organization)}


def global_objective_ids(organization: Organization) -> list[str]:
    """Every global objective that the organization maps to, for the setting `globalObjectiveIds`."""
    found = [
        info.target
        for sequencing in _all_sequencing(organization)
        for objective in sequencing.objectives
        for info in objective.maps
    ]
    return list(dict.fromkeys(found))


def _all_sequencing(organization: Organization) -> Iterator[Sequencing]:
    yield organization.sequencing
    for item in organization.all_items:
        yield item.sequencing


def _root(organization: Organization) -> Json:
    taken = frozenset(item.identifier for item in organization.all_items)
    return {
        "id": _free(organization.identifier, "-organization", taken),
        "title": organization.title,
        **_sequencing(organization.sequencing),
        **_completion(organization.completion_threshold),
        "children": list(_activities(organization.items, taken)),
    }


def _free(identifier: str, ending: str, taken: frozenset[str]) -> str:
    while identifier in taken:
        identifier += ending
    return identifier


def _activities(items: Iterable[Item], taken: frozenset[str]) -> Iterator[Json]:
    """Headings with nothing to open below them are left out: they could be delivered, and show nothing."""
    for item in items:
        below = list(_activities(item.items, taken))
        if below or item.lesson:
            yield (
                _chapter_with_a_page(item, below, taken) if below and item.lesson else _activity(item, below)
            )


def _chapter_with_a_page(item: Item, below: list[Json], taken: frozenset[str]) -> Json:
    """A chapter that can be opened itself, which the specification does not know: its page becomes its first.

    The page keeps the identifier, by which its lesson is known; what is said of order belongs to the chapter.
    """
    page = _activity(replace(item, sequencing=NO_SEQUENCING, items=()), [])
    chapter = _activity(item, [page, *below])
    return {**chapter, "id": _free(item.identifier, "-chapter", taken)}


def _activity(item: Item, below: list[Json]) -> Json:
    return {
        "id": item.identifier,
        "title": item.title,
        "isVisible": item.visible,
        **_sequencing(item.sequencing),
        **_completion(item.completion_threshold),
        **({"timeLimitAction": item.time_limit_action} if item.time_limit_action else {}),
        **({"hideLmsUi": list(item.hide_lms_ui)} if item.hide_lms_ui else {}),
        **({"sharedDataMaps": [_shared(one) for one in item.shared_data]} if item.shared_data else {}),
        "children": below,
    }


def _sequencing(sequencing: Sequencing) -> Json:
    rules = sequencing.rules
    settings: Json = {
        "sequencingControls": _controls(sequencing),
        "deliveryControls": {
            "tracked": sequencing.delivery.tracked,
            "completionSetByContent": sequencing.delivery.completion_set_by_content,
            "objectiveSetByContent": sequencing.delivery.objective_set_by_content,
        },
        "sequencingRules": {
            "preConditionRules": [_rule(one) for one in rules.pre],
            "exitConditionRules": [_rule(one) for one in rules.exit],
            "postConditionRules": [_rule(one) for one in rules.post],
        },
        "rollupRules": {"rules": [_rollup_rule(one) for one in sequencing.rollup.rules]},
        "rollupConsiderations": _considerations(sequencing),
        **_limits(sequencing.limits),
        **_objectives(sequencing),
    }
    if sequencing.auxiliary_resources:
        settings["auxiliaryResources"] = [
            {"resourceId": one.identifier, "purpose": one.purpose} for one in sequencing.auxiliary_resources
        ]
    return settings


def _controls(sequencing: Sequencing) -> Json:
    """`randomizeChildren` is the manifest's reorderChildren; what they call so is a state, not a wish."""
    mode, choice, random = sequencing.control_mode, sequencing.constrained_choice, sequencing.randomization
    return {
        "choice": mode.choice,
        "choiceExit": mode.choice_exit,
        "flow": mode.flow,
        "forwardOnly": mode.forward_only,
        "useCurrentAttemptObjectiveInfo": mode.use_current_attempt_objective_info,
        "useCurrentAttemptProgressInfo": mode.use_current_attempt_progress_info,
        "preventActivation": choice.prevent_activation,
        "constrainChoice": choice.constrain_choice,
        "rollupObjectiveSatisfied": sequencing.rollup.objective_satisfied,
        "rollupProgressCompletion": sequencing.rollup.progress_completion,
        "objectiveMeasureWeight": sequencing.rollup.measure_weight,
        "selectionTiming": random.selection_timing,
        "selectCount": random.select_count,
        "randomizationTiming": random.randomization_timing,
        "randomizeChildren": random.reorder_children,
    }


def _rule(rule: SequencingRule) -> Json:
    return {
        "action": rule.action,
        "conditionCombination": rule.combination,
        "conditions": [
            {
                "condition": one.condition,
                **({"operator": "not"} if one.negated else {}),
                **({"referencedObjective": one.objective} if one.objective else {}),
                **({} if one.measure is None else {"parameters": {"threshold": one.measure}}),
            }
            for one in rule.conditions
        ],
    }


def _rollup_rule(rule: RollupRule) -> Json:
    """The manifest's minimumPercent is 0..1, theirs 0..100."""
    return {
        "action": rule.action,
        "conditionCombination": rule.combination,
        "consideration": rule.children,
        "minimumCount": rule.count,
        "minimumPercent": rule.percent * 100,
        "conditions": [
            {
                "condition": _ROLLUP_NAMES.get(one.condition, one.condition),
                "operator": "not" if one.negated else "noOp",
            }
            for one in rule.conditions
        ],
    }


def _considerations(sequencing: Sequencing) -> Json:
    found = sequencing.rollup_considerations
    return {
        "requiredForSatisfied": found.required_for_satisfied,
        "requiredForNotSatisfied": found.required_for_not_satisfied,
        "requiredForCompleted": found.required_for_completed,
        "requiredForIncomplete": found.required_for_incomplete,
        "measureSatisfactionIfActive": found.measure_satisfaction_if_active,
    }


def _limits(limits: LimitConditions) -> Json:
    found = {
        "attemptLimit": limits.attempts,
        "attemptAbsoluteDurationLimit": _hundredths(limits.attempt_absolute_duration) or None,
        "activityAbsoluteDurationLimit": _hundredths(limits.activity_absolute_duration) or None,
        "beginTimeLimit": limits.begin or None,
        "endTimeLimit": limits.end or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _hundredths(duration: str) -> str:
    """A duration with at most two decimals, as in the run-time; scorm-again fails at more."""
    return _TOO_FINE.sub(r"\1", duration)


def _objectives(sequencing: Sequencing) -> Json:
    """A primary objective without a name gets a blank one.

    With none at all scorm-again would leave the objective out; a blank one it keeps out of the lesson's own
    list (`cmi.objectives`), where the specification does not want it either.
    """
    primary = sequencing.primary
    others = [_objective(one, one.identifier) for one in sequencing.objectives if not one.primary]
    found: Json = {}
    if primary is not None:
        found["primaryObjective"] = _objective(primary, primary.identifier or " ")
    if others:
        found["objectives"] = others
    return found


def _objective(objective: SequencingObjective, identifier: str) -> Json:
    return {
        "objectiveID": identifier,
        "isPrimary": objective.primary,
        "satisfiedByMeasure": objective.satisfied_by_measure,
        "minNormalizedMeasure": objective.min_measure if objective.satisfied_by_measure else None,
        "mapInfo": [_map(one) for one in objective.maps],
    }


def _map(info: ObjectiveMap) -> Json:
    return {
        "targetObjectiveID": info.target,
        "readSatisfiedStatus": info.read_satisfied_status,
        "readNormalizedMeasure": info.read_normalized_measure,
        "writeSatisfiedStatus": info.write_satisfied_status,
        "writeNormalizedMeasure": info.write_normalized_measure,
        "readRawScore": info.read_raw_score,
        "readMinScore": info.read_min_score,
        "readMaxScore": info.read_max_score,
        "readCompletionStatus": info.read_completion_status,
        "readProgressMeasure": info.read_progress_measure,
        "writeRawScore": info.write_raw_score,
        "writeMinScore": info.write_min_score,
        "writeMaxScore": info.write_max_score,
        "writeCompletionStatus": info.write_completion_status,
        "writeProgressMeasure": info.write_progress_measure,
    }


def _completion(threshold: CompletionThreshold | None) -> Json:
    if threshold is None:
        return {}
    return {
        "completionThreshold": {
            "completedByMeasure": threshold.completed_by_measure,
            "minProgressMeasure": threshold.min_progress_measure,
            "progressWeight": threshold.progress_weight,
        }
    }


def _shared(store: SharedData) -> Json:
    return {"targetID": store.target, "readSharedData": store.read, "writeSharedData": store.write}
