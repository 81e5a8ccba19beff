"""Sequencing and navigation of SCORM 2004, as manifests write it."""

import pytest

from courses.manifest import read
from courses.manifest.sequencing import (
    NO_SEQUENCING,
    AuxiliaryResource,
    CompletionThreshold,
    ConstrainedChoice,
    ControlMode,
    DeliveryControls,
    LimitConditions,
    ObjectiveMap,
    RandomizationControls,
    RollupCondition,
    RollupConsiderations,
    RollupRule,
    RollupRules,
    RuleCondition,
    SequencingObjective,
    SequencingRule,
    SequencingRules,
    SharedData,
)
from tests.courses.manifest.sequencing import controls, item, manifest, organization, rule, sequencing
from tests.factories.packages import unpacked


def first(folder, inside: str, **options: str):
    """What the sequencing of the first item comes to."""
    return organization(folder, item("A", sequencing(inside)), **options).items[0].sequencing


def notices(folder, contents: str, **options: str) -> str:
    files = {"index.html": b"", "imsmanifest.xml": manifest(contents, **options)}
    return "\n".join(map(str, read(unpacked(folder, files)).warnings))


def test_what_is_left_out_is_as_the_specification_says(tmp_path):
    found = organization(tmp_path, item("A") + item("B", sequencing()))
    assert [one.sequencing for one in found.items] == [NO_SEQUENCING, NO_SEQUENCING]
    assert found.sequencing == NO_SEQUENCING
    assert not NO_SEQUENCING.control_mode.flow
    assert NO_SEQUENCING.control_mode.choice
    assert found.items[0].completion_threshold is None


def test_control_modes_are_read_on_the_organization_and_its_items(tmp_path):
    mode = controls(
        choice="false",
        choiceExit="false",
        flow="true",
        forwardOnly="true",
        useCurrentAttemptObjectiveInfo="0",
    )
    inner = item("A", item("B") + sequencing(controls(flow="TRUE")), launch=False)
    found = organization(tmp_path, inner + sequencing(mode))
    assert found.sequencing.control_mode == ControlMode(
        choice=False,
        choice_exit=False,
        flow=True,
        forward_only=True,
        use_current_attempt_objective_info=False,
    )
    assert found.items[0].sequencing.control_mode == ControlMode(flow=True)


def test_rules_of_all_three_kinds_are_read(tmp_path):
    found = first(
        tmp_path,
        "<imsss:sequencingRules>"
        + rule("pre", "skip", 'condition="satisfied"')
        + rule(
            "pre",
            "disabled",
            'condition="objectiveMeasureGreaterThan" referencedObjective="O1" measureThreshold="0.5"',
            'condition="attempted" operator="not"',
            combination="any",
        )
        + rule("exit", "exit", 'condition="timeLimitExceeded"')
        + rule("post", "retryAll", 'condition="always"')
        + "</imsss:sequencingRules>",
    )
    assert found.rules == SequencingRules(
        pre=(
            SequencingRule("skip", (RuleCondition("satisfied"),)),
            SequencingRule(
                "disabled",
                (
                    RuleCondition("objectiveMeasureGreaterThan", objective="O1", measure=0.5),
                    RuleCondition("attempted", negated=True),
                ),
                combination="any",
            ),
        ),
        exit=(SequencingRule("exit", (RuleCondition("timeLimitExceeded"),)),),
        post=(SequencingRule("retryAll", (RuleCondition("always"),)),),
    )


@pytest.mark.parametrize(
    "broken",
    [
        rule("pre", "exitAll", 'condition="satisfied"'),
        rule("post", "skip", 'condition="satisfied"'),
        rule("pre", "skip", 'condition="fulfilled"'),
        rule("pre", "skip"),
    ],
)
def test_a_rule_that_means_nothing_is_left_out(tmp_path, broken):
    assert (
        first(tmp_path, f"<imsss:sequencingRules>{broken}</imsss:sequencingRules>").rules == SequencingRules()
    )


def test_limits_are_read(tmp_path):
    found = first(
        tmp_path,
        '<imsss:limitConditions attemptLimit="2" attemptAbsoluteDurationLimit="PT1H30M" '
        'activityAbsoluteDurationLimit="P1D" attemptExperiencedDurationLimit="PT0.5S" '
        'activityExperiencedDurationLimit="soon" beginTimeLimit="2026-01-02T03:04:05Z" '
        'endTimeLimit="2026-12-31"/>',
    )
    assert found.limits == LimitConditions(
        attempts=2,
        attempt_absolute_duration="PT1H30M",
        attempt_experienced_duration="PT0.5S",
        activity_absolute_duration="P1D",
        begin="2026-01-02T03:04:05Z",
        end="2026-12-31",
    )


def test_rollup_is_read(tmp_path):
    found = first(
        tmp_path,
        '<imsss:rollupRules rollupObjectiveSatisfied="false" rollupProgressCompletion="false" '
        'objectiveMeasureWeight="0.25"><imsss:rollupRule childActivitySet="atLeastPercent" '
        'minimumPercent="0.5"><imsss:rollupConditions conditionCombination="all">'
        '<imsss:rollupCondition condition="attempted"/>'
        '<imsss:rollupCondition operator="not" condition="satisfied"/></imsss:rollupConditions>'
        '<imsss:rollupAction action="notSatisfied"/></imsss:rollupRule></imsss:rollupRules>'
        '<adlseq:rollupConsiderations requiredForSatisfied="ifNotSuspended" '
        'requiredForIncomplete="ifAttempted" measureSatisfactionIfActive="false"/>',
    )
    assert found.rollup == RollupRules(
        objective_satisfied=False,
        progress_completion=False,
        measure_weight=0.25,
        rules=(
            RollupRule(
                "notSatisfied",
                (RollupCondition("attempted"), RollupCondition("satisfied", negated=True)),
                combination="all",
                children="atLeastPercent",
                percent=0.5,
            ),
        ),
    )
    assert found.rollup_considerations == RollupConsiderations(
        required_for_satisfied="ifNotSuspended",
        required_for_incomplete="ifAttempted",
        measure_satisfaction_if_active=False,
    )


OBJECTIVES = (
    "<imsss:objectives>"
    '<imsss:objective objectiveID="S"><imsss:mapInfo targetObjectiveID="g2" writeSatisfiedStatus="true"/>'
    "</imsss:objective>"
    '<imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true">'
    "<imsss:minNormalizedMeasure>0,6</imsss:minNormalizedMeasure>"
    '<imsss:mapInfo targetObjectiveID="g1" readSatisfiedStatus="false" writeNormalizedMeasure="true"/>'
    "</imsss:primaryObjective></imsss:objectives>"
)
MORE = (
    '<adlseq:objectives><adlseq:objective objectiveID="P"><adlseq:mapInfo targetObjectiveID="g1" '
    'readRawScore="false" readMinScore="false" readMaxScore="false" writeRawScore="true" '
    'writeCompletionStatus="true"/></adlseq:objective></adlseq:objectives>'
)
P_MAP = ObjectiveMap("g1", read_normalized_measure=True, write_normalized_measure=True)
S_MAP = ObjectiveMap(
    "g2", read_satisfied_status=True, read_normalized_measure=True, write_satisfied_status=True
)


def test_objectives_and_their_maps_are_read_the_primary_one_first(tmp_path):
    found = first(tmp_path, OBJECTIVES, edition="3rd")
    assert found.objectives == (
        SequencingObjective("P", True, True, 0.6, (P_MAP,)),
        SequencingObjective("S", maps=(S_MAP,)),
    )
    assert found.primary == found.objectives[0]


def test_the_fourth_edition_maps_scores_and_progress_of_the_same_objective(tmp_path):
    (primary, _) = first(tmp_path, OBJECTIVES + MORE).objectives
    assert primary.maps == (
        ObjectiveMap(
            "g1",
            read_normalized_measure=True,
            write_normalized_measure=True,
            read_completion_status=True,
            read_progress_measure=True,
            write_raw_score=True,
            write_completion_status=True,
        ),
    )


def test_the_fourth_edition_alone_may_map_to_another_target(tmp_path):
    (primary, _) = first(tmp_path, OBJECTIVES + MORE.replace("g1", "g9")).objectives
    assert [one.target for one in primary.maps] == ["g1", "g9"]
    assert not primary.maps[1].read_satisfied_status


def test_randomization_delivery_choice_and_auxiliary_resources_are_read(tmp_path):
    found = first(
        tmp_path,
        '<imsss:randomizationControls randomizationTiming="once" reorderChildren="true" '
        'selectionTiming="onEachNewAttempt" selectCount="3"/>'
        '<imsss:deliveryControls tracked="false" completionSetByContent="true" objectiveSetByContent="true"/>'
        '<adlseq:constrainedChoiceConsiderations preventActivation="true" constrainChoice="true"/>'
        '<imsss:auxiliaryResources><imsss:auxiliaryResource auxiliaryResourceID="help" purpose="Help"/>'
        "</imsss:auxiliaryResources>",
    )
    assert found.randomization == RandomizationControls("once", True, "onEachNewAttempt", 3)
    assert found.delivery == DeliveryControls(False, True, True)
    assert found.constrained_choice == ConstrainedChoice(True, True)
    assert found.auxiliary_resources == (AuxiliaryResource("help", "Help"),)


SHARED = (
    "<imsss:sequencingCollection>"
    + sequencing(
        controls(flow="true", choice="false")
        + '<imsss:limitConditions attemptLimit="4"/>'
        + "<imsss:rollupRules rollupObjectiveSatisfied='false'/>",
        'ID="common"',
    )
    + "</imsss:sequencingCollection>"
)


def test_an_element_of_its_own_replaces_the_shared_one_whole(tmp_path):
    own = sequencing(controls(forwardOnly="true"), 'IDRef="common"')
    found = organization(tmp_path, item("A", own), after=SHARED).items[0].sequencing
    assert found.control_mode == ControlMode(forward_only=True)
    assert found.limits.attempts == 4
    assert not found.rollup.objective_satisfied


def test_shared_sequencing_that_does_not_exist_is_noticed(tmp_path):
    said = notices(tmp_path, item("A", sequencing("", 'IDRef="gone"')), after=SHARED)
    assert "“A” refers to the shared sequencing “gone”" in said


def test_values_that_cannot_be_understood_are_noticed_and_left_at_their_default(tmp_path):
    inside = controls(flow="perhaps") + '<imsss:rollupRules objectiveMeasureWeight="7"/>'
    said = notices(tmp_path, item("A", sequencing(inside)))
    assert "“perhaps” of flow in “A”" in said
    assert "“7” of objectiveMeasureWeight" in said


def test_navigation_shared_data_and_time_are_read_from_the_item(tmp_path):
    inside = (
        "<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>continue</adlnav:hideLMSUI>"
        "<adlnav:hideLMSUI>exitall</adlnav:hideLMSUI><adlnav:hideLMSUI>continue</adlnav:hideLMSUI>"
        "<adlnav:hideLMSUI>all</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation>"
        '<adlcp:data><adlcp:map targetID="store"/><adlcp:map targetID="log" readSharedData="false" '
        'writeSharedData="true"/><adlcp:map/></adlcp:data>'
        "<adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction>"
    )
    (found,) = organization(tmp_path, item("A", inside)).items
    assert found.hide_lms_ui == ("continue", "exitAll")
    assert found.shared_data == (SharedData("store"), SharedData("log", read=False))
    assert (found.time_limit_action, found.lesson.time_limit_action) == ("exit,message", "exit,message")


@pytest.mark.parametrize(
    ("element", "threshold"),
    [
        ("<adlcp:completionThreshold>0.75</adlcp:completionThreshold>", CompletionThreshold(True, 0.75)),
        (
            (
                '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5" '
                'progressWeight="0.2"/>'
            ),
            CompletionThreshold(True, 0.5, 0.2),
        ),
        ('<adlcp:completionThreshold minProgressMeasure="0.5"/>', CompletionThreshold(False, 0.5)),
        ("<adlcp:completionThreshold/>", CompletionThreshold()),
    ],
)
def test_completion_thresholds_belong_to_items_and_organizations(tmp_path, element, threshold):
    found = organization(tmp_path, item("A", element) + element)
    assert (found.items[0].completion_threshold, found.completion_threshold) == (threshold, threshold)


def test_whether_objectives_and_data_outlive_the_attempt_is_read(tmp_path):
    found = organization(
        tmp_path,
        item("A"),
        attributes='adlseq:objectivesGlobalToSystem="false" adlcp:sharedDataGlobalToSystem="false"',
    )
    assert (found.objectives_global_to_system, found.shared_data_global_to_system) == (False, False)
    assert organization(tmp_path / "b", item("A")).objectives_global_to_system
