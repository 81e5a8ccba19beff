"""Reading aloud, bigger text, more contrast, keyboard, small screens."""

import pytest

from tests.courses.authoring.learning import Learner

pytestmark = pytest.mark.browser

VOICE = """
window.spoken = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, 'speechSynthesis', { value: {
  waiting: [],
  getVoices: () => [{ lang: 'LANG', name: 'one' }],
  cancel() { this.waiting = []; },
  speak(words) { window.spoken.push([words.lang, words.text]); this.waiting.push(words); },
} });
"""


def speaking(context, language):
    context.add_init_script(VOICE.replace("LANG", language))


def test_what_is_seen_is_read_aloud_in_vietnamese(context, open_lesson):
    speaking(context, "vi-VN")
    learner = open_lesson()
    learner.screen.click("#speak")
    spoken = learner.screen.evaluate("window.spoken")
    assert spoken == [["vi-VN", "Chào bác"], ["vi-VN", "Một đoạn quan trọng."]]
    assert learner.screen.inner_text("#speak") == "Dừng đọc"


def test_what_is_being_read_is_marked_and_the_end_is_noticed(context, open_lesson):
    speaking(context, "vi-VN")
    learner = open_lesson()
    learner.screen.click("#speak")
    learner.screen.evaluate("speechSynthesis.waiting[0].onstart()")
    assert learner.text(".spoken-now") == "Chào bác"
    learner.screen.evaluate("speechSynthesis.waiting[0].onend(); speechSynthesis.waiting[1].onend()")
    assert not learner.sees(".spoken-now")
    assert learner.screen.inner_text("#speak") == "Nghe đọc"


def test_answers_are_read_too(context, open_lesson):
    speaking(context, "vi-VN")
    learner = open_lesson()
    learner.go_on()
    learner.screen.click("#speak")
    spoken = [text for _, text in learner.screen.evaluate("window.spoken")]
    assert spoken == ["Thực hành", "Chọn một", "Chọn đi bác.", "Sai", "Đúng"]


def test_reading_stops_at_a_second_touch_and_at_the_next_step(context, open_lesson):
    speaking(context, "vi-VN")
    learner = open_lesson()
    for stop in ("#speak", "#next"):
        learner.screen.click("#speak")
        learner.screen.click(stop)
        assert learner.screen.evaluate("speechSynthesis.waiting.length") == 0
        assert learner.screen.inner_text("#speak") == "Nghe đọc"


def test_a_phone_without_a_vietnamese_voice_says_so(context, open_lesson):
    speaking(context, "en-US")
    learner = open_lesson()
    learner.screen.click("#speak")
    assert "chưa có giọng đọc tiếng Việt" in learner.screen.inner_text("#notice")
    assert learner.screen.evaluate("window.spoken") == []


def test_a_browser_that_cannot_speak_shows_no_button(context, open_lesson):
    context.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    assert not open_lesson().sees("#speak")


def test_bigger_text_and_more_contrast_are_remembered(open_lesson):
    first = open_lesson()
    size = "parseFloat(getComputedStyle(document.querySelector('.step p')).fontSize)"
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    before = first.screen.evaluate(size)
    assert before >= 19
    first.screen.click("#bigger")
    first.screen.click("#contrast")
    first.page.close()
    second = open_lesson()
    assert second.screen.evaluate(size) > before
    assert second.screen.evaluate(colour) == "rgb(0, 0, 0)"
    assert second.screen.get_attribute("#bigger", "aria-pressed") == "true"
    second.screen.click("#contrast")
    assert second.screen.evaluate(colour) == "rgb(255, 255, 255)"


def test_whoever_asks_the_system_for_contrast_gets_it(browser, address):
    context = browser.new_context(contrast="more")
    assert Learner(context, address).screen.get_attribute("#contrast", "aria-pressed") == "true"
    context.close()


def test_the_heading_of_each_step_and_the_verdict_get_the_focus(learner):
    focused = "document.activeElement.id || document.activeElement.className"
    learner.go_on()
    assert learner.screen.evaluate(focused) == "title-one"
    learner.answer("a")
    assert learner.screen.evaluate(focused).startswith("verdict")
    learner.screen.click(".step:not([hidden]) .again")
    assert learner.screen.evaluate(focused) == "one-a"


def test_the_keyboard_alone_is_enough(learner):
    press = learner.page.keyboard.press

    def tab_to(selector):
        for _ in range(20):
            if learner.screen.evaluate("s => document.activeElement.matches(s)", selector):
                return
            press("Tab")
        pytest.fail(f"{selector} is not reached by the tabulator key")

    learner.screen.focus("#speak")
    tab_to("#next")
    press("Enter")
    tab_to("#one-a")
    press("ArrowDown")
    tab_to("#next")
    press("Enter")
    assert learner.text(".judgement") == "Đúng rồi!"
    tab_to("#next")
    press("Enter")
    for value in ("#many-a", "#many-c"):
        tab_to(value)
        press("Space")
    tab_to("#next")
    press("Enter")
    assert learner.text(".judgement") == "Đúng rồi!"
    learner.play_until("order")
    for value in ("a", "b", "c"):
        tab_to(f".place[data-value={value}]") if value == "a" else learner.screen.focus(
            f".place[data-value={value}]"
        )
        press("Space")
    tab_to("#next")
    press("Enter")
    assert learner.text(".judgement") == "Đúng rồi!"
