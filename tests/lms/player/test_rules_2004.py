"""SCORM 2004: what is read, what a session amounts to, and what its data begins with."""

import pytest

from lms.player.rules.navigation import read_navigation
from lms.player.rules.outcome import End
from lms.player.rules.outcome2004 import outcome_of_2004
from lms.player.rules.reading import BadSnapshot, elements
from lms.player.rules.snapshot import Score
from lms.player.rules.snapshot2004 import Snapshot2004, read_snapshot_2004
from lms.player.rules.times import as_period, period

FINISH, LEAVE = End.FINISH, End.LEAVE


@pytest.mark.parametrize(
    ("completion", "success", "scaled", "progress", "end", "passing", "threshold", "expected"),
    [
        # The word of the package, as long as nothing else decides.
        ("completed", "passed", None, None, None, None, None, (True, True)),
        ("incomplete", "unknown", 0.9, None, FINISH, None, None, (False, None)),
        ("completed", "failed", 0.2, None, FINISH, None, None, (True, False)),
        # One that says nothing has completed by finishing, not by being left.
        ("unknown", "unknown", None, None, FINISH, None, None, (True, None)),
        ("unknown", "unknown", None, None, LEAVE, None, None, (False, None)),
        ("not attempted", "unknown", None, None, FINISH, None, None, (False, None)),
        # The pass mark decides,
        ("completed", "failed", 0.8, None, None, 0.8, None, (True, True)),
        ("completed", "passed", 0.79, None, FINISH, 0.8, None, (True, False)),
        ("completed", "unknown", -0.2, None, FINISH, -0.5, None, (True, True)),
        # not against the learner before the end,
        ("incomplete", "passed", 0.2, None, None, 0.8, None, (False, None)),
        ("incomplete", "failed", 0.2, None, None, 0.8, None, (False, False)),
        # nor without a score.
        ("completed", "passed", None, None, FINISH, 0.8, None, (True, True)),
        # The threshold decides where progress is told.
        ("completed", "unknown", None, 0.5, FINISH, None, 0.8, (False, None)),
        ("incomplete", "unknown", None, 0.8, None, None, 0.8, (True, None)),
        ("completed", "unknown", None, None, FINISH, None, 0.8, (True, None)),
    ],
)
def test_outcomes(completion, success, scaled, progress, end, passing, threshold, expected):
    snapshot = Snapshot2004(
        completion=completion, success=success, score=Score(told=scaled), progress=progress
    )
    outcome = outcome_of_2004(snapshot, passing=passing, threshold=threshold, end=end)
    assert (outcome.completion, outcome.success) == expected


def test_what_is_to_be_resumed_is_not_completed_by_silence_nor_failed_by_its_score():
    snapshot = Snapshot2004(exit="suspend", score=Score(told=0.1), progress=0.4)
    outcome = outcome_of_2004(snapshot, passing=0.8, threshold=None, end=FINISH)
    assert (outcome.completion, outcome.success, outcome.progress) == (False, None, 0.4)


def test_everything_that_goes_on_is_kept_and_nothing_that_is_the_servers():
    found = read_snapshot_2004(
        {
            "learner_id": "somebody else",
            "credit": "no-credit",
            "mode": "review",
            "scaled_passing_score": "0",
            "completion_threshold": "0",
            "total_time": "PT99H",
            "launch_data": "x",
            "session_time": "PT1M5.5S",
            "exit": "suspend",
            "location": "p3",
            "suspend_data": "x" * 64_000,
            "completion_status": "incomplete",
            "success_status": "unknown",
            "progress_measure": "0.25",
            "score": {"scaled": "0.5", "raw": 5, "min": 0, "max": 10},
            "learner_preference": {"audio_level": "0.5", "other": "x"},
            "objectives": {"0": {"id": "o", "success_status": "passed", "score": {"scaled": "1"}}},
            "interactions": {
                "0": {
                    "id": "q",
                    "type": "choice",
                    "learner_response": "a[,]b",
                    "correct_responses": {"0": {"pattern": "a"}},
                    "objectives": {"0": {"id": "o"}},
                }
            },
            "comments_from_learner": {"0": {"comment": "hay", "timestamp": "2026-01-01"}},
        }
    )
    assert (found.seconds, found.exit, found.progress, found.score.scaled) == (65.5, "suspend", 0.25, 0.5)
    assert found.objectives == (("o", "passed"),)
    assert set(found.kept) == {
        *("location", "completion_status", "success_status", "exit", "progress_measure", "score"),
        *("suspend_data", "learner_preference", "objectives", "interactions", "comments_from_learner"),
    }
    assert found.kept["score"] == {"scaled": "0.5", "raw": "5", "min": "0", "max": "10"}
    assert found.kept["learner_preference"] == {"audio_level": "0.5"}
    assert found.kept["interactions"][0]["learner_response"] == "a[,]b"
    assert read_snapshot_2004(found.kept).kept == found.kept


@pytest.mark.parametrize(
    ("cmi", "left_out"),
    [
        ({"completion_status": "done"}, {"cmi.completion_status": "done"}),
        ({"success_status": "completed"}, {"cmi.success_status": "completed"}),
        ({"exit": "later"}, {"cmi.exit": "later"}),
        ({"session_time": "00:01:00"}, {"cmi.session_time": "00:01:00"}),
        ({"score": {"scaled": 1.1, "raw": 7}}, {"cmi.score.scaled": "1.1"}),
        ({"score": {"raw": "many"}}, {"cmi.score.raw": "many"}),
        ({"score": {"raw": "nan"}}, {"cmi.score.raw": "nan"}),
        ({"score": [1]}, {"cmi.score": "list"}),
        ({"progress_measure": "1.5"}, {"cmi.progress_measure": "1.5"}),
        ({"suspend_data": "x" * 64_001}, {"cmi.suspend_data": "(64001)"}),
        ({"location": {"x": 1}}, {"cmi.location": "dict"}),
        ({"objectives": {"0": {"completion_status": "x"}}}, {"cmi.objectives.0.completion_status": "x"}),
        ({"objectives": [1]}, {"cmi.objectives.0": "int"}),
        ({"credit": "no-credit"}, {"cmi.credit": "no-credit"}),
        ({"mode": "browse"}, {"cmi.mode": "browse"}),
        ({"scaled_passing_score": "0"}, {"cmi.scaled_passing_score": "0"}),
        ({"completion_threshold": "0.1"}, {"cmi.completion_threshold": "0.1"}),
    ],
)
def test_what_cannot_be_is_left_out_and_named_and_costs_nothing_else(cmi, left_out):
    sound = {"comments_from_learner": [{"comment": "hay"}], "learner_preference": {"audio_level": "0.5"}}
    found = read_snapshot_2004(sound | cmi, passing=0.8, threshold=0.9)
    assert elements(found.left_out) == left_out
    assert sound.items() <= found.kept.items()


def test_a_status_that_there_is_not_completes_nothing_by_silence():
    assert read_snapshot_2004({"completion_status": "done"}).completion == "incomplete"


@pytest.mark.parametrize(
    ("score", "scaled"),
    [
        (Score(8, 0, 10), 0.8),
        (Score(8, 0, 10, 0.7), 0.7),
        (Score(told=-0.5), -0.5),
        (Score(80), 0.8),
        (Score(800), None),
        (Score(), None),
    ],
)
def test_the_scaled_score_is_what_was_told_or_follows_from_the_points(score, scaled):
    assert score.scaled == scaled


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT5S", 5),
        ("PT1H5M", 3900),
        ("P1DT2H3M4.5S", 93784.5),
        ("PT0.25S", 0.25),
        ("P1Y", 31_536_000),
        *((wrong, None) for wrong in ("", "P", "PT", "5", "00:00:05", "PT-5S", "PT5", "PT" + "9" * 60 + "S")),
    ],
)
def test_periods_are_read(text, seconds):
    assert period(text) == seconds


@pytest.mark.parametrize("seconds", [0, 0.25, 59.99, 60, 3600, 3725.5, 400_000])
def test_periods_are_written_and_read_again(seconds):
    assert period(as_period(seconds)) == seconds


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"state": 5},
        {"state": "x" * 700_001},
        {"state": "\x00"},
        {"objectives": []},
        {"objectives": {"a": {"b": {}}}},
        {"shared": {"a": 1}},
        {"shared": {"a": "x" * 64_001}},
        {"open": "A"},
        {"open": [1]},
        {"open": ["A"] * 1001},
    ],
)
def test_nonsense_about_the_way_through_a_course_is_refused(said):
    with pytest.raises(BadSnapshot):
        read_navigation(said)
    assert read_navigation(None) is None
