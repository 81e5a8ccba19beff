"""Reading imsss:sequencing with its adlseq extensions (CAM 5.1 and 5.2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from courses.manifest.objectives_reader import objectives
from courses.manifest.rules_reader import rollup_rules, sequencing_rules
from courses.manifest.sequencing import (
    AuxiliaryResource,
    ConstrainedChoice,
    ControlMode,
    DeliveryControls,
    LimitConditions,
    RandomizationControls,
    RollupConsiderations,
    Sequencing,
)
from courses.manifest.values import Values
from courses.manifest.xml import Element, attribute, child, children, descendants, namespace

_TIMINGS = ("never", "once", "onEachNewAttempt")
_REQUIRED = ("always", "ifAttempted", "ifNotSkipped", "ifNotSuspended")


def shared_sequencing(root: Element) -> dict[str, Element]:
    """The sequencing that items may refer to, by its ID; of two with one ID, the first."""
    shared: dict[str, Element] = {}
    for collection in descendants(root, "sequencingCollection"):
        for element in children(collection, "sequencing"):
            shared.setdefault(attribute(element, "ID"), element)
    return shared


@dataclass(frozen=True)
class _Parts:
    """An item's own sequencing and the shared one: of each element inside, the first there is, whole."""

    elements: Sequence[Element]

    def find(self, name: str, *, adlseq: bool = False) -> Element | None:
        """Both imsss and adlseq have an element called `objectives`; the namespace tells them apart."""
        found = (one for part in self.elements for one in children(part, name))
        return next((one for one in found if ("adlseq" in namespace(one)) == adlseq), None)

    def any(self, name: str) -> Element | None:
        """An element that only adlseq has, in whatever namespace a tool has put it."""
        return next((one for part in self.elements for one in children(part, name)), None)


def sequencing_of(element: Element, shared: Mapping[str, Element], values: Values) -> Sequencing:
    """The sequencing of an item or organization; all defaults where it says nothing."""
    own = child(element, "sequencing")
    if own is None:
        return Sequencing()
    parts = _Parts([own, *_referred(own, shared, values)])
    return Sequencing(
        control_mode=_control_mode(parts.find("controlMode"), values),
        constrained_choice=_constrained_choice(parts.any("constrainedChoiceConsiderations"), values),
        rules=sequencing_rules(parts.find("sequencingRules"), values),
        limits=_limits(parts.find("limitConditions"), values),
        auxiliary_resources=tuple(_auxiliary(parts.find("auxiliaryResources"))),
        rollup=rollup_rules(parts.find("rollupRules"), values),
        rollup_considerations=_considerations(parts.any("rollupConsiderations"), values),
        objectives=objectives(parts.find("objectives"), parts.find("objectives", adlseq=True), values),
        randomization=_randomization(parts.find("randomizationControls"), values),
        delivery=_delivery(parts.find("deliveryControls"), values),
    )


def _referred(own: Element, shared: Mapping[str, Element], values: Values) -> Iterator[Element]:
    wanted = attribute(own, "IDRef")
    if wanted in shared:
        yield shared[wanted]
    elif wanted:
        values.source.notice(
            "“%(title)s” refers to the shared sequencing “%(wanted)s”, which the manifest does not have.",
            title=values.title,
            wanted=wanted,
        )


def _control_mode(element: Element | None, values: Values) -> ControlMode:
    def flag(name: str, *, default: bool) -> bool:
        return values.flag(element, name, default=default)

    return ControlMode(
        choice=flag("choice", default=True),
        choice_exit=flag("choiceExit", default=True),
        flow=flag("flow", default=False),
        forward_only=flag("forwardOnly", default=False),
        use_current_attempt_objective_info=flag("useCurrentAttemptObjectiveInfo", default=True),
        use_current_attempt_progress_info=flag("useCurrentAttemptProgressInfo", default=True),
    )


def _constrained_choice(element: Element | None, values: Values) -> ConstrainedChoice:
    return ConstrainedChoice(
        prevent_activation=values.flag(element, "preventActivation", default=False),
        constrain_choice=values.flag(element, "constrainChoice", default=False),
    )


def _limits(element: Element | None, values: Values) -> LimitConditions:
    if element is None:
        return LimitConditions()
    return LimitConditions(
        attempts=values.whole(element, "attemptLimit"),
        attempt_absolute_duration=values.duration(element, "attemptAbsoluteDurationLimit"),
        attempt_experienced_duration=values.duration(element, "attemptExperiencedDurationLimit"),
        activity_absolute_duration=values.duration(element, "activityAbsoluteDurationLimit"),
        activity_experienced_duration=values.duration(element, "activityExperiencedDurationLimit"),
        begin=values.moment(element, "beginTimeLimit"),
        end=values.moment(element, "endTimeLimit"),
    )


def _auxiliary(element: Element | None) -> Iterator[AuxiliaryResource]:
    for one in () if element is None else children(element, "auxiliaryResource"):
        yield AuxiliaryResource(attribute(one, "auxiliaryResourceID"), attribute(one, "purpose"))


def _considerations(element: Element | None, values: Values) -> RollupConsiderations:
    def required(name: str) -> str:
        return values.word(element, name, _REQUIRED, "always")

    return RollupConsiderations(
        required_for_satisfied=required("requiredForSatisfied"),
        required_for_not_satisfied=required("requiredForNotSatisfied"),
        required_for_completed=required("requiredForCompleted"),
        required_for_incomplete=required("requiredForIncomplete"),
        measure_satisfaction_if_active=values.flag(element, "measureSatisfactionIfActive", default=True),
    )


def _randomization(element: Element | None, values: Values) -> RandomizationControls:
    return RandomizationControls(
        randomization_timing=values.word(element, "randomizationTiming", _TIMINGS, "never"),
        reorder_children=values.flag(element, "reorderChildren", default=False),
        selection_timing=values.word(element, "selectionTiming", _TIMINGS, "never"),
        select_count=values.whole(element, "selectCount"),
    )


def _delivery(element: Element | None, values: Values) -> DeliveryControls:
    return DeliveryControls(
        tracked=values.flag(element, "tracked", default=True),
        completion_set_by_content=values.flag(element, "completionSetByContent", default=False),
        objective_set_by_content=values.flag(element, "objectiveSetByContent", default=False),
    )
