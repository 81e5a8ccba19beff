"""What scorm-again makes of our settings: manifests are read, turned into settings, and sequenced by it."""

import re
from collections.abc import Iterator

from courses.manifest import global_objective_ids, sequencing_settings
from tests.courses.manifest.sequencing import LIBRARY, controls, item, organization, rule, sequencing

TYPES = LIBRARY.parents[1] / "types" / "types" / "sequencing_types.d.ts"
FLOW = sequencing(controls(flow="true"))
START, CONTINUE, PREVIOUS = ("go", "start"), ("go", "continue"), ("go", "previous")
PASSED = ("sco", {"cmi.completion_status": "completed", "cmi.success_status": "passed"})
FAILED = ("sco", {"cmi.completion_status": "completed", "cmi.success_status": "failed"})
THREE = item("A") + item("B") + item("C")


def rules(*written: str) -> str:
    return f"<imsss:sequencingRules>{''.join(written)}</imsss:sequencingRules>"


def objective(identifier: str, target: str = "", *, primary: bool = False, flags: str = "") -> str:
    kind = "primaryObjective" if primary else "objective"
    map_info = f'<imsss:mapInfo targetObjectiveID="{target}" {flags}/>' if target else ""
    return f'<imsss:{kind} objectiveID="{identifier}">{map_info}</imsss:{kind}>'


def places(answers: list) -> list[str | None]:
    return [answer[-1] for answer in answers]


def test_lessons_follow_each_other(tmp_path, sequencer):
    found = organization(tmp_path, THREE + FLOW)
    answers = sequencer.run(found, START, CONTINUE, PREVIOUS, CONTINUE, CONTINUE)
    assert answers == [[True, "A"], [True, "B"], [True, "A"], [True, "B"], [True, "C"]]


def test_without_flow_nothing_follows_and_a_learner_chooses(tmp_path, sequencer):
    answers = sequencer.run(organization(tmp_path, THREE), START, ("go", "choice", "B"), CONTINUE)
    assert [answer[0] for answer in answers] == [False, True, False]
    assert answers[1] == [True, "B"]


def test_a_learner_cannot_choose_where_choice_is_off(tmp_path, sequencer):
    found = organization(tmp_path, THREE + sequencing(controls(flow="true", choice="false")))
    assert sequencer.run(found, START, ("go", "choice", "C"))[1] == [False, "A"]


def test_what_may_only_go_forward_does(tmp_path, sequencer):
    found = organization(tmp_path, THREE + sequencing(controls(flow="true", forwardOnly="true")))
    assert sequencer.run(found, START, CONTINUE, PREVIOUS)[2] == [False, "B"]


def test_a_lesson_is_skipped_when_its_rule_says_so(tmp_path, sequencer):
    skipped = item("B", sequencing(rules(rule("pre", "skip", 'condition="always"'))))
    answers = sequencer.run(organization(tmp_path, item("A") + skipped + item("C") + FLOW), START, CONTINUE)
    assert places(answers) == ["A", "C"]


READS = 'readSatisfiedStatus="true"'
WRITES = 'writeSatisfiedStatus="true"'
GATE = rule(
    "pre",
    "disabled",
    'referencedObjective="before" operator="not" condition="satisfied"',
    'referencedObjective="before" operator="not" condition="objectiveStatusKnown"',
    combination="any",
)
GATED = (
    item(
        "A",
        sequencing(f"<imsss:objectives>{objective('a', 'g', primary=True, flags=WRITES)}</imsss:objectives>"),
    )
    + item(
        "B",
        sequencing(
            rules(GATE)
            + f"<imsss:objectives>{objective('b', primary=True)}{objective('before', 'g', flags=READS)}"
            "</imsss:objectives>"
        ),
    )
    + FLOW
)


def test_a_lesson_is_disabled_until_the_one_before_it_is_satisfied(tmp_path, sequencer):
    found = organization(tmp_path, GATED)
    assert global_objective_ids(found) == ["g"]
    early = sequencer.run(found, START, ("go", "choice", "B"), FAILED, ("go", "choice", "B"))
    assert early[1::2] == [[False, "A"], [False, "A"]]
    late = sequencer.run(found, START, PASSED, ("go", "choice", "B"))
    assert late[2] == [True, "B"]


def test_a_chapter_and_the_course_are_satisfied_when_all_in_them_are(tmp_path, sequencer):
    chapter = item("K", item("A") + item("B") + FLOW, launch=False)
    found = organization(tmp_path, chapter + FLOW)
    answers = sequencer.run(
        found, START, PASSED, ("activity", "K"), CONTINUE, PASSED, ("go", "exitAll"), ("activity", "O")
    )
    assert places([answers[0], answers[3]]) == ["A", "B"]
    assert answers[2]["satisfied"] is not True
    assert (answers[6]["satisfied"], answers[6]["completed"]) == (True, "completed")


ANY = (
    "<imsss:rollupRules><imsss:rollupRule childActivitySet='any'><imsss:rollupConditions>"
    "<imsss:rollupCondition condition='satisfied'/></imsss:rollupConditions>"
    "<imsss:rollupAction action='satisfied'/></imsss:rollupRule></imsss:rollupRules>"
)


def test_rollup_follows_its_rules(tmp_path, sequencer):
    found = organization(tmp_path, THREE + sequencing(controls(flow="true") + ANY))
    answers = sequencer.run(found, START, PASSED, CONTINUE, ("activity", "O"))
    assert answers[3]["satisfied"] is True


def test_half_of_the_lessons_can_be_enough(tmp_path, sequencer):
    half = ANY.replace("'any'", "'atLeastPercent' minimumPercent='0.5'")
    found = organization(tmp_path, item("A") + item("B") + sequencing(controls(flow="true") + half))
    answers = sequencer.run(found, START, ("activity", "O"), PASSED, CONTINUE, ("activity", "O"))
    assert (answers[1]["satisfied"], answers[4]["satisfied"]) == (None, True)


def test_scores_are_weighed(tmp_path, sequencer):
    def weighed(identifier: str, weight: str) -> str:
        return item(identifier, sequencing(f'<imsss:rollupRules objectiveMeasureWeight="{weight}"/>'))

    found = organization(tmp_path, weighed("A", "1") + weighed("B", "0") + FLOW)
    answers = sequencer.run(found, START, ("sco", {"cmi.score.scaled": "0.8"}), CONTINUE, ("activity", "O"))
    assert answers[3]["measure"] == 0.8


BY_MEASURE = (
    "<imsss:objectives><imsss:primaryObjective satisfiedByMeasure='true'>"
    "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
)


def test_a_nameless_primary_objective_decides_and_is_not_the_lessons_own(tmp_path, sequencer):
    found = organization(tmp_path, item("A", sequencing(BY_MEASURE)) + item("B") + FLOW)
    for score, satisfied in (("0.5", False), ("0.7", True)):
        answers = sequencer.run(
            found, START, ("sco", {"cmi.score.scaled": score}), CONTINUE, ("activity", "A")
        )
        assert answers[1] == [True, 0, "A"]
        assert answers[3]["satisfied"] is satisfied


def test_a_named_objective_is_one_of_the_lessons_own(tmp_path, sequencer):
    objectives = f"<imsss:objectives>{objective('a', primary=True)}{objective('b')}</imsss:objectives>"
    found = organization(tmp_path, item("A", sequencing(objectives)) + FLOW)
    assert sequencer.run(found, START, ("sco", {}))[1] == [True, 2, "A"]


def test_a_course_that_allows_one_attempt_allows_one(tmp_path, sequencer):
    once = item("A", sequencing('<imsss:limitConditions attemptLimit="1"/>'))
    found = organization(tmp_path, once + item("B") + FLOW)
    answers = sequencer.run(found, START, PASSED, CONTINUE, ("go", "choice", "A"))
    assert answers[3] == [False, "B"]


def test_where_choice_is_constrained_nobody_jumps_ahead(tmp_path, sequencer):
    """They are stricter than the specification: even the next one is reached by going on, not by choice."""
    narrow = "<adlseq:constrainedChoiceConsiderations constrainChoice='true'/>"
    found = organization(tmp_path, THREE + sequencing(controls(flow="true") + narrow))
    answers = sequencer.run(found, START, ("go", "choice", "C"), CONTINUE)
    assert answers == [[True, "A"], [False, "A"], [True, "B"]]


def test_a_chapter_that_must_not_be_activated_is_not_chosen_into(tmp_path, sequencer):
    closed = sequencing(
        controls(flow="true") + "<adlseq:constrainedChoiceConsiderations preventActivation='true'/>"
    )
    chapter = item("K", item("B") + item("C") + closed, launch=False)
    answers = sequencer.run(organization(tmp_path, item("A") + chapter + FLOW), START, ("go", "choice", "C"))
    assert answers == [[True, "A"], [False, "A"]]


def test_nobody_leaves_by_choice_where_that_is_not_allowed(tmp_path, sequencer):
    kept = item(
        "K", item("A") + item("B") + sequencing(controls(flow="true", choiceExit="false")), launch=False
    )
    found = organization(tmp_path, kept + item("C") + FLOW)
    answers = sequencer.run(found, START, ("go", "choice", "C"), ("go", "choice", "B"))
    assert answers == [[True, "A"], [False, "A"], [True, "B"]]


COMPLETED_ELSEWHERE = (
    "<imsss:objectives>{primary}{other}</imsss:objectives><adlseq:objectives>"
    '<adlseq:objective objectiveID="{name}"><adlseq:mapInfo targetObjectiveID="g" {flags}/>'
    "</adlseq:objective></adlseq:objectives>"
)


def test_what_was_completed_in_one_lesson_is_known_in_another(tmp_path, sequencer):
    writes = COMPLETED_ELSEWHERE.format(
        primary=objective("a", primary=True), other="", name="a", flags='writeCompletionStatus="true"'
    )
    reads = COMPLETED_ELSEWHERE.format(
        primary=objective("b", primary=True), other=objective("before"), name="before", flags=""
    )
    skip = rules(rule("pre", "skip", 'condition="completed" referencedObjective="before"'))
    contents = item("A", sequencing(writes)) + item("B", sequencing(skip + reads)) + item("C") + FLOW
    found = organization(tmp_path, contents)
    done = ("sco", {"cmi.completion_status": "completed"})
    not_done = ("sco", {"cmi.completion_status": "incomplete", "cmi.exit": "suspend"})
    assert sequencer.run(found, START, done, CONTINUE)[2] == [True, "C"]
    assert sequencer.run(found, START, not_done, CONTINUE)[2] == [True, "B"]


def test_a_lesson_ends_the_course_when_its_rule_says_so(tmp_path, sequencer):
    ends = rules(rule("post", "exitAll", 'condition="always"'))
    found = organization(tmp_path, item("A", sequencing(ends)) + item("B") + FLOW)
    assert sequencer.run(found, START, PASSED, CONTINUE, ("activity", "B"))[3]["attempts"] == 0


def test_a_lesson_completes_by_its_progress(tmp_path, sequencer):
    threshold = '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5"/>'
    found = organization(tmp_path, item("A", threshold) + item("B") + FLOW)
    for progress, status in (("0.4", "incomplete"), ("0.6", "completed")):
        answers = sequencer.run(
            found, START, ("sco", {"cmi.progress_measure": progress}), CONTINUE, ("activity", "A")
        )
        assert answers[3]["completed"] == status


def test_only_so_many_lessons_are_selected(tmp_path, sequencer):
    select = '<imsss:randomizationControls selectionTiming="once" selectCount="1"/>'
    found = organization(tmp_path, THREE + sequencing(controls(flow="true") + select))
    selected, after_it = sequencer.run(found, START, CONTINUE)  # the course ends behind its last lesson
    assert after_it == selected


def test_a_lesson_is_tried_again_when_its_rule_says_so(tmp_path, sequencer):
    again = rule("post", "retry", 'condition="satisfied" operator="not"', 'condition="objectiveStatusKnown"')
    found = organization(tmp_path, item("A", sequencing(rules(again))) + item("B") + FLOW)
    answers = sequencer.run(found, START, FAILED, ("activity", "A"), CONTINUE, PASSED, CONTINUE)
    assert answers[2]["attempts"] == 2
    assert places([answers[1], answers[3], answers[5]]) == ["A", "A", "B"]


def test_what_the_player_shall_hide_and_share_is_told(tmp_path, sequencer):
    hidden = (
        "<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>previous</adlnav:hideLMSUI>"
        "</adlnav:navigationInterface></adlnav:presentation>"
        '<adlcp:data><adlcp:map targetID="store" writeSharedData="false"/></adlcp:data>'
        '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5"/>'
    )
    found = organization(tmp_path, item("A", hidden, attributes='isvisible="false"') + FLOW)
    (activity,) = sequencing_settings(found)["activityTree"]["children"]
    assert activity["sharedDataMaps"] == [
        {"targetID": "store", "readSharedData": True, "writeSharedData": False}
    ]
    assert not activity["isVisible"]
    assert activity["completionThreshold"]["minProgressMeasure"] == 0.5
    answers = sequencer.run(found, START, ("sco", {"cmi.progress_measure": "0.6"}), ("go", "exitAll"))
    assert answers[0] == [True, "A"]
    assert sequencer.run(found, START, ("activity", "A"))[1]["hidden"] == ["previous"]


def test_headings_with_nothing_to_open_are_passed_over(tmp_path, sequencer):
    empty = item("H", item("HH", launch=False), launch=False)
    found = organization(tmp_path, item("A") + empty + item("B") + FLOW)
    assert places(sequencer.run(found, START, CONTINUE)) == ["A", "B"]


def test_chapters_may_nest_two_hundred_deep(tmp_path, sequencer):
    contents = item("L") + FLOW
    for number in range(200):
        contents = item(f"C{number}", contents, launch=False) + FLOW
    assert places(sequencer.run(organization(tmp_path, contents), START)) == ["L"]


def test_a_chapter_that_can_be_opened_is_opened_before_what_is_in_it(tmp_path, sequencer):
    found = organization(tmp_path, item("K", item("A") + item("B") + FLOW) + item("C") + FLOW)
    (chapter, _) = sequencing_settings(found)["activityTree"]["children"]
    assert (chapter["id"], [one["id"] for one in chapter["children"]]) == ("K-chapter", ["K", "A", "B"])
    assert places(sequencer.run(found, START, CONTINUE, CONTINUE, CONTINUE)) == ["K", "A", "B", "C"]


EVERYTHING = (
    rules(
        *(
            rule(
                kind,
                action,
                'condition="satisfied" operator="not" referencedObjective="P" measureThreshold="1"',
            )
            for kind, action in (("pre", "skip"), ("exit", "exit"), ("post", "retry"))
        )
    )
    + ANY
    + '<imsss:limitConditions attemptLimit="1" attemptAbsoluteDurationLimit="PT1.2345S" '
    'activityAbsoluteDurationLimit="PT1H" beginTimeLimit="2026-01-01" endTimeLimit="2027-01-01"/>'
    + f"<imsss:objectives>{objective('P', 'g', primary=True)}{objective('S', 'h')}</imsss:objectives>"
    + '<imsss:auxiliaryResources><imsss:auxiliaryResource auxiliaryResourceID="r" purpose="p"/>'
    "</imsss:auxiliaryResources>"
)
BESIDE = (
    "<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>exit</adlnav:hideLMSUI>"
    '</adlnav:navigationInterface></adlnav:presentation><adlcp:data><adlcp:map targetID="d"/></adlcp:data>'
    "<adlcp:completionThreshold>0.5</adlcp:completionThreshold>"
    "<adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction>"
)


def test_every_setting_is_one_that_they_know(tmp_path, sequencer):
    found = organization(tmp_path, item("A", sequencing(EVERYTHING) + BESIDE) + FLOW)
    settings = sequencing_settings(found)
    known = set(re.findall(r"^ {4}(\w+)\??:", TYPES.read_text(), re.MULTILINE)) | {"threshold"}
    assert set(keys(settings)) <= known
    (activity,) = settings["activityTree"]["children"]
    assert {"auxiliaryResources", "hideLmsUi", "sharedDataMaps", "timeLimitAction", "objectives"} <= set(
        activity
    )
    assert activity["attemptAbsoluteDurationLimit"] == "PT1.23S"
    assert sequencer.run(found, START)[0][0] in {True, False}


def keys(settings: object) -> Iterator[str]:
    if isinstance(settings, dict):
        yield from settings
    for one in settings.values() if isinstance(settings, dict) else settings:
        if isinstance(one, dict | list):
            yield from keys(one)


def test_an_organization_called_like_an_item_has_a_name_of_its_own(tmp_path, sequencer):
    found = organization(tmp_path, item("O") + FLOW)
    assert sequencing_settings(found)["activityTree"]["id"] == "O-organization"
    assert sequencer.run(found, START) == [[True, "O"]]
