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
