"""Lessons and courses of SCORM 2004 in real Chromium: results, resuming, sequencing."""

import json
from collections.abc import Iterator
from time import monotonic

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.authoring import build_package, read_lesson
from lms.catalogue.models import AfterCompletion
from lms.catalogue.packages import folder_of
from lms.catalogue.queries import current_lesson, the_course
from lms.catalogue.services import import_course
from tests.courses.authoring.sample import write_lesson
from tests.factories.courses import import_package
from tests.factories.scorm2004 import in_order, item, package_2004, sequencing, sharing, single
from tests.functional.browsing import SMALLEST, faults, new_context
from tests.functional.journey import answer, lesson_frame, step
from tests.functional.playing import Site, nothing_waits, served_site
from tracking.record.models import Activity, Statement

pytestmark = pytest.mark.browser

STANDARDS = ("scorm12", "scorm2004", "cmi5")
PRACTICE = {"one": "b", "many": "ac", "spot": "a", "phone": "a", "order": "abc"}
CHECK = {"q1": "a", "q2": "t", "q3": "a"}  # two of three, which is enough
TIMED = "<adlcp:timeLimitAction>exit,message</adlcp:timeLimitAction>" + sequencing(
    '<imsss:limitConditions attemptAbsoluteDurationLimit="PT30S"/>'
)
SINGLE, ORDER, BROKEN, SHARING, REVIEWED = "mot-bai", "lan-luot", "hong", "dung-chung", "xem-lai"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    temporary = tmp_path_factory.mktemp("site")
    broken = package_2004(
        item("GONE", "Bài thiếu tệp", page="gone.html"),
        item("SILENT", "Bài im lặng", page="silent.html"),
        item("TIMED", "Bài có giờ", TIMED),
        title="Gói hỏng",
        files={"gone.html": b""},
    )
    sample = read_lesson(write_lesson(temporary))
    with served_site(temporary) as found:
        with found.runtime.database.transaction() as session:
            for standard in STANDARDS:
                path = temporary / f"{standard}.zip"
                path.write_bytes(build_package(sample, standard))
                import_course(session, found.runtime.files, path, public_url=found.address, slug=standard)
            for slug, package in (
                (SINGLE, single()),
                (ORDER, in_order()),
                (BROKEN, broken),
                (SHARING, sharing()),
                (REVIEWED, single("Xem lại")),
            ):
                import_package(
                    session, found.runtime.files, temporary, package, slug=slug, public_url=found.address
                )
        yield found


def sco(page: Page) -> FrameLocator:
    """The lesson, once it has found the run-time."""
    frame = page.frame_locator("#lesson")
    expect(frame.locator("#entry")).to_contain_text("/")
    return frame


def shows(page: Page, title: str) -> None:
    expect(page.locator("h1.player-title")).to_have_text(title)


def kill(page: Page) -> None:
    """As when the phone takes the memory away: nothing that the page says at its end is heard."""
    page.context.set_offline(True)
    page.close()


def leave(page: Page) -> None:
    page.locator("#leave").click()
    page.wait_for_url("**/result")


def test_a_lesson_is_suspended_resumed_and_passed(site: Site, page: Page) -> None:
    site.launch(page, SINGLE)
    lesson = sco(page)
    expect(lesson.locator("#entry")).to_have_text("ab-initio/normal")
    lesson.locator("#step").click()
    lesson.locator("#step").click()
    leave(page)
    attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.state["suspend_data"], attempt.progress) == (False, "2", 0.2)
    page.locator('form[action^="/learn/"] button').first.click()
    lesson = sco(page)
    expect(lesson.locator("#entry")).to_have_text("resume/normal")
    expect(lesson.locator("#place")).to_have_text("2")
    lesson.locator("#right").click()
    leave(page)
    attempt = site.attempt(attempt.id)
    assert (attempt.completion, attempt.success, attempt.score_scaled, attempt.score_raw) == (
        True,
        True,
        0.9,
        9,
    )
    assert attempt.ended is not None
    assert attempt.seconds >= 2
    expect(page.locator(".govuk-panel")).to_contain_text("90")
    assert {"passed", "completed"} <= set(site.verbs_of(attempt.id))


def test_below_the_pass_mark_it_has_failed(site: Site, page: Page) -> None:
    site.launch(page, SINGLE)
    sco(page).locator("#wrong").click()
    leave(page)
    attempt = site.attempts()[-1]
    assert (attempt.completion, attempt.success, attempt.score_scaled) == (True, False, 0.3)


def test_a_completed_lesson_is_looked_at_again_with_its_answers_and_nothing_changes(
    site: Site, page: Page
) -> None:
    with site.runtime.database.transaction() as session:
        the_course(session, REVIEWED).after_completion = AfterCompletion.REVIEW.value
    site.launch(page, REVIEWED)
    sco(page).locator("#right").click()
    leave(page)
    told = site.attempts()[-1]
    site.launch(page, REVIEWED)
    lesson = sco(page)
    expect(lesson.locator("#entry")).to_contain_text("/review")
    expect(lesson.locator("#answers")).to_have_text("1")
    lesson.locator("#wrong").click()
    assert faults(page) == []
    leave(page)
    again = site.attempts()[-1]
    assert (again.id, again.score_scaled, again.seconds) == (told.id, 0.9, told.seconds)


def test_a_tab_that_is_killed_in_the_middle_goes_on_where_it_was(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, SINGLE)
    sco(page).locator("#step").click()
    nothing_waits(page)
    kill(page)
    context.set_offline(False)
    again = context.new_page()
    site.launch(again, SINGLE)
    expect(sco(again).locator("#place")).to_have_text("1")


def test_a_course_in_order_opens_each_lesson_after_the_one_before(site: Site, page: Page) -> None:
    site.launch(page, ORDER, "B")
    shows(page, "Bài A")  # what comes first
    onwards, back = page.locator("[data-request=continue]"), page.locator("[data-request=previous]")
    lesson = sco(page)
    expect(back).to_have_attribute("aria-disabled", "true")
    back.press("Enter")
    expect(page.locator("#hint")).not_to_be_empty()
    lesson.locator("#step").click()
    expect(onwards).to_have_attribute("aria-disabled", "false")  # for all that can be known before it ends
    onwards.click()
    expect(page.locator("#unfinished")).to_be_visible()
    page.locator("#unfinished button").click()
    lesson = sco(page)
    expect(lesson.locator("#place")).to_have_text("1")
    lesson.locator("#wrong").click()
    expect(onwards).to_have_attribute("aria-disabled", "true")
    lesson.locator("#right").click()
    expect(onwards).to_have_attribute("aria-disabled", "false")
    onwards.click()
    shows(page, "Bài B")
    lesson = sco(page)
    expect(page.locator("[data-request=previous]")).to_have_attribute("aria-disabled", "false")
    lesson.locator("#step").click()
    leave(page)
    site.launch(page, ORDER, "C")
    shows(page, "Bài B")  # where the learner is
    lesson = sco(page)
    expect(lesson.locator("#place")).to_have_text("1")
    lesson.locator("#right").click()
    lesson.locator("#continue").click()
    shows(page, "Bài C")
    inside = page.frame_locator("#lesson").frame_locator("frame[name=inside]")
    inside.locator("#right").click()
    page.locator("[data-request=continue]").click()
    page.wait_for_url("**/result")
    attempts = site.attempts()[-3:]
    assert [(at.completion, at.success) for at in attempts] == [(True, True)] * 3
    expect(page.locator("main")).to_contain_text("Học lần lượt")


def test_a_lesson_that_suspends_everything_is_where_the_course_goes_on(site: Site, page: Page) -> None:
    site.launch(page, ORDER)
    sco(page).locator("#done").click()
    sco(page).locator("#continue").click()  # what is completed and says no more of it is satisfied
    shows(page, "Bài B")
    sco(page).locator("#step").click()
    sco(page).locator("#suspend-all").click()
    page.wait_for_url("**/result")
    site.launch(page, ORDER)
    shows(page, "Bài B")
    expect(sco(page).locator("#place")).to_have_text("1")


def test_a_second_tab_of_the_course_wins_also_in_another_lesson(
    site: Site, context: BrowserContext, page: Page
) -> None:
    site.launch(page, ORDER)
    first = sco(page)
    other = context.new_page()
    site.launch(other, ORDER)
    second = sco(other)
    second.locator("#right").click()
    second.locator("#continue").click()
    shows(other, "Bài B")
    sco(other)
    first.locator("#step").click()
    expect(page.locator("#elsewhere")).to_be_visible()
    site.launch(page, ORDER)
    shows(page, "Bài B")


def test_lessons_share_data_and_the_way_back_is_not_offered_where_the_manifest_hides_it(
    site: Site, page: Page
) -> None:
    site.launch(page, SHARING)
    lesson = sco(page)
    lesson.locator("#share").click()
    lesson.locator("#right").click()
    page.locator("[data-request=continue]").click()
    shows(page, "Bài B")
    expect(sco(page).locator("#store")).to_have_text("shared")
    expect(page.locator("[data-request=previous]")).to_be_hidden()
    sco(page).locator("#exit-all").click()
    page.wait_for_url("**/result")
    site.launch(page, SHARING)
    expect(sco(page).locator("#store")).to_have_text("shared")


def test_a_missing_start_page_and_a_lesson_that_says_nothing_are_told_kindly(site: Site, page: Page) -> None:
    with site.runtime.database.snapshot() as session:
        lesson = current_lesson(session, BROKEN, "GONE")
        files = folder_of(site.runtime.files, lesson.version.sha256)
    (files / "gone.html").unlink()
    site.launch(page, BROKEN, "GONE")
    expect(page.locator("#missing")).to_be_visible()
    assert faults(page) == []
    page.clock.install()
    site.launch(page, BROKEN, "SILENT")
    page.frame_locator("#lesson").locator("h1").wait_for()
    page.clock.fast_forward(25_000)
    page.locator("#leave").click()
    expect(page.locator("#silent")).to_be_visible()
    assert faults(page) == []
    page.locator("#silent a").click()
    page.wait_for_url("**/result")
    assert not site.attempts()[-1].completion


def test_when_the_time_allowed_is_over_the_lesson_is_saved_and_closed(site: Site, page: Page) -> None:
    page.clock.install()
    site.launch(page, BROKEN, "TIMED")
    lesson = sco(page)
    lesson.locator("#step").click()
    page.clock.fast_forward(31_000)
    expect(page.locator("#time-out")).to_be_visible()
    assert faults(page) == []
    page.locator("#time-out button").click()
    page.wait_for_url("**/result")
    assert site.attempts()[-1].state["suspend_data"] == "1"


def test_the_same_answers_come_to_the_same_in_every_standard(site: Site, page: Page) -> None:
    before, took = len(site.attempts()), []
    for standard in STANDARDS:
        begun = monotonic()
        page.goto(f"{site.address}/courses/{standard}")
        page.locator('form[action^="/learn/"] button').first.click()
        if standard == "cmi5":
            page.wait_for_selector("html.playing")
            answer_everything(page.main_frame)
            page.click("#leave")
            page.wait_for_url("**/result")
        else:
            answer_everything(lesson_frame(page))
            leave(page)
        expect(page.locator("h1")).to_contain_text("Đã hoàn thành")
        expect(page.locator(".govuk-panel")).to_contain_text("67")
        took.append(monotonic() - begun)
    attempts = site.attempts()[before:]
    outcomes = [(at.completion, at.success, at.score_raw, at.score_scaled) for at in attempts]
    assert outcomes == [(True, True, 67.0, 0.67)] * len(STANDARDS)
    assert all(0 < at.seconds <= most for at, most in zip(attempts, took, strict=True))
    with site.runtime.database.snapshot() as session:
        told = [_told(session, one) for one in STANDARDS]
    assert told == [{"completed": None, "passed": 0.67}] * len(STANDARDS)


def answer_everything(screen: Frame) -> None:
    """Every kind of exercise rightly, and one question of the check wrongly."""
    given = PRACTICE | CHECK
    while screen.inner_text("#next") != "Xem lại bài":
        here = step(screen)
        if here in given and screen.inner_text("#next") == "Trả lời":
            answer(screen, list(given[here]))
        screen.click("#next")


def _told(session: Session, slug: str) -> dict[str, float | None]:
    """The verbs of completing and passing with the scaled score, for the lesson of a course."""
    wanted = select(Statement.raw).join(Activity, Activity.id == Statement.activity_id)
    found = {}
    for raw in session.scalars(wanted.where(Activity.iri.contains(f"/courses/{slug}/lessons/"))):
        statement = json.loads(raw)
        verb = statement["verb"]["id"].rsplit("/", 1)[1]
        if verb in ("completed", "passed", "failed"):
            assert statement["result"]["duration"].startswith("PT")
            found[verb] = statement["result"].get("score", {}).get("scaled")
    return found


def test_the_page_fits_the_smallest_phone_and_has_no_fault(site: Site, browser: Browser) -> None:
    context = new_context(browser, SMALLEST)
    page = context.new_page()
    site.launch(page, ORDER)
    sco(page)
    page.locator("[data-request=previous]").press("Enter")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
        assert box["x"] + box["width"] <= 320
    assert faults(page) == []
    context.close()
