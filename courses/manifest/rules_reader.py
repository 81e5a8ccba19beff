"""Reading sequencing rules and rollup rules (CAM 5.1.4 and 5.1.7)."""

from collections.abc import Iterator

from courses.manifest.sequencing import (
    Combination,
    RollupCondition,
    RollupRule,
    RollupRules,
    RuleCondition,
    SequencingRule,
    SequencingRules,
)
from courses.manifest.values import Values
from courses.manifest.xml import Element, attribute, child, children

_CONDITIONS = (
    "satisfied",
    "objectiveStatusKnown",
    "objectiveMeasureKnown",
    "objectiveMeasureGreaterThan",
    "objectiveMeasureLessThan",
    "completed",
    "activityProgressKnown",
    "attempted",
    "attemptLimitExceeded",
    "timeLimitExceeded",
    "outsideAvailableTimeRange",
    "always",
)
_NOT_OF_ROLLUP = ("objectiveMeasureGreaterThan", "objectiveMeasureLessThan", "always")
_ROLLUP_CONDITIONS = tuple(one for one in _CONDITIONS if one not in _NOT_OF_ROLLUP)
_PRE = ("skip", "disabled", "hiddenFromChoice", "stopForwardTraversal")
_EXIT = ("exit",)
_POST = ("exitParent", "exitAll", "retry", "retryAll", "continue", "previous")
_ROLLUP_ACTIONS = ("satisfied", "notSatisfied", "completed", "incomplete")
_CHILDREN = ("all", "any", "none", "atLeastCount", "atLeastPercent")
_OPERATORS = ("noOp", "not")
_HIGHEST_WEIGHT = 1.0


def sequencing_rules(element: Element | None, values: Values) -> SequencingRules:
    if element is None:
        return SequencingRules()
    return SequencingRules(
        pre=tuple(_rules(element, "preConditionRule", _PRE, values)),
        exit=tuple(_rules(element, "exitConditionRule", _EXIT, values)),
        post=tuple(_rules(element, "postConditionRule", _POST, values)),
    )


def _rules(element: Element, name: str, actions: tuple[str, ...], values: Values) -> Iterator[SequencingRule]:
    """The rules of one kind; one without an action or without conditions would do nothing."""
    for rule in children(element, name):
        action = values.word(child(rule, "ruleAction"), "action", actions, "")
        conditions = child(rule, "ruleConditions")
        found = tuple(_conditions(conditions, values))
        if action and found:
            yield SequencingRule(action, found, _combination(conditions, "all", values))


def _conditions(element: Element | None, values: Values) -> Iterator[RuleCondition]:
    for one in () if element is None else children(element, "ruleCondition"):
        if condition := values.word(one, "condition", _CONDITIONS, ""):
            yield RuleCondition(
                condition=condition,
                negated=_negated(one, values),
                objective=attribute(one, "referencedObjective"),
                measure=values.decimal("measureThreshold", attribute(one, "measureThreshold"), -1, 1),
            )


def _negated(element: Element, values: Values) -> bool:
    return values.word(element, "operator", _OPERATORS, "noOp") == "not"


def _combination(element: Element | None, default: Combination, values: Values) -> Combination:
    written = values.word(element, "conditionCombination", ("all", "any"), default)
    return "any" if written == "any" else "all"


def rollup_rules(element: Element | None, values: Values) -> RollupRules:
    rules = () if element is None else tuple(_rollup_rules(element, values))
    return RollupRules(
        objective_satisfied=values.flag(element, "rollupObjectiveSatisfied", default=True),
        progress_completion=values.flag(element, "rollupProgressCompletion", default=True),
        measure_weight=values.number(element, "objectiveMeasureWeight", _HIGHEST_WEIGHT, 0, _HIGHEST_WEIGHT),
        rules=rules,
    )


def _rollup_rules(element: Element, values: Values) -> Iterator[RollupRule]:
    for rule in children(element, "rollupRule"):
        action = values.word(child(rule, "rollupAction"), "action", _ROLLUP_ACTIONS, "")
        conditions = child(rule, "rollupConditions")
        found = tuple(_rollup_conditions(conditions, values))
        if action and found:
            yield RollupRule(
                action=action,
                conditions=found,
                combination=_combination(conditions, "any", values),
                children=values.word(rule, "childActivitySet", _CHILDREN, "all"),
                count=values.whole(rule, "minimumCount") or 0,
                percent=values.number(rule, "minimumPercent", 0, 0, 1),
            )


def _rollup_conditions(element: Element | None, values: Values) -> Iterator[RollupCondition]:
    for one in () if element is None else children(element, "rollupCondition"):
        if condition := values.word(one, "condition", _ROLLUP_CONDITIONS, ""):
            yield RollupCondition(condition, negated=_negated(one, values))
