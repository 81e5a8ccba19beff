"""Reading run-time data, also from those who mean harm."""

import pytest

from lms.player.rules.snapshot import BadSnapshot, Score, read_snapshot

CMI = {
    "suspend_data": "p=3",
    "launch_data": "x",
    "comments": "",
    "core": {
        "student_id": "somebody else",
        "student_name": "Somebody",
        "lesson_location": "page3",
        "credit": "no-credit",
        "lesson_status": "incomplete",
        "lesson_mode": "review",
        "exit": "suspend",
        "session_time": "00:01:10",
        "total_time": "9999:00:00",
        "score": {"raw": "70", "min": "0", "max": "100"},
    },
    "student_data": {"mastery_score": "1"},
    "student_preference": {"audio": "10", "language": ""},
    "objectives": {"0": {"id": "a", "status": "completed", "score": {"raw": "", "max": "100"}}},
    "interactions": {
        "0": {"id": "q", "student_response": "b", "correct_responses": {"0": {"pattern": "b"}}, "time": ""}
    },
}


def changed(**core):
    return {**CMI, "core": {**CMI["core"], **core}}


def test_what_matters_is_read_and_what_the_server_owns_is_not():
    snapshot = read_snapshot(CMI)
    assert (snapshot.status, snapshot.exit, snapshot.seconds) == ("incomplete", "suspend", 70)
    assert snapshot.score == Score(70, 0, 100)
    assert snapshot.objectives == (("a", "completed"),)
    assert snapshot.kept == {
        "core": {
            "lesson_location": "page3",
            "lesson_status": "incomplete",
            "exit": "suspend",
            "score": {"raw": "70", "min": "0", "max": "100"},
        },
        "suspend_data": "p=3",
        "comments": "",
        "student_preference": {"audio": "10"},
        "objectives": [{"id": "a", "status": "completed", "score": {"max": "100"}}],
        "interactions": [
            {"id": "q", "student_response": "b", "objectives": [], "correct_responses": [{"pattern": "b"}]}
        ],
    }


def test_entries_come_in_the_order_of_their_numbers():
    objectives = {str(number): {"id": f"o{number}"} for number in reversed(range(12))}
    assert [name for name, _ in read_snapshot({"objectives": objectives}).objectives] == [
        f"o{number}" for number in range(12)
    ]


def test_nothing_at_all_is_an_empty_snapshot():
    snapshot = read_snapshot({})
    assert (snapshot.status, snapshot.seconds, snapshot.score.raw) == ("not attempted", None, None)


@pytest.mark.parametrize(
    "cmi",
    [
        "text",
        ["list"],
        changed(lesson_status="excellent"),
        changed(exit="run"),
        changed(score="80"),
        changed(score={"raw": "101"}),
        changed(score={"raw": "-1"}),
        changed(score={"raw": "nan"}),
        changed(score={"raw": "1e999"}),
        changed(score={"raw": True}),
        changed(score={"raw": {"a": 1}}),
        changed(lesson_location="x" * 5000),
        changed(lesson_location=["x"]),
        {**CMI, "suspend_data": "x" * 64_001},
        {**CMI, "objectives": {str(number): {} for number in range(501)}},
        {**CMI, "objectives": {"0": {"status": "superb"}}},
        {**CMI, "objectives": "many"},
    ],
)
def test_what_no_package_could_have_made_is_refused(cmi):
    with pytest.raises(BadSnapshot):
        read_snapshot(cmi)


@pytest.mark.parametrize(
    ("score", "scaled"),
    [
        (Score(80, 0, 100), 0.8),
        (Score(80), 0.8),
        (Score(8, 0, 10), 0.8),
        (Score(15, 10, 20), 0.5),
        (Score(30, 0, 10), 0.3),
        (Score(5, 5, 5), 0.05),
        (Score(), None),
    ],
)
def test_points_are_scaled_within_their_bounds(score, scaled):
    assert score.scaled == scaled


def test_odd_interactions_are_kept_as_far_as_they_can_be_and_never_cost_a_commit():
    odd = [1, {"id": "q", "student_response": "x" * 9000, "objectives": "?", "correct_responses": {"0": 3}}]
    first, second = read_snapshot({**CMI, "interactions": odd}).kept["interactions"]
    assert first == {"objectives": [], "correct_responses": []}
    assert (second["id"], len(second["student_response"])) == ("q", 4000)
    assert second["correct_responses"] == [{}]
