"""The player in real Chromium: nothing that was learned is lost, whatever happens to page and network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from courses.authoring import read_lesson
from courses.library import folder
from courses.packaging import BuildItem
from lms.player.models import Attempt
from lms.support.queries import logs_of
from tests.factories.courses import import_package, package
from tests.functional.browsing import DESK, PHONE, SMALLEST, faults, new_context
from tests.functional.journey import lesson_frame, play, step
from tests.functional.playing import FOREIGN, OWN, Site, foreign_page, nothing_waits, served_site, waiting_in

pytestmark = pytest.mark.browser

SOURCE = read_lesson(folder(OWN))
SAVED, WAITING = "Đã lưu", "Đang chờ mạng"
# As some tools do: the start page has a button that opens the lesson in another window, where it finds its
# run-time by way of who opened it, and says goodbye when that window closes.
IN_A_WINDOW = {
    "start.htm": b"<title>x</title><iframe src=inner.htm></iframe>",
    "inner.htm": b"""<title>x</title><button onclick="window.open('lesson.htm', 'w')">Open</button>
<script>
addEventListener("beforeunload", (event) => { event.preventDefault(); event.returnValue = "Stay?"; });
</script>""",
    "lesson.htm": b"""<title>x</title><h1></h1><script>
for (var w = opener; !w.API; w = w.parent);
w.API.LMSInitialize("");
document.querySelector("h1").textContent = w.API.LMSGetValue("cmi.core.entry");
onbeforeunload = function () {
  w.API.LMSSetValue("cmi.core.lesson_location", "7");
  return "Stay?";
};
onunload = function () {
  w.API.LMSSetValue("cmi.core.exit", "suspend");
  w.API.LMSFinish("");
};
</script>""",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A phone, unless a test asks for a desk: only how things are laid out differs."""
    found = new_context(browser, getattr(request, "param", PHONE))
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def saved(page: Page, state: str = SAVED) -> None:
    expect(page.locator("#save-state")).to_contain_text(state)


def leave(page: Page) -> None:
    page.locator("#leave").click()
    page.wait_for_url("**/result")


@pytest.mark.parametrize("context", [PHONE, DESK], ids=["phone", "desk"], indirect=True)
def test_our_own_lesson_to_its_end_with_a_result(site: Site, page: Page) -> None:
    site.launch(page, OWN)
    play(lesson_frame(page), SOURCE, until=SOURCE.result.id)
    saved(page)
    leave(page)
    expect(page.locator("h1")).to_contain_text("Đã hoàn thành")
    attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.success, attempt.progress) == (True, True, 1.0)
    assert attempt.ended is not None
    assert site.verbs_of(attempt.id)[-3:] == ["passed", "completed", "terminated"]
    answers_and_calls_are_kept(site, attempt)


def answers_and_calls_are_kept(site: Site, attempt: Attempt) -> None:
    """Each answer is told, and support finds every call of the lesson once."""
    assert site.verbs_of(attempt.id).count("answered") == len(list(SOURCE.exercises()))
    with site.runtime.database.snapshot() as session:
        (log,) = logs_of(session, session.get_one(Attempt, attempt.id))
    calls = [
        (name, given.partition(",")[0], answer, error) for _, _, name, given, answer, error, _ in log.calls
    ]
    assert calls[0] == ("LMSInitialize", "", "true", 0)
    assert calls[-1][0] == "LMSFinish"
    assert ("LMSSetValue", "cmi.core.lesson_status", "true", 0) in calls
    assert [call[0] for call in log.calls] == list(range(1, len(calls) + 1))  # none is missing, none is twice
    assert log.device.startswith("Chrome")


def test_a_tab_closed_half_way_is_resumed_where_it_was(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    for _ in range(2):
        frame.click("#next")
    place = step(frame)
    page.close()
    again = context.new_page()
    site.launch(again, OWN)
    assert step(lesson_frame(again)) == place


def test_a_reloaded_page_goes_on_where_it_was(site: Site, page: Page) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    frame.click("#next")
    place = step(frame)
    page.reload()
    assert step(lesson_frame(page)) == place
    saved(page)


def test_without_a_network_everything_waits_and_is_saved_when_it_is_back(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    saved(page)
    context.set_offline(True)
    frame.click("#next")
    frame.click("#next")
    place = step(frame)
    saved(page, WAITING)
    assert waiting_in(page) == 1
    context.set_offline(False)
    saved(page)
    nothing_waits(page)
    assert site.attempts()[-1].state["core"]["lesson_location"] == place


def test_a_page_closed_without_a_network_is_saved_by_the_next_before_the_lesson_begins(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    saved(page)
    context.set_offline(True)
    frame.click("#next")
    frame.click("#next")
    place = step(frame)
    saved(page, WAITING)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    site.launch(again, OWN)
    assert step(lesson_frame(again)) == place
    nothing_waits(again)


def test_leaving_without_a_network_asks_and_keeps(site: Site, context: BrowserContext, page: Page) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    context.set_offline(True)
    frame.click("#next")
    page.locator("#leave").click()
    expect(page.locator("#offline")).to_be_visible(timeout=20_000)
    assert faults(page) == []
    context.set_offline(False)  # and it goes on by itself
    page.wait_for_url("**/result")
    expect(page.locator("h1")).to_contain_text("Đã lưu")


def test_a_server_that_answers_with_errors_is_waited_for(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    saved(page)
    context.route("**/commit", lambda route: route.fulfill(status=503))
    frame.click("#next")
    saved(page, WAITING)
    context.unroute("**/commit")
    saved(page)
    nothing_waits(page)


def test_where_a_device_is_full_all_is_saved_and_whoever_has_no_network_is_told_to_stay(
    site: Site, context: BrowserContext, page: Page
) -> None:
    full = "() => { throw new DOMException('full', 'QuotaExceededError'); }"
    page.add_init_script(f"Storage.prototype.setItem = IDBObjectStore.prototype.put = {full}")
    site.launch(page, OWN)
    frame = lesson_frame(page)
    saved(page)
    context.set_offline(True)
    frame.click("#next")
    place = step(frame)
    saved(page, "Giữ trang mở")
    page.locator("#leave").click()
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#offline-text")).to_contain_text("hết chỗ")
    expect(page.locator("#later")).to_be_hidden()
    context.set_offline(False)  # and it goes on by itself
    page.wait_for_url("**/result")
    assert site.attempts()[-1].state["core"]["lesson_location"] == place


def test_a_key_that_is_too_old_does_not_keep_anything_from_being_saved(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    saved(page)
    context.route("**/commit", lambda route: route.fulfill(status=401))
    frame.click("#next")
    place = step(frame)
    nothing_waits(page)
    saved(page)
    assert site.attempts()[-1].state["core"]["lesson_location"] == place


def test_where_every_key_is_too_old_what_was_learned_is_kept_for_the_next_time(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, OWN)
    frame = lesson_frame(page)
    saved(page)
    for door in ("**/commit", "**/deliver/*"):
        context.route(door, lambda route: route.fulfill(status=401))
    frame.click("#next")
    place = step(frame)
    expect(page.locator("#expired")).to_be_visible()
    assert waiting_in(page) == 1
    context.unroute_all()
    page.locator("#expired a").click()
    page.locator('form[action^="/learn/"] button').click()
    assert step(lesson_frame(page)) == place


@pytest.mark.parametrize("other", ["tab", "device"])
def test_the_later_of_two_wins_and_the_first_is_told(
    site: Site, browser: Browser, context: BrowserContext, page: Page, other: str
) -> None:
    site.launch(page, OWN)
    first = lesson_frame(page)
    elsewhere = another_device(browser, context) if other == "device" else context
    later = elsewhere.new_page()
    site.launch(later, OWN)
    second = lesson_frame(later)
    second.click("#next")
    second.click("#next")
    place = step(second)
    saved(later)
    first.click("#next")
    expect(page.locator("#elsewhere")).to_be_visible()
    assert faults(page) == []
    assert site.attempts()[-1].state["core"]["lesson_location"] == place
    page.locator("#here").click()
    assert step(lesson_frame(page)) == place
    if elsewhere is not context:
        elsewhere.close()


def another_device(browser: Browser, context: BrowserContext) -> BrowserContext:
    """The same learner on another one: nothing of what the first has kept is there."""
    found = new_context(browser, PHONE)
    whose = [one for one in context.cookies() if one["name"] != "lesson-opened"]  # which is about the device
    found.add_cookies(whose)  # type: ignore[arg-type]
    return found


def test_a_package_of_another_tool_suspends_resumes_and_passes(site: Site, page: Page) -> None:
    site.launch(page, FOREIGN, "FRAMES")
    foreign_page(page, 1).click("#next")
    foreign_page(page, 2)
    leave(page)
    attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.state["suspend_data"], attempt.ended) == (False, "2", None)
    page.locator('form[action^="/learn/"] button').first.click()
    foreign_page(page, 2).click("#next")
    quiz = foreign_page(page, 3)
    quiz.click("#right")
    quiz.wait_for_selector("body.sent")
    leave(page)
    attempt = site.attempt(attempt.id)
    assert (attempt.completion, attempt.success, attempt.score_raw) == (True, True, 90)
    expect(page.locator(".govuk-panel")).to_contain_text("90")


def add_course(site: Site, folder: Path, slug: str, start: str, files: dict[str, bytes]) -> None:
    """A course of one lesson, which begins with that page."""
    content = package(lessons=[BuildItem(identifier="L1", title=slug, href=start)], files=files)
    with site.runtime.database.transaction() as session:
        import_package(session, site.runtime.files, folder, content, slug=slug)


def test_a_lesson_in_a_window_of_its_own_is_saved_and_ends_with_the_player(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """And nobody is asked whether to leave, as many lessons want it: who stays would have nothing left."""
    add_course(site, tmp_path, "cua-so-rieng", "start.htm", IN_A_WINDOW)
    context = new_context(browser, DESK)
    asked: list[str] = []
    context.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page = context.new_page()
    site.launch(page, "cua-so-rieng")
    with context.expect_page() as opened:
        page.frame_locator("#lesson").frame_locator("iframe").locator("button").click()
    opened.value.locator("h1").click()
    expect(opened.value.locator("h1")).to_have_text("ab-initio")
    leave(page)
    assert asked == []
    assert opened.value.is_closed()
    assert site.attempts()[-1].state["core"]["lesson_location"] == "7"
    site.launch(page, "cua-so-rieng")
    with context.expect_page() as opened:
        page.frame_locator("#lesson").frame_locator("iframe").locator("button").click()
    expect(opened.value.locator("h1")).to_have_text("resume")
    context.close()


# As older tools do: a menu in one frame leads another, and a page the whole window, by links and by programs.
IN_FRAMES = {
    "start.htm": b"<frameset cols='*,*'><frame name=menu src=menu.htm><frame name=main src=1.htm></frameset>",
    "menu.htm": b"""<a id=link href=2.htm target=main>2</a> <a id=top href=5.htm target=_top>5</a>
<button id=program onclick="parent.main.location = '3.htm'">3</button>
<button id=whole onclick="parent.location.href = '4.htm'">4</button>
<button id=away onclick="top.location = 'https://example.org/'">away</button>""",
    **{f"{number}.htm": b"<h1>%d</h1>" % number for number in (1, 2, 3, 4, 5)},
}


def test_frames_of_a_lesson_lead_each_other_and_never_take_the_players_page_away(
    site: Site, tmp_path: Path, page: Page
) -> None:
    add_course(site, tmp_path, "nhieu-khung", "start.htm", IN_FRAMES)
    site.launch(page, "nhieu-khung")
    lesson, here = page.frame_locator("#lesson"), page.url
    menu = lesson.frame_locator("frame[name=menu]")
    for button, shown in (("link", "2"), ("program", "3"), ("away", "3")):
        menu.locator(f"#{button}").click()
        expect(lesson.frame_locator("frame[name=main]").locator("h1")).to_have_text(shown)
    for button, shown in (("whole", "4"), ("top", "5")):
        menu.locator(f"#{button}").click()
        expect(lesson.locator("h1")).to_have_text(shown)
        assert page.url == here
        lesson.locator("h1").evaluate("history.back()")
        menu.locator("#link").wait_for()


def test_below_the_pass_mark_a_package_of_another_tool_has_failed(site: Site, page: Page) -> None:
    site.launch(page, FOREIGN, "FRAMES")
    for number in (1, 2):
        foreign_page(page, number).click("#next")
    quiz = foreign_page(page, 3)
    quiz.click("#wrong")
    quiz.wait_for_selector("body.sent")
    leave(page)
    attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.success, attempt.score_raw) == (True, False, 30)


def test_on_to_the_next_lesson_and_the_course_is_done(site: Site, page: Page) -> None:
    site.launch(page, FOREIGN, "FRAMES")
    for number in (1, 2):
        foreign_page(page, number).click("#next")
    quiz = foreign_page(page, 3)
    quiz.click("#right")
    quiz.wait_for_selector("body.sent")
    page.locator(".player-go__button--next").click()
    expect(page.locator("h1")).to_have_text("Bài ngắn")
    page.frame_locator("#lesson").locator("h1").wait_for()
    leave(page)
    expect(page.locator("main")).to_contain_text("Gói của công cụ khác")
    expect(page.locator("h1")).to_contain_text("Đã hoàn thành")


def test_the_player_has_no_fault_that_axe_finds_and_fits_the_smallest_phone(
    site: Site, browser: Browser
) -> None:
    context = new_context(browser, SMALLEST)
    page = context.new_page()
    site.launch(page, FOREIGN, "MINIMAL")
    page.frame_locator("#lesson").locator("h1").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
        assert box["x"] + box["width"] <= 320
    page.frame_locator("#lesson").locator("body").evaluate("document.title = 'Bài'")
    assert [fault for fault in faults(page) if not re.match(r"(html-has-lang|landmark|region)", fault)] == []
    context.close()


def test_by_keyboard_alone_one_can_save_and_leave(site: Site, page: Page) -> None:
    site.launch(page, OWN)
    lesson_frame(page)
    page.locator("#leave").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/result")
    expect(page.locator("h1")).to_contain_text("Đã lưu")
