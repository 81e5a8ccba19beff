"""Leaving half way and coming back."""

import json

import pytest
from playwright.sync_api import Error

from courses.authoring import build_scorm12, read_lesson
from courses.authoring.blocks import LONGEST_ID
from courses.authoring.items import MOST
from courses.authoring.reading import MOST_BLOCKS
from tests.courses.authoring.learning import Learner
from tests.courses.authoring.sample import LESSON, write_lesson
from tests.courses.authoring.serving import serve

pytestmark = pytest.mark.browser


def test_a_closed_lesson_opens_where_it_was_left(open_lesson):
    first = open_lesson()
    first.play_until("spot")
    first.page.close()
    second = open_lesson()
    assert second.step == "spot"
    assert second.screen.inner_text("#notice") == "Bác học tiếp từ chỗ đã dừng nhé."
    second.go_back()
    assert second.step == "many"
    assert second.text(".judgement") == "Đúng rồi!"
    assert second.primary == "Tiếp tục"


def test_answers_of_the_check_are_still_there(open_lesson):
    first = open_lesson()
    first.play_until("check")
    first.go_on()
    first.answer("a")
    first.page.close()
    second = open_lesson()
    assert second.step == "q1"
    assert second.text(".judgement") == "Đúng rồi!"
    second.go_on()
    second.take_check("t", "b")
    assert second.data("cmi.core.score.raw") == "100"


def test_a_page_that_crashed_opens_where_it_was(open_lesson):
    first = open_lesson()
    first.play_until("phone")
    with first.page.expect_event("crash"), pytest.raises(Error):
        first.page.goto("chrome://crash")
    first.page.close()
    assert open_lesson().step == "phone"


def test_interactions_are_added_to_those_of_the_session_before(open_lesson):
    first = open_lesson()
    first.go_on()
    first.answer("a")
    first.page.close()
    second = open_lesson()
    second.screen.click(".step:not([hidden]) .again")
    second.answer("b")
    results = [second.data(f"cmi.interactions.{n}.result") for n in (0, 1)]
    assert results == ["wrong", "correct"]


def test_a_passed_lesson_opens_at_its_result_and_can_be_seen_again(open_lesson):
    first = open_lesson()
    first.play_until("check")
    first.take_check("a", "t", "b")
    first.page.close()
    second = open_lesson()
    assert second.text("h2") == "Bác đã hoàn thành!"
    assert second.primary == "Xem lại bài"
    assert not second.sees("#back")
    second.go_on()
    assert second.step == "hello"
    assert second.data("cmi.core.lesson_status") == "passed"


@pytest.mark.parametrize(
    "kept", ["not json", '{"v":9}', '{"v":1,"s":"gone","f":"gone","a":{"gone":["a",1,1]},"b":null}']
)
def test_a_state_that_cannot_be_used_starts_the_lesson_anew(context, open_lesson, kept):
    state = json.dumps({"cmi.suspend_data": kept, "cmi.core.lesson_status": "incomplete"})
    context.add_init_script(
        f"if (!localStorage.getItem('host.kept')) localStorage.setItem('host.kept', {json.dumps(state)})"
    )
    learner = open_lesson()
    assert learner.step == "hello"
    learner.play_until("many")


def test_a_lost_state_still_finds_the_place_by_the_location(context, open_lesson):
    state = json.dumps({"cmi.core.lesson_location": "many", "cmi.core.lesson_status": "incomplete"})
    context.add_init_script(
        f"if (!localStorage.getItem('host.kept')) localStorage.setItem('host.kept', {json.dumps(state)})"
    )
    assert open_lesson().step == "many"


def test_the_state_of_the_longest_lesson_fits_into_what_hosts_keep(context, tmp_path):
    items = "".join(f"{n}. Việc\n" for n in range(1, MOST + 1))
    ids = [f"exercise-{n}".ljust(LONGEST_ID, "x") for n in range(MOST_BLOCKS - LESSON.count(":::") // 2)]
    more = "".join(f"::: order {name}\n## Thêm\n{items}right: A.\nwrong: B.\n:::\n" for name in ids)
    lesson = read_lesson(write_lesson(tmp_path, LESSON.replace("::: check check", more + "::: check check")))
    with serve(build_scorm12(lesson)) as address:
        learner = Learner(context, address)
        learner.screen.evaluate(
            """ids => {
              const often = Array.from({ length: 99 });
              ids.forEach(id => often.forEach(() => bdhvs.memory.answer(id, "h,g,f,e,d,c,b,a", false)));
              Object.assign(bdhvs.memory.state, { s: ids[0], f: ids[0], b: 100 });
              bdhvs.memory.save();
            }""",
            ids,
        )
        kept = learner.data("cmi.suspend_data")
        assert json.loads(kept)["a"][ids[-1]] == ["h,g,f,e,d,c,b,a", 0, 99]
        assert len(kept) < 4096
        assert learner.host("errors") == []
