"""Which lessons complete a course with sequencing."""

import pytest

from courses.manifest import sequencing_settings
from lms.player.rules.rolling import Reached, course_is_completed
from tests.courses.manifest.sequencing import item, organization, sequencing


def rollup(action: str, children: str, condition: str = "completed", attributes: str = "") -> str:
    return (
        f'<imsss:rollupRules><imsss:rollupRule childActivitySet="{children}" {attributes}>'
        f'<imsss:rollupConditions><imsss:rollupCondition condition="{condition}"/></imsss:rollupConditions>'
        f'<imsss:rollupAction action="{action}"/></imsss:rollupRule></imsss:rollupRules>'
    )


def at_least(what: str, number: str) -> str:
    name = "minimumCount" if what == "Count" else "minimumPercent"
    return sequencing(rollup("completed", f"atLeast{what}", attributes=f'{name}="{number}"'))


NOT_COUNTED = sequencing('<imsss:rollupRules rollupProgressCompletion="false"/>')
UNTRACKED = sequencing('<imsss:deliveryControls tracked="false"/>')
THREE = item("A") + item("B") + item("C")
CHAPTER = item("K", item("A") + item("B") + sequencing(rollup("completed", "any")), launch=False) + item("C")


@pytest.mark.parametrize(
    ("contents", "completed", "failed", "expected"),
    [
        (THREE, "AB", "", False),
        (THREE, "ABC", "", True),
        (THREE + sequencing(rollup("completed", "any")), "B", "", True),
        (THREE + sequencing(rollup("completed", "any")), "", "", False),
        (THREE + at_least("Count", "2"), "A", "", False),
        (THREE + at_least("Count", "2"), "AC", "", True),
        (THREE + at_least("Percent", "0.6"), "AB", "", True),
        (THREE + at_least("Percent", "0.7"), "AB", "", False),
        (THREE + sequencing(rollup("completed", "any", "satisfied")), "A", "A", False),
        (THREE + sequencing(rollup("completed", "any", "satisfied")), "AB", "A", True),
        (THREE + sequencing(rollup("incomplete", "any", "attempted")), "A", "", False),
        (item("A") + item("B", NOT_COUNTED), "A", "", True),
        (item("A") + item("B", UNTRACKED), "A", "", True),
        (item("A", UNTRACKED) + item("B", UNTRACKED), "A", "", False),
        (item("A", UNTRACKED) + item("B", UNTRACKED), "AB", "", True),
        (CHAPTER, "AC", "", True),
        (CHAPTER, "AB", "", False),
    ],
)
def test_a_course_is_completed_by_what_its_rollup_counts(tmp_path, contents, completed, failed, expected):
    tree = sequencing_settings(organization(tmp_path, contents))["activityTree"]
    reached = Reached(set(completed), set(completed), set(failed))
    assert course_is_completed(tree, reached) is expected


def mapped(*, read: bool, write: bool) -> str:
    """A primary objective that reads from a global one, or writes to it."""
    return (
        '<imsss:objectives><imsss:primaryObjective objectiveID="own"><imsss:mapInfo targetObjectiveID="g" '
        f'readSatisfiedStatus="{str(read).lower()}" writeSatisfiedStatus="{str(write).lower()}"/>'
        "</imsss:primaryObjective></imsss:objectives>"
    )


SATISFIED = rollup("completed", "any", "satisfied")
BY_CONTENT = '<imsss:deliveryControls objectiveSetByContent="true"/>'
SKIPPED = (
    "<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions><imsss:ruleCondition "
    'condition="satisfied"/></imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule>'
    "</imsss:sequencingRules>"
)
UNLESS_SKIPPED = '<adlseq:rollupConsiderations requiredForCompleted="ifNotSkipped"/>'
DRAWN = '<imsss:randomizationControls selectionTiming="onEachNewAttempt" selectCount="2"/>'


def reading_chapter() -> str:
    """Satisfied by what another lesson wrote, whatever its own lessons are."""
    return item("K", item("B") + item("C") + sequencing(mapped(read=True, write=False)), launch=False)


@pytest.mark.parametrize(
    ("contents", "completed", "passed", "expected"),
    [
        (
            item("A", sequencing(mapped(read=False, write=True))) + reading_chapter() + sequencing(SATISFIED),
            "A",
            "A",
            True,
        ),
        (
            reading_chapter()
            + item("A", sequencing(mapped(read=False, write=True) + BY_CONTENT))
            + sequencing(SATISFIED),
            "A",
            "",
            False,
        ),
        (item("K", THREE + sequencing(DRAWN), launch=False), "A", "", False),
        (item("K", THREE + sequencing(DRAWN), launch=False), "AC", "", True),
        (
            item("A", sequencing(mapped(read=False, write=True)))
            + item("B", sequencing(SKIPPED + mapped(read=True, write=False) + UNLESS_SKIPPED)),
            "A",
            "",
            True,
        ),
        (item("A") + item("B", sequencing(SKIPPED + UNLESS_SKIPPED)), "A", "", False),
    ],
)
def test_global_objectives_lots_and_what_is_skipped_count_as_in_the_browser(
    tmp_path, contents, completed, passed, expected
):
    tree = sequencing_settings(organization(tmp_path, contents))["activityTree"]
    reached = Reached(set(completed), set(completed), set(), set(passed))
    assert course_is_completed(tree, reached) is expected
