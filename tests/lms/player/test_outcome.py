"""Outcomes by the rules of SCORM 1.2."""

import pytest

from lms.player.rules.outcome import End, outcome_of
from lms.player.rules.snapshot import Score, Snapshot

FINISH, LEAVE = End.FINISH, End.LEAVE


@pytest.mark.parametrize(
    ("status", "raw", "mastery", "end", "completion", "success"),
    [
        # Without a pass mark the package's word counts.
        ("passed", None, None, None, True, True),
        ("completed", None, None, None, True, None),
        ("failed", 10, None, FINISH, False, False),
        ("incomplete", 90, None, FINISH, False, None),
        ("browsed", None, None, FINISH, False, None),
        # A package that never set a status completes by finishing, not by being left or by committing.
        ("not attempted", None, None, FINISH, True, None),
        ("not attempted", None, None, LEAVE, False, None),
        ("not attempted", None, None, None, False, None),
        # A pass mark decides at the end,
        ("completed", 80, 80, FINISH, True, True),
        ("completed", 79.9, 80, FINISH, True, False),
        ("passed", 50, 80, FINISH, True, False),
        ("failed", 95, 80, FINISH, True, True),
        ("failed", 20, 80, FINISH, False, False),
        ("not attempted", 95, 80, FINISH, True, True),
        # not while the package says that it is not done,
        ("incomplete", 95, 80, FINISH, False, None),
        ("browsed", 95, 80, FINISH, False, None),
        # nor without points,
        ("completed", None, 80, FINISH, True, None),
        # nor before the end, where only a contradiction is held against it.
        ("completed", 50, 80, None, True, None),
        ("passed", 85, 80, None, True, True),
        ("passed", 50, 80, None, False, None),
        ("failed", 95, 80, None, False, False),
        ("passed", 50, 80, LEAVE, False, None),
    ],
)
def test_completing_and_passing_part_ways(status, raw, mastery, end, completion, success):
    snapshot = Snapshot(status=status, score=Score(raw))
    outcome = outcome_of(snapshot, asset=False, mastery=mastery, end=end)
    assert (outcome.completion, outcome.success) == (completion, success)


def test_an_asset_is_completed_by_being_seen():
    outcome = outcome_of(Snapshot(), asset=True, mastery=None, end=None)
    assert (outcome.completion, outcome.success, outcome.progress) == (True, None, 1.0)


@pytest.mark.parametrize(
    ("statuses", "progress"),
    [
        ([], 0.0),
        (["completed"], 0.0),
        (["completed", "incomplete"], 0.5),
        (["passed", "completed", "failed", "not attempted"], 0.5),
    ],
)
def test_progress_is_the_part_of_the_objectives_that_is_done(statuses, progress):
    objectives = tuple((str(at), status) for at, status in enumerate(statuses))
    snapshot = Snapshot(status="incomplete", objectives=objectives)
    assert outcome_of(snapshot, asset=False, mastery=None, end=None).progress == progress
