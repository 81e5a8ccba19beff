"""Reading run-time data, also from those who mean harm."""

import pytest

from lms.player.rules.reading import BadSnapshot, elements, read_patiently
from lms.player.rules.snapshot import Score, read_snapshot

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


SERVERS = {"cmi.core.credit": "no-credit", "cmi.core.lesson_mode": "review"}


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
    ("cmi", "left_out"),
    [
        (changed(lesson_status="excellent"), {"cmi.core.lesson_status": "excellent"}),
        (changed(exit="run"), {"cmi.core.exit": "run"}),
        (changed(session_time="soon"), {"cmi.core.session_time": "soon"}),
        (changed(score="80"), {"cmi.core.score": "str"}),
        (changed(score={"raw": "101", "max": "100"}), {"cmi.core.score.raw": "101"}),
        (changed(score={"raw": "-1"}), {"cmi.core.score.raw": "-1"}),
        (changed(score={"raw": "nan"}), {"cmi.core.score.raw": "nan"}),
        (changed(score={"raw": "1e999"}), {"cmi.core.score.raw": "1e999"}),
        (changed(score={"raw": True}), {"cmi.core.score.raw": "bool"}),
        (changed(score={"raw": {"a": 1}}), {"cmi.core.score.raw": "dict"}),
        (changed(lesson_location="x" * 5000), {"cmi.core.lesson_location": "(5000)"}),
        (changed(lesson_location=["x"]), {"cmi.core.lesson_location": "list"}),
        ({**CMI, "suspend_data": "x" * 64_001}, {"cmi.suspend_data": "(64001)"}),
        ({**CMI, "objectives": {str(n): {"id": f"o{n}"} for n in range(501)}}, {"cmi.objectives": "(501)"}),
        ({**CMI, "objectives": {"0": {"status": "superb"}}}, {"cmi.objectives.0.status": "superb"}),
        ({**CMI, "objectives": [4]}, {"cmi.objectives.0": "int"}),
        ({**CMI, "objectives": "many"}, {"cmi.objectives": "str"}),
        ({**CMI, "student_preference": 1}, {"cmi.student_preference": "int"}),
    ],
)
def test_what_cannot_be_is_left_out_and_named_and_costs_nothing_else(cmi, left_out):
    found, sound = read_snapshot(cmi), read_snapshot(CMI)
    told = elements(found.left_out)
    assert {name: told[name] for name in told if name not in SERVERS} == left_out
    (name,) = left_out
    part = name.split(".")[1]
    for other in set(sound.kept) - {part}:
        assert found.kept[other] == sound.kept[other]
    if part == "core":
        element = name.split(".")[2]
        for other in set(sound.kept["core"]) - {element, "score"}:
            assert found.kept["core"][other] == sound.kept["core"][other]


def test_what_is_the_servers_to_say_is_named_where_it_was_changed():
    assert elements(read_snapshot(CMI, mastery=80).left_out) == SERVERS | {
        "cmi.student_data.mastery_score": "1"
    }
    own = {"core": {"credit": "credit", "lesson_mode": "normal"}, "student_data": {"mastery_score": "80.0"}}
    assert read_snapshot(own, mastery=80).left_out == {}


def test_a_status_that_there_is_not_completes_nothing():
    assert read_snapshot(changed(lesson_status="finished")).status == "incomplete"


def test_letters_that_were_cut_in_half_cost_themselves_alone():
    assert read_patiently(b'{"a": ["\\ud83d", "\\ude00b", "\\ud83d\\ude00"]}') == {
        "a": ["\ufffd", "\ufffdb", "😀"]
    }
    for body in (b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000):
        with pytest.raises(BadSnapshot):
            read_patiently(body)


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
