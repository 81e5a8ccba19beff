"""Lessons that end and begin again, page by page: in one session, or one more, and nothing is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from courses.packaging import BuildItem
from tests.factories.courses import package
from tests.factories.scorm2004 import item, package_2004, sequencing
from tests.functional.playing import Site, nothing_waits, served_site

pytestmark = pytest.mark.browser

# Every page begins when it is shown and ends when it is left, as editors of web pages taught it.
PAGE_12 = b"""<!doctype html><title>x</title><h1></h1><p id="back"></p><a href="%(next)d.htm">Next</a>
<button onclick="done()">Done</button><script>
for (var w = window; !w.API; w = w.parent);
var api = w.API, began = api.LMSInitialize("");
document.querySelector("h1").textContent = "%(number)d " + began;
document.querySelector("#back").textContent =
  [api.LMSGetValue("cmi.suspend_data"), api.LMSGetValue("cmi.core.entry"), api.LMSGetLastError()].join("|");
api.LMSSetValue("cmi.suspend_data", api.LMSGetValue("cmi.suspend_data") + "%(number)d");
api.LMSSetValue("cmi.core.lesson_location", "%(number)d");
var status = "cmi.core.lesson_status";
if (api.LMSGetValue(status) === "not attempted") api.LMSSetValue(status, "incomplete");
function finish() {
  api.LMSSetValue("cmi.core.session_time", "00:00:01");
  return api.LMSFinish("");
}
function done() {
  api.LMSSetValue("cmi.core.score.raw", "85");
  api.LMSSetValue(status, "completed");
  onunload = null;
  var answers = [finish(), api.LMSSetValue("cmi.suspend_data", "lost")];
  answers.push(api.LMSGetLastError(), api.LMSCommit(""));
  document.querySelector("h1").textContent = answers.join("|");
}
onunload = function () { api.LMSSetValue("cmi.core.exit", "suspend"); finish(); };
</script>"""
PAGE_2004 = b"""<!doctype html><title>x</title><h1></h1><p id="back"></p><script>
for (var w = window; !w.API_1484_11; w = w.parent);
var api = w.API_1484_11, began = api.Initialize("");
document.querySelector("h1").textContent = "%(number)d " + began;
var count = Number(api.GetValue("cmi.interactions._count"));
document.querySelector("#back").textContent =
  [api.GetValue("cmi.suspend_data"), api.GetValue("cmi.entry"), count].join("|");
api.SetValue("cmi.suspend_data", api.GetValue("cmi.suspend_data") + "%(number)d");
api.SetValue("cmi.interactions." + count + ".id", "q%(number)d");
api.SetValue("cmi.interactions." + count + ".type", "true-false");
api.SetValue("cmi.interactions." + count + ".learner_response", "true");
if (%(number)d === 3) {
  api.SetValue("cmi.completion_status", "completed");
  api.SetValue("cmi.success_status", "passed");
} else if (api.GetValue("cmi.completion_status") !== "completed") {
  api.SetValue("cmi.completion_status", "incomplete");
}
onunload = function () { api.SetValue("cmi.exit", "suspend"); api.Terminate(""); };
</script>"""
# A menu beside the pages: the menu's own page never begins anything.
MENU = b"""<!doctype html><title>x</title><nav><a target="inside" href="1.htm">1</a>
<a target="inside" href="2.htm">2</a> <a target="inside" href="3.htm">3</a>
<button onclick="top.close()">Close</button></nav><iframe name="inside" src="1.htm"></iframe>"""


def pages(page: bytes) -> dict[str, bytes]:
    found = {f"{number}.htm": page % {b"number": number, b"next": number + 1} for number in (1, 2, 3)}
    return {**found, "menu.htm": MENU}


def lesson_12(start: str, mastery: int | None = None) -> bytes:
    lesson = BuildItem(identifier="L1", title="Bài", href=start, mastery_score=mastery)
    return package(lessons=[lesson], files=pages(PAGE_12))


COURSES = {
    "lien-ket": lesson_12("1.htm"),
    "thuc-don": lesson_12("menu.htm"),
    "diem-dat": lesson_12("menu.htm", mastery=80),
    "thuc-don-2004": package_2004(item("A", "Bài A", page="menu.htm"), files=pages(PAGE_2004)),
    "theo-thu-tu": package_2004(
        item("A", "Bài A", page="menu.htm"),
        item("B", "Bài B", page="menu.htm"),
        files=pages(PAGE_2004),
        after=sequencing('<imsss:controlMode choice="false" flow="true"/>'),
    ),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(tmp_path_factory.mktemp("site")) as found:
        found.bring(COURSES)
        yield found


def inside(page: Page, number: int, told: str) -> None:
    """The page of that number, which has begun and found what those before it left."""
    frame = page.frame_locator("#lesson").frame_locator("iframe[name=inside]")
    expect(frame.locator("h1")).to_have_text(f"{number} true")
    expect(frame.locator("#back")).to_have_text(told)


def turn_to(page: Page, number: int) -> None:
    page.frame_locator("#lesson").locator(f'nav a[href="{number}.htm"]').click()


def leave(page: Page) -> None:
    page.locator("#leave").click()
    page.wait_for_url("**/result")


def test_pages_that_lead_to_each_other_are_one_session(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, "lien-ket")
    address = page.url
    frame = page.frame_locator("#lesson")
    for number, told in ((1, "|ab-initio|0"), (2, "1|resume|0")):
        expect(frame.locator("h1")).to_have_text(f"{number} true")
        expect(frame.locator("#back")).to_have_text(told)
        expect(page.locator("#leave")).not_to_have_class("is-ended")
        context.set_offline(number == 2)
        frame.locator("a").click()
    expect(frame.locator("#back")).to_have_text("12|resume|0")
    context.set_offline(False)
    assert page.url == address
    leave(page)
    attempt = site.attempts()[-1]
    assert (attempt.state["suspend_data"], attempt.state["core"]["lesson_location"]) == ("123", "3")
    assert attempt.seconds > 0
    assert site.verbs_of(attempt.id) == ["initialized", "suspended"]
    site.launch(page, "lien-ket")
    expect(frame.locator("#back")).to_have_text("123|resume|0")


def test_pages_beside_a_menu_go_on_also_after_the_end_was_told(site: Site, page: Page) -> None:
    site.launch(page, "thuc-don")
    inside(page, 1, "|ab-initio|0")
    turn_to(page, 2)
    inside(page, 2, "1|resume|0")
    frame = page.frame_locator("#lesson").frame_locator("iframe[name=inside]")
    frame.locator("button").click()
    expect(frame.locator("h1")).to_have_text("true|false|301|false")
    expect(page.locator("#leave")).to_have_class("player-leave is-ended")
    nothing_waits(page)
    attempt = site.attempts()[-1]
    assert attempt.ended is not None
    turn_to(page, 3)
    inside(page, 3, "12||0")
    expect(page.locator("#leave")).to_have_class("player-leave")
    page.frame_locator("#lesson").locator("button").first.click()  # the lesson closes itself
    page.wait_for_url("**/result")
    attempt = site.attempt(attempt.id)
    assert (attempt.completion, attempt.score_raw, attempt.state["suspend_data"]) == (True, 85, "123")
    assert attempt.ended is None, "it wants to be resumed"
    assert site.verbs_of(attempt.id) == ["initialized", "completed", "terminated", "initialized", "suspended"]


def test_what_the_end_of_a_page_decided_stays(site: Site, page: Page) -> None:
    site.launch(page, "diem-dat")
    inside(page, 1, "|ab-initio|0")
    frame = page.frame_locator("#lesson").frame_locator("iframe[name=inside]")
    frame.locator("button").click()
    turn_to(page, 2)
    inside(page, 2, "1||0")
    nothing_waits(page)
    attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.success, attempt.score_raw) == (True, True, 85)
    leave(page)
    assert site.attempt(attempt.id).state["suspend_data"] == "12"


@pytest.mark.parametrize("slug", ["thuc-don-2004", "theo-thu-tu"])
def test_pages_of_scorm_2004_beside_a_menu(site: Site, page: Page, slug: str) -> None:
    site.launch(page, slug)
    inside(page, 1, "|ab-initio|0")
    turn_to(page, 2)
    inside(page, 2, "1|resume|1")
    turn_to(page, 3)
    inside(page, 3, "12|resume|2")
    turn_to(page, 1)
    inside(page, 1, "123|resume|3")
    if slug == "theo-thu-tu":
        page.locator("[data-request=continue]").click()
        expect(page.locator("h1.player-title")).to_have_text("Bài B")
        inside(page, 1, "|ab-initio|0")
        attempt = site.attempts()[-2]
    else:
        leave(page)
        attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.success, attempt.state["suspend_data"]) == (True, True, "1231")
    assert site.verbs_of(attempt.id).count("initialized") == 1
    assert site.verbs_of(attempt.id).count("answered") == 4
