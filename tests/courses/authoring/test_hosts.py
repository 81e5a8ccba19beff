"""Hosts of all kinds, and none."""

import pytest

pytestmark = pytest.mark.browser

PREVIEW = "Đang xem thử: kết quả không được lưu"


def test_without_a_host_the_lesson_is_a_preview_that_works_to_the_end(open_lesson):
    learner = open_lesson(host=False)
    assert learner.screen.inner_text("#notice") == PREVIEW
    learner.play_until("check")
    learner.take_check("a", "t", "b")
    assert learner.text("h2") == "Bác đã hoàn thành!"
    assert learner.screen.inner_text("#notice") == PREVIEW


def test_a_host_that_only_shows_the_lesson_is_told_nothing(context, open_lesson):
    context.add_init_script(
        "window.localStorage.setItem('host.kept', JSON.stringify({'cmi.core.lesson_mode': 'browse'}))"
    )
    learner = open_lesson()
    assert learner.screen.inner_text("#notice") == PREVIEW
    learner.play_until("many")
    assert learner.host("calls") == []


def test_a_host_that_does_not_start_is_named(context, open_lesson):
    context.add_init_script(
        "if (window === window.top) Object.defineProperty(window, 'API', { set() {}, get: () => "
        "({ LMSInitialize: () => 'false', LMSGetLastError: () => '301' }) })"
    )
    learner = open_lesson()
    assert "Chưa nối được" in learner.screen.inner_text("#notice")
    learner.play_until("many")


def test_a_host_that_is_already_started_is_used(context, open_lesson):
    context.add_init_script(
        "if (window === window.top) window.addEventListener('DOMContentLoaded', () => {"
        " window.API.LMSInitialize(''); window.API.LMSGetLastError = () => '101'; })"
    )
    learner = open_lesson()
    assert learner.data("cmi.core.lesson_status") == "incomplete"


def test_a_host_in_the_opening_window_is_found(context, open_lesson):
    learner = open_lesson()
    learner.page.evaluate("document.querySelector('iframe').remove()")
    learner.page.evaluate("window.host.open = false")
    with learner.page.expect_popup() as popup:
        learner.page.evaluate("window.open('lesson/index.html')")
    popup.value.wait_for_selector("html.playing")
    assert not popup.value.locator("#notice").is_visible()
    popup.value.click("#next")
    assert learner.data("cmi.core.lesson_location") == "one"


def test_a_pass_that_the_host_already_knows_is_not_taken_back(context, open_lesson):
    context.add_init_script(
        "window.localStorage.setItem('host.kept', JSON.stringify({'cmi.core.lesson_status': 'passed'}))"
    )
    learner = open_lesson()
    learner.play_until("check")
    learner.take_check("b", "f", "a")
    assert learner.data("cmi.core.lesson_status") == "passed"
