"""A whole lesson, and what the host hears of it."""

import json

import pytest

pytestmark = pytest.mark.browser


def test_a_lesson_played_to_its_end_is_passed_with_its_score(learner):
    learner.play_until("check")
    assert learner.data("cmi.core.lesson_status") == "incomplete"
    learner.take_check("a", "t", "a")
    assert learner.step == "end"
    assert learner.text("h2") == "Bác đã hoàn thành!"
    assert learner.text(".points") == "2/3"
    assert learner.text(".learned").split("\n") == ["Biết điều thứ nhất", "Biết điều thứ hai"]
    assert "Nghỉ một lát." in learner.text(".afterwards")
    assert learner.data("cmi.core.lesson_status") == "passed"
    score = [learner.data(f"cmi.core.score.{name}") for name in ("raw", "min", "max")]
    assert score == ["67", "0", "100"]
    assert learner.data("cmi.core.exit") == ""


def test_progress_is_counted_in_parts_and_the_check_is_one(learner):
    assert learner.screen.inner_text("#position") == "Phần 1/7"
    learner.play_until("check")
    assert learner.screen.inner_text("#position") == "Phần 7/7"
    learner.go_on()
    assert learner.screen.inner_text("#position") == "Phần 7/7"
    assert learner.text(".eyebrow") == "Câu 1/3"


def test_every_answer_is_told_as_an_interaction(learner):
    learner.play_until("check")
    learner.take_check("b")
    expected = [
        ("one", "choice", "b", "b", "correct", "one"),
        ("many", "choice", "a,c", "a,c", "correct", "many"),
        ("spot", "choice", "a", "a", "correct", "spot"),
        ("phone", "choice", "a", "a", "correct", "phone"),
        ("order", "sequencing", "a,b,c", "a,b,c", "correct", "order"),
        ("q1", "choice", "a", "b", "wrong", "check"),
    ]
    names = ("id", "type", "correct_responses.0.pattern", "student_response", "result", "objectives.0.id")
    told = [
        tuple(learner.data(f"cmi.interactions.{n}.{name}") for name in names) for n in range(len(expected))
    ]
    assert told == expected
    assert learner.data("cmi.interactions.0.latency").startswith("00:00:")
    assert learner.data("cmi.interactions.0.time")


def test_true_and_false_are_told_by_their_letters(learner):
    learner.play_until("check")
    learner.take_check("a", "f")
    names = ("type", "correct_responses.0.pattern", "student_response")
    assert [learner.data(f"cmi.interactions.6.{name}") for name in names] == ["true-false", "t", "f"]


def test_there_is_one_objective_for_every_part(learner):
    def objectives():
        return {
            learner.data(f"cmi.objectives.{n}.id"): learner.data(f"cmi.objectives.{n}.status")
            for n in range(7)
        }

    parts = ["hello", "one", "many", "spot", "phone", "order", "check"]
    assert objectives() == dict.fromkeys(parts, "not attempted") | {"hello": "incomplete"}
    learner.play_until("spot")
    done = dict.fromkeys(["hello", "one", "many"], "completed")
    assert objectives() == dict.fromkeys(parts, "not attempted") | done | {"spot": "incomplete"}
    learner.play_until("check")
    learner.take_check("a", "t", "b")
    assert objectives() == dict.fromkeys(parts, "completed") | {"check": "passed"}


def test_the_host_is_asked_to_keep_after_each_step_and_answer(learner):
    before = learner.host("commits")
    learner.go_on()
    after_step = learner.host("commits")
    learner.answer("a")
    assert before < after_step < learner.host("commits")


def test_leaving_finishes_with_the_time_spent_and_asks_to_go_on_later(learner):
    learner.go_on()
    learner.page.goto("about:blank")
    learner.page.go_back()
    learner.screen = learner.page.frame("lesson")
    learner.screen.wait_for_selector("html.playing")
    assert learner.page.evaluate("localStorage.getItem('host.finished')") == "yes"
    kept = json.loads(learner.page.evaluate("localStorage.getItem('host.kept')"))
    assert kept["cmi.core.exit"] == "suspend"
    assert kept["cmi.core.session_time"].startswith("00:00:")
    assert learner.step == "one"


def test_without_a_choice_nothing_is_sent_and_a_hint_is_given(learner):
    learner.go_on()
    learner.go_on()
    assert learner.step == "one"
    assert learner.screen.inner_text("#hint") == "Bác hãy chọn một câu trả lời trước nhé."
    assert learner.host("data").get("cmi.interactions.0.id") is None


def test_an_order_must_be_complete_and_a_second_touch_takes_back(learner):
    learner.play_until("order")
    learner.answer("a", "b")
    assert "tất cả" in learner.screen.inner_text("#hint")
    learner.answer("b", "a", "b", "a", "c")
    assert learner.data("cmi.interactions.4.student_response") == "b,a,c"
    assert learner.text(".judgement") == "Chưa đúng"
