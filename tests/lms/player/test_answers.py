"""Interactions of either SCORM as answers in xAPI's form; odd ones are read as far as they go."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.player.rules.answers import LONGEST_ID, answers_in, seconds_of
from lms.player.rules.moments import answered_at
from lms.player.rules.patterns import in_xapi, kind_of

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 08:30 in Hải Phòng
TAKEN = AT.timestamp() * 1000


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        ("choice", "a", "a"),
        ("choice", "a,b", "a[,]b"),
        ("choice", "{a,b}", "a[,]b"),
        ("choice", "Có, tôi đồng ý", "Có, tôi đồng ý"),
        ("choice", "a[,]b", "a[,]b"),
        ("sequencing", "c,a,b", "c[,]a[,]b"),
        ("true-false", "t", "true"),
        ("true-false", "0", "false"),
        ("true-false", "có lẽ", "có lẽ"),
        ("matching", "1.a,2.b", "1[.]a[,]2[.]b"),
        ("numeric", "7", "7"),
        ("numeric", "1:10", "1[:]10"),
        ("fill-in", "Hải Phòng, Việt Nam", "Hải Phòng, Việt Nam"),
        ("likert", "d", "d"),
        ("performance", "mở, rồi đóng", "mở, rồi đóng"),
    ],
)
def test_answers_of_scorm_12_get_the_delimiters_of_xapi(kind, written, told):
    assert in_xapi(kind, written) == told


@pytest.mark.parametrize(
    ("written", "kind"),
    [("choice", "choice"), ("True-False", "true-false"), ("c", "choice"), ("m", "matching"),
     ("long_fill_in", "long-fill-in"), ("", "other"), ("drag", "other")],
)  # fmt: skip
def test_types_are_those_of_xapi(written, kind):
    assert kind_of(written) == kind


@pytest.mark.parametrize(
    ("written", "response", "item"),
    [
        ("C%C3%A2u 1%20", "student_response", "Câu 1%20"),
        ("100%25%C3", "student_response", "100%25%C3"),
        ("urn:x:C%C3%A2u", "learner_response", "urn:x:C%C3%A2u"),
    ],
)
def test_letters_that_the_player_escaped_for_scorm_12_are_those_of_the_lesson_again(written, response, item):
    (answer,) = answers_in({"interactions": [{"id": written, "type": "choice", response: "a"}]})
    assert answer.item == item


def test_an_interaction_of_scorm_12_is_read_whole():
    (answer,) = answers_in(
        {
            "interactions": {
                "0": {
                    "id": "câu 1",
                    "type": "choice",
                    "time": "08:29:00",
                    "correct_responses": {"0": {"pattern": "a,b"}, "1": {"pattern": "c"}},
                    "student_response": "a",
                    "result": "wrong",
                    "latency": "00:00:12.5",
                }
            }
        }
    )
    assert (answer.item, answer.response, answer.correct) == ("câu 1", "a", ("a[,]b", "c"))
    assert (answer.right, answer.seconds, answer.points) == (False, 12.5, None)


def test_an_interaction_of_scorm_2004_is_taken_as_it_is():
    entry = {
        "id": "urn:q:1",
        "type": "long-fill-in",
        "timestamp": "2026-03-02T08:29:00+07:00",
        "learner_response": "một, hai",
        "correct_responses": [{"pattern": "{case_matters=false}một[,]hai"}],
        "result": "0.75",
        "latency": "PT1M5.5S",
        "description": "Đếm",
    }
    (answer,) = answers_in({"interactions": [entry]})
    assert (answer.response, answer.prompt, answer.points, answer.right) == ("một, hai", "Đếm", 0.75, None)
    assert answer.correct == ("{case_matters=false}một[,]hai",)
    assert answer.seconds == 65.5


@pytest.mark.parametrize(
    "cmi",
    [None, {}, {"interactions": "x"}, {"interactions": {"0": None}}, {"interactions": [3, [], {"id": "a"}]}],
)
def test_what_was_not_answered_is_no_answer(cmi):
    assert answers_in(cmi) == []


def test_odd_values_are_cut_and_cleaned_and_never_refused():
    entry = {
        "id": "x" * 900,
        "type": ["?"],
        "student_response": "a\x00\ud800" + "b" * 9000,
        "latency": "soon",
    }
    (answer,) = answers_in({"interactions": [entry]})
    assert len(answer.item) == LONGEST_ID
    assert answer.kind == "other"
    assert answer.response.startswith("abb")
    assert len(answer.response) == 4000
    assert answer.seconds is None


def test_long_names_that_differ_stay_different():
    entries = [{"id": "x" * 900 + end, "student_response": "a"} for end in "12"]
    first, second = answers_in({"interactions": entries})
    assert first.item != second.item


def test_the_last_one_waits_for_its_result():
    first, second = answers_in({"interactions": [{"student_response": "a"}, {"student_response": "b"}]})
    assert (first.is_settled, second.is_settled) == (True, False)
    assert first.item == "item-1"


def test_the_same_answer_has_the_same_mark_and_another_a_different_one():
    one = {"id": "q", "time": "08:00:00", "student_response": "a", "result": "wrong"}
    marks = [
        answers_in({"interactions": [entry]})[0].mark
        for entry in (one, dict(one), one | {"time": "09:00:00"})
    ]
    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0000:01:05.50", 65.5),
        ("PT1H", 3600),
        ("P1DT1S", 86401),
        ("PT", None),
        ("P", None),
        ("", None),
        ("5", None),
    ],
)
def test_lengths_of_time(written, seconds):
    assert seconds_of(written) == seconds


@pytest.mark.parametrize(
    ("written", "minutes_ago"),
    [
        ("08:20:00", 10),  # a time of day in Hải Phòng
        ("2026-03-02T08:25:00", 5),
        ("2026-03-02T01:25:00Z", 5),
        ("07:00:00", 0),  # before the session began: cannot be
        ("2031-01-01T00:00:00Z", 0),
        ("gần đây", 0),
        ("", 0),
    ],
)
def test_when_it_was_answered(written, minutes_ago):
    found = answered_at(written, taken=TAKEN, at=AT, since=AT - timedelta(minutes=30))
    assert found == AT - timedelta(minutes=minutes_ago)


def test_a_clock_that_is_wrong_by_days_does_not_matter():
    wrong = TAKEN + 3 * 86_400_000 + 3600_000  # 09:30, three days on
    found = answered_at("09:20:00", taken=wrong, at=AT, since=AT - timedelta(minutes=30))
    assert found == AT - timedelta(minutes=10)
