"""Pictures of what the demo city has only once somebody learns: the player, results, what support sees."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from courses.authoring import read_lesson
from courses.library import folder
from lms.demo.queries import VILLAGE
from lms.demo.roster import citizen_code
from tests.functional.browsing import DESK, PHONE, new_context, sign_in
from tests.functional.journey import lesson_frame, play
from tests.functional.pages import ADMINISTRATOR, CITIZEN, COURSE, OFFICER
from tests.functional.serving import Installation

Take = Callable[[Page, str], None]
LESSON = f"/courses/{COURSE}"
NO_PACKAGE = {
    "name": "goi-bai.zip",
    "mimeType": "application/zip",
    "buffer": b"<!DOCTYPE html><title>no zip</title>",
}


def photograph_learning(browser: Browser, installation: Installation, password: str, take: Take) -> None:
    """Somebody learns, on the phone and at the desk, and `take` is called with each page and its name."""
    for size, person in ((PHONE, CITIZEN), (DESK, OFFICER)):
        context = new_context(browser, size)
        page = context.new_page()
        sign_in(page, installation.address, person, password)
        learn(page, installation.address, take)
        context.close()
    for size in (PHONE, DESK):
        context = new_context(browser, size)
        page = context.new_page()
        visit(page, installation.address, take)
        sign_in(page, installation.address, ADMINISTRATOR, password)
        support(page, installation.address, take)
        context.close()


def learn(page: Page, address: str, take: Take) -> None:
    """A lesson: its beginning, a question, without a network, left, gone on with, and its result."""
    source = read_lesson(folder(COURSE) / "lesson.md")
    first, last = next(source.exercises()), source.check.questions[0]
    open_lesson(page, address)
    frame = lesson_frame(page)
    take(page, "player")
    play(frame, source, until=first.id)
    take(page, "player-question")
    frame.click(".step:not([hidden]) .option label, .step:not([hidden]) .place")
    take(page, "player-chosen")
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    frame.click("#next")
    expect(page.locator("#save-state")).not_to_have_attribute("data-state", "saved")
    take(page, "player-offline")
    page.context.set_offline(False)
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved")
    page.locator("#leave").click()
    page.wait_for_url("**/result*")
    take(page, "result-left")
    page.goto(address + LESSON)
    take(page, "course-begun")
    page.goto(f"{address}/my-attempts")
    take(page, "my-attempts-begun")
    open_lesson(page, address)
    frame = lesson_frame(page)
    play(frame, source, until=last.id)
    take(page, "player-check")
    play(frame, source)
    take(page, "player-result")
    page.locator("#leave").click()
    page.wait_for_url("**/result*")
    take(page, "result")
    page.goto(f"{address}/my-attempts")
    take(page, "my-attempts-done")
    page.goto(address + LESSON)
    take(page, "course-done")
    page.get_by_role("button", name="Tải về").click()
    page.wait_for_url("**/saved")
    page.locator("#just-saved").wait_for()
    take(page, "saved-lessons")


def open_lesson(page: Page, address: str) -> None:
    page.goto(address + LESSON)
    page.locator('form[action^="/learn/"]:not([action$="keep"]) button').first.click()
    page.wait_for_url("**/play/**")


def visit(page: Page, address: str, take: Take) -> None:
    """A guest tries a lesson."""
    open_lesson(page, address)
    lesson_frame(page)
    page.locator("#leave").click()
    page.wait_for_url("**/result*")
    take(page, "result-guest")
    page.locator("a[href='/somebody-else']").click()
    take(page, "somebody-else")


def support(page: Page, address: str, take: Take) -> None:
    """What is told of attempts, and what an author sees whose file is none."""
    code = citizen_code(VILLAGE, 1)
    page.goto(f"{address}/people/?q={code}")
    page.locator("main tr, main li").filter(has_text=code).get_by_role("link").first.click()
    take(page, "person")
    page.locator("a[href^='/support/people/']").first.click()
    take(page, "attempts")
    page.locator("a[href^='/support/attempts/']").last.click()  # the other one was only saved on a device
    page.wait_for_load_state()
    page.locator("details").last.evaluate("details => { details.open = true; }")
    take(page, "attempt")
    page.goto(f"{address}/manage/courses/{COURSE}/questions/")
    take(page, "questions-answered")
    page.goto(f"{address}/manage/courses/upload")
    page.locator("input[type=file]").set_input_files(NO_PACKAGE)  # type: ignore[arg-type]
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    take(page, "course-refused")
    page.goto(f"{address}/manage/courses/{COURSE}/versions/1")
    page.locator("main form button").first.click()
    lesson_frame(page)
    take(page, "preview")
