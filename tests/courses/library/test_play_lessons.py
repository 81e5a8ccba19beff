"""Each lesson of ours, played on the smallest phone."""

import pytest

from courses.authoring import read_lesson
from courses.authoring.showing import right_response
from courses.library import folder, slugs

pytestmark = pytest.mark.browser

SMALLEST_TARGET = 48
TARGETS = "button, .option label"
TOO_SMALL = """([selector, least]) => [...document.querySelectorAll(selector)]
  .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < least)
  .map(one => one.textContent)"""


@pytest.mark.parametrize("slug", slugs())
def test_it_can_be_passed_on_a_narrow_phone(library, slug):
    learner = library(slug, width=320, height=640)
    answers = {
        exercise.id: right_response(exercise).split(",") for exercise in read_lesson(folder(slug)).exercises()
    }
    while learner.primary != "Xem lại bài":
        assert learner.screen.evaluate("document.documentElement.scrollWidth") <= 320
        assert learner.screen.evaluate(TOO_SMALL, [TARGETS, SMALLEST_TARGET]) == []
        if learner.primary == "Trả lời":
            learner.answer(*answers[learner.step])
            assert learner.text(".judgement") == "Đúng rồi!"
        learner.go_on()
    assert learner.data("cmi.core.lesson_status") == "passed"
    assert learner.data("cmi.core.score.raw") == "100"
    assert learner.host("errors") == []
