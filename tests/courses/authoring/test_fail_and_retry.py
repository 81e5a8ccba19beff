"""Wrong answers, in practice and in the check."""

import pytest

pytestmark = pytest.mark.browser


def fail_check(learner):
    learner.play_until("check")
    learner.take_check("b", "t", "a")


def test_a_wrong_practice_answer_says_why_and_can_be_tried_again(learner):
    learner.go_on()
    learner.answer("a")
    assert learner.text(".judgement") == "Chưa đúng"
    assert learner.text(".because") == "Vì sai."
    assert not learner.sees(".solution")
    assert learner.primary == "Tiếp tục"
    learner.screen.click(".step:not([hidden]) .again")
    assert learner.primary == "Trả lời"
    learner.answer("b")
    assert learner.text(".judgement") == "Đúng rồi!"


def test_after_a_second_miss_the_right_answer_is_shown(learner):
    learner.go_on()
    learner.answer("a")
    learner.screen.click(".step:not([hidden]) .again")
    learner.answer("a")
    assert learner.text(".solution li") == "Đúng"


def test_of_several_answers_each_chosen_one_gets_its_reason(learner):
    learner.play_until("many")
    learner.answer("a", "b")
    shown = learner.screen.locator(".step:not([hidden]) .why").locator("visible=true").all_inner_texts()
    assert shown == ["Nên chọn.", "Không nên."]
    assert learner.text(".note:not([hidden])") == "Chưa đủ."


def test_a_question_of_the_check_shows_the_right_answer_and_no_second_try(learner):
    learner.play_until("check")
    learner.go_on()
    learner.answer("b")
    assert learner.text(".solution li") == "Đúng"
    assert not learner.sees(".again")


def test_below_the_pass_mark_the_lesson_is_failed_and_the_check_can_be_taken_again(learner):
    fail_check(learner)
    assert learner.data("cmi.core.lesson_status") == "failed"
    assert learner.data("cmi.core.score.raw") == "33"
    assert learner.data("cmi.core.exit") == "suspend"
    assert "Cần đúng 2 câu để đạt" in learner.text(".outcome")
    assert not learner.sees(".afterwards")
    assert learner.primary == "Làm lại kiểm tra"
    learner.go_on()
    learner.take_check("a", "t", "b")
    assert learner.data("cmi.core.lesson_status") == "passed"
    assert learner.data("cmi.core.score.raw") == "100"
    assert learner.text("h2") == "Bác đã hoàn thành!"


def test_a_failed_lesson_can_be_read_again_from_its_beginning(learner):
    fail_check(learner)
    learner.go_back()
    assert learner.step == "hello"


def test_a_failed_check_is_remembered_when_the_lesson_is_opened_again(open_lesson):
    first = open_lesson()
    fail_check(first)
    first.page.close()
    second = open_lesson()
    assert second.data("cmi.core.lesson_status") == "failed"
    assert second.primary == "Làm lại kiểm tra"


def test_a_pass_is_not_lost_by_a_worse_second_try(learner):
    learner.play_until("check")
    learner.take_check("a", "t", "a")
    learner.go_back()
    learner.take_check("b", "f", "a")
    assert learner.data("cmi.core.lesson_status") == "passed"
    assert learner.data("cmi.core.score.raw") == "67"
    assert learner.text("h2") == "Bác đã hoàn thành!"
    assert "Bác đã đạt từ lần trước" in learner.text(".outcome")
