"""Courses with the sequencing of the classical examples, gone through in real Chromium by a learner."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lms.accounts.services import add_account
from lms.catalogue.queries import the_course
from lms.player.models import CourseRun
from lms.units.queries import units_of_codes
from lms.units.services import Row, import_units
from tests.factories.learning import make_person
from tests.factories.sequenced import jumping, paths, pre_or_post, random_test, remediation
from tests.functional.browsing import DESK, new_context, sign_in
from tests.functional.playing import Site, served_site
from tracking.completions.queries import completions_of

pytestmark = pytest.mark.browser

COURSES = {
    "on-lai": remediation(),
    "truoc-sau": pre_or_post(),
    "truoc-sau-2": pre_or_post(),
    "nhay": jumping(),
    "da-biet": paths(),
    "da-biet-het": paths(),
    "rut-tham": random_test(),
    "rut-lai": random_test(1, 3),
}
PASSED, FAILED, DONE = "score(0.9)", "score(0.3)", "done()"
PASSWORD = "Hoc-tap-tot-2026"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(tmp_path_factory.mktemp("site")) as found:
        found.bring(COURSES)
        with found.runtime.database.transaction() as session:
            import_units(session, [Row(2, "31", "Thành phố Hải Phòng", "city", "")])
            person = make_person(session, units_of_codes(session, ["31"])["31"], "Nguyễn Thị Hoa")
            add_account(session, username="hoa", password=PASSWORD, name=person.name, person=person.id)
        yield found


@pytest.fixture(scope="module")
def page(site: Site, browser: Browser) -> Iterator[Page]:
    context = new_context(browser, DESK)
    found = context.new_page()
    sign_in(found, site.address, "hoa", PASSWORD)
    yield found
    context.close()


def says(page: Page, *calls: str) -> None:
    """The lesson, once it has found its run-time, does this."""
    frame = page.frame_locator("#lesson")
    expect(frame.locator("#entry")).to_contain_text("/")
    for call in calls:
        frame.locator("body").evaluate(f"() => {{ {call}; }}")


def goes_to(page: Page, title: str, *calls: str) -> None:
    says(page, *calls)
    expect(page.locator("h1.player-title")).to_have_text(title)


def ends(page: Page, *calls: str) -> None:
    says(page, *calls)
    page.wait_for_url("**/result")


def asks(request: str) -> str:
    return f"ask('{request}')"


def may_choose(page: Page, *lessons: str) -> list[str]:
    """What the lesson is told of each."""
    says(page)
    frame = page.frame_locator("#lesson").locator("body")
    ask = "(_, target) => api.GetValue(`adl.nav.request_valid.choice.{target=${target}}`)"
    return [frame.evaluate(ask, lesson) for lesson in lessons]


def is_completed(site: Site, slug: str) -> bool:
    """Whether the course is, as the rates count it."""
    learner = site.attempts()[-1].learner
    with site.runtime.database.snapshot() as session:
        return the_course(session, slug).iri in completions_of(session, learner)


def has_ended(site: Site) -> bool:
    """Whether the way last gone through a course has, so that the next begins anew."""
    with site.runtime.database.snapshot() as session:
        run = session.scalars(select(CourseRun).order_by(CourseRun.updated.desc()).limit(1)).one()
        return run.ended is not None


def test_what_was_not_passed_comes_again_and_nothing_else(site: Site, page: Page) -> None:
    site.launch(page, "on-lai")
    says(page, DONE)
    page.locator("[data-request=continue]").click()
    goes_to(page, "Topic B")
    goes_to(page, "Test A", DONE, asks("continue"))
    goes_to(page, "Test B", PASSED, asks("continue"))
    goes_to(page, "Topic B", FAILED, asks("continue"))  # Topic A and Test A are satisfied
    goes_to(page, "Test B", DONE, asks("continue"))
    ends(page, PASSED, asks("continue"))
    assert is_completed(site, "on-lai")
    assert has_ended(site)


def test_who_passes_the_test_before_is_done(site: Site, page: Page) -> None:
    site.launch(page, "truoc-sau")
    ends(page, PASSED, asks("exitAll"))
    assert is_completed(site, "truoc-sau"), "by a global objective, although lessons are missing"


def test_who_fails_before_learns_and_may_then_choose_the_test_after(site: Site, page: Page) -> None:
    site.launch(page, "truoc-sau-2")
    goes_to(page, "Part A", FAILED, asks("continue"))
    assert may_choose(page, "PRE", "B", "POST") == ["false", "true", "false"]
    goes_to(page, "Part B", DONE, asks("continue"))
    goes_to(page, "After", DONE, asks("{target=POST}choice"))  # open only once Part B counts
    assert not is_completed(site, "truoc-sau-2")
    ends(page, PASSED, asks("continue"))
    assert is_completed(site, "truoc-sau-2")
    assert has_ended(site)


def knows(*topics: str) -> str:
    """Each is an objective of the lesson, by the order in which the manifest names them."""
    said = "; ".join(
        f"set('cmi.objectives.{1 + 'ABC'.index(one)}.success_status', 'passed')" for one in topics
    )
    return f"{said}; done()"


def test_what_a_test_found_to_be_known_is_skipped_and_not_missed(site: Site, page: Page) -> None:
    site.launch(page, "da-biet")
    goes_to(page, "Topic A", knows("B", "C"), asks("continue"))
    says(page, asks("{target=B}choice"))
    expect(page.locator("#unfinished")).to_be_visible()
    assert not is_completed(site, "da-biet")
    page.locator("#unfinished button").click()
    ends(page, DONE, asks("continue"))
    assert is_completed(site, "da-biet")
    site.launch(page, "da-biet-het")
    ends(page, knows("A", "B", "C"), asks("continue"))
    assert is_completed(site, "da-biet-het"), "although it was completed before it said what is known"


def test_jumping_passes_the_order_by_and_another_browser_goes_on_where_it_was(
    site: Site, page: Page, browser: Browser
) -> None:
    site.launch(page, "nhay")
    assert may_choose(page, "A", "B", "TEST.1", "TEST.2") == ["true", "false", "true", "false"]
    goes_to(page, "Test", asks("{target=TEST.1}jump"))
    goes_to(page, "Part A", asks("{target=A}choice"))
    says(page, DONE)
    page.locator("[data-request=continue]").click()
    goes_to(page, "Part B")  # open by a completion that another lesson wrote
    ends(page, "step()", asks("suspendAll"))
    elsewhere = new_context(browser, DESK)
    other = elsewhere.new_page()
    sign_in(other, site.address, "hoa", PASSWORD)
    site.launch(other, "nhay", "A")
    goes_to(other, "Part B")
    expect(other.frame_locator("#lesson").locator("#place")).to_have_text("1")
    goes_to(other, "Test", DONE, asks("continue"))
    ends(other, PASSED, asks("continue"))
    assert is_completed(site, "nhay")
    elsewhere.close()


def test_lots_are_drawn_before_the_first_question_and_stay_the_same(site: Site, page: Page) -> None:
    site.launch(page, "rut-tham")
    says(page, DONE)
    page.locator("[data-request=continue]").click()
    expect(page.locator("h1.player-title")).to_contain_text("Question")
    drawn = in_the_test(page)
    assert len(drawn) == len(set(drawn)) == 3
    assert page.locator("h1.player-title").inner_text() == f"Question {drawn[0][1:]}"
    ends(page, asks("suspendAll"))
    site.launch(page, "rut-tham")
    for this, following in pairwise(drawn):
        goes_to(page, f"Question {this[1:]}")
        assert in_the_test(page) == drawn
        goes_to(page, f"Question {following[1:]}", PASSED, asks("continue"))
    ends(page, PASSED, asks("continue"))
    assert is_completed(site, "rut-tham"), "by the questions that were drawn"
    assert has_ended(site)


def in_the_test(page: Page) -> list[str]:
    """The questions that were drawn, in their order."""
    says(page)
    found: list[str] = page.evaluate(
        """API_1484_11.getSequencingService().sequencing.activityTree.getActivity("TEST")
            .getAvailableChildren().map(({ id }) => id)"""
    )
    return found


def test_whoever_fails_draws_again_as_often_as_there_are_attempts(site: Site, page: Page) -> None:
    site.launch(page, "rut-lai")
    says(page, DONE)
    page.locator("[data-request=continue]").click()
    for attempt in (1, 2, 3):
        expect(page.locator("h1.player-title")).to_contain_text("Question")
        assert len(in_the_test(page)) == 1
        tried = page.evaluate(
            """API_1484_11.getSequencingService().sequencing.activityTree.getActivity("TEST").attemptCount"""
        )
        assert tried == attempt
        address = page.url
        says(page, FAILED, asks("continue"))
        page.wait_for_url(lambda found, before=address: found != before)
    page.wait_for_url("**/result")
