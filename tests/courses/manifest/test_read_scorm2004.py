"""SCORM 2004: told apart, and the structure with what items say of their run-time."""

import pytest

from courses.manifest import Objective, read
from tests.factories.packages import manifest12, manifest2004, scorm12_folder


def lesson(folder, inside: str, after: str = ""):
    items = f'<item identifier="I1" identifierref="R1"><title>One</title>{inside}</item>'
    return read(scorm12_folder(folder, manifest2004(items=items, after=after))).lessons[0]


@pytest.mark.parametrize(
    ("version", "edition"),
    [
        ("CAM 1.3", "2004 2nd Edition"),
        ("1.3", "2004 2nd Edition"),
        ("2004 3rd Edition", "2004 3rd Edition"),
        ("2004 4TH EDITION", "2004 4th Edition"),
        ("2004", "2004"),
        ("", "2004"),
    ],
)
def test_editions_are_told_apart(tmp_path, version, edition):
    found = read(scorm12_folder(tmp_path, manifest2004(version=version)))
    assert (found.standard, found.edition) == ("scorm2004", edition)


def test_a_stated_version_counts_more_than_namespaces(tmp_path):
    assert read(scorm12_folder(tmp_path / "a", manifest2004(version="1.2"))).standard == "scorm12"
    odd = manifest12().replace(">1.2<", ">2004 3rd Edition<")
    assert read(scorm12_folder(tmp_path / "b", odd)).standard == "scorm2004"


def test_run_time_data_is_read(tmp_path):
    found = lesson(
        tmp_path,
        "<adlcp:timeLimitAction>exit,no message</adlcp:timeLimitAction>"
        "<adlcp:dataFromLMS>data</adlcp:dataFromLMS>"
        "<adlcp:completionThreshold>0.75</adlcp:completionThreshold>"
        '<imsss:sequencing><imsss:limitConditions attemptAbsoluteDurationLimit="PT30M"/>'
        '<imsss:objectives><imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true">'
        "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective>"
        '<imsss:objective objectiveID="S"/></imsss:objectives></imsss:sequencing>',
    )
    assert (found.time_limit_action, found.data_from_lms) == ("exit,no message", "data")
    assert (found.completion_threshold, found.max_time_allowed) == (0.75, "PT30M")
    assert found.mastery_score == 0.6
    assert found.objectives == (Objective("P", primary=True, min_measure=0.6), Objective("S"))


def test_shared_sequencing_fills_what_an_item_leaves_out(tmp_path):
    shared = (
        '<imsss:sequencingCollection><imsss:sequencing ID="S"><imsss:objectives>'
        '<imsss:primaryObjective satisfiedByMeasure="true"/></imsss:objectives></imsss:sequencing>'
        "</imsss:sequencingCollection>"
    )
    assert lesson(tmp_path, '<imsss:sequencing IDRef="S"/>', shared).mastery_score == 1.0


def test_a_measure_counts_only_where_it_satisfies(tmp_path):
    found = lesson(
        tmp_path,
        "<imsss:sequencing><imsss:objectives><imsss:primaryObjective>"
        "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure></imsss:primaryObjective>"
        "</imsss:objectives></imsss:sequencing>",
    )
    assert found.mastery_score is None


@pytest.mark.parametrize(
    ("element", "threshold"),
    [
        ('<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.4"/>', 0.4),
        ('<adlcp:completionThreshold completedByMeasure="true"/>', 1.0),
        ('<adlcp:completionThreshold completedByMeasure="false" minProgressMeasure="0.4"/>', None),
        ("<adlcp:completionThreshold>2</adlcp:completionThreshold>", None),
        ("", None),
    ],
)
def test_completion_thresholds_of_all_editions_are_read(tmp_path, element, threshold):
    assert lesson(tmp_path, element).completion_threshold == threshold
