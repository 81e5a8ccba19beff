"""Units of cmi5 in real Chromium: from the button on our page to the result, here and on another site."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.accounts import services as accounts
from lms.accounts.models import Role
from lms.cmi5.models import Launch
from lms.units.queries import units_of_codes
from lms.units.services import Row, import_units
from tests.factories import cmi5
from tests.factories.courses import import_package
from tests.factories.learning import make_person
from tests.factories.packages import unpacked
from tests.factories.speaking_unit import FILES
from tests.functional.browsing import SMALLEST, faults, new_context, sign_in
from tests.functional.playing import Site, served_site

pytestmark = pytest.mark.browser

HERE, ELSEWHERE = "bai-cmi5", "bai-noi-khac"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_given: object) -> None:
        pass


@pytest.fixture(scope="module")
def another_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of somebody else, which has the unit."""
    folder = unpacked(tmp_path_factory.mktemp("elsewhere"), FILES)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/index.html?own=1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, another_site: str) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    here = cmi5.course(cmi5.titled("block", "block", cmi5.unit(moveOn="CompletedAndPassed")), FILES)
    there = cmi5.course(cmi5.unit(url=another_site, moveOn="Completed"), {"README.txt": b"a unit elsewhere"})
    with served_site(folder) as found:
        with found.runtime.database.transaction() as session:
            for slug, package in ((HERE, here), (ELSEWHERE, there)):
                import_package(
                    session, found.runtime.files, folder, package, slug=slug, public_url=found.address
                )
        yield found


def open_unit(site: Site, page: Page, slug: str) -> UUID:
    """Tap the button; the unit is there once it has said initialized. Gives the registration."""
    page.goto(f"{site.address}/courses/{slug}")
    page.locator('form[action^="/learn/"] button').click()
    page.locator("body[data-ready=yes]").wait_for()
    expect(page.locator("#said")).to_have_text("initialized: 204")
    return UUID(parse_qs(urlsplit(page.url).query)["registration"][0])


def say(page: Page, button: str, verb: str, status: int = 204) -> None:
    page.locator(button).click()
    expect(page.locator("#said")).to_have_text(f"{verb}: {status}")


def leave(page: Page) -> None:
    page.locator("#leave").click()
    page.wait_for_url("**/result")


def test_a_unit_is_left_resumed_completed_and_looked_at_again(site: Site, page: Page) -> None:
    registration = open_unit(site, page, HERE)
    assert len(page.context.pages) == 1, "in the same tab"
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    leave(page)
    expect(page.locator("h1")).to_contain_text("Đã lưu")
    assert faults(page) == []

    assert open_unit(site, page, HERE) == registration
    expect(page.locator("#place")).to_have_text("2")
    say(page, "#complete", "completed")
    say(page, "#pass", "passed")
    leave(page)
    expect(page.locator("h1")).to_contain_text("Đã hoàn thành")
    assert site.verbs_of(registration) == [
        *("launched", "initialized", "terminated"),
        *("launched", "initialized", "completed", "passed", "satisfied", "satisfied", "terminated"),
    ]

    assert open_unit(site, page, HERE) == registration
    expect(page.locator("#mode")).to_have_text("Review")
    say(page, "#complete", "completed", 403)


def test_a_unit_that_was_closed_without_a_word_is_abandoned_and_goes_on(site: Site, page: Page) -> None:
    registration = open_unit(site, page, HERE)
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    page.goto("about:blank")
    assert open_unit(site, page, HERE) == registration
    expect(page.locator("#place")).to_have_text("2")
    assert site.verbs_of(registration) == ["launched", "initialized", "abandoned", "launched", "initialized"]


def test_a_unit_on_another_site_speaks_to_us_from_there(site: Site, page: Page, another_site: str) -> None:
    registration = open_unit(site, page, ELSEWHERE)
    assert page.url.startswith(f"{another_site}&endpoint=")
    say(page, "#complete", "completed")
    leave(page)
    expect(page.locator("h1")).to_contain_text("Đã hoàn thành")
    assert site.verbs_of(registration) == ["launched", "initialized", "completed", "satisfied", "terminated"]


def test_who_goes_back_to_a_unit_that_is_over_can_open_it_again(site: Site, page: Page) -> None:
    registration = open_unit(site, page, HERE)
    unit = page.url
    leave(page)
    page.goto(unit)
    page.wait_for_url("**/courses/**")
    expect(page.locator('form[action^="/learn/"] button')).to_be_visible()
    assert site.verbs_of(registration) == ["launched", "initialized", "terminated"]


def test_a_unit_that_is_loaded_again_goes_on_in_a_new_session(site: Site, page: Page) -> None:
    registration = open_unit(site, page, HERE)
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    with site.runtime.database.transaction() as session:
        session.query(Launch).filter_by(registration_id=registration).one().fetched -= timedelta(minutes=5)
    page.reload()
    expect(page.locator("#place")).to_have_text("2")
    expect(page.locator("#said")).to_have_text("initialized: 204")
    assert site.verbs_of(registration) == ["launched", "initialized", "abandoned", "launched", "initialized"]


def test_an_administrator_waives_a_lesson_on_a_small_phone(site: Site, browser: Browser) -> None:
    with site.runtime.database.transaction() as session:
        import_units(session, [Row(2, "31", "Thành phố Hải Phòng", "city", "")])
        city = units_of_codes(session, ["31"])["31"]
        person = make_person(session, city, "Nguyễn Thị Hoa")
        account = accounts.add_account(
            session, username="quantri", password="bốn con mèo nhỏ", name="Quản trị", person=None
        )
        accounts.grant(session, account, Role.ADMINISTRATOR, city, actor=None)
    context = new_context(browser, SMALLEST)
    page = context.new_page()
    sign_in(page, site.address, "quantri", "bốn con mèo nhỏ")
    page.goto(f"{site.address}/manage/courses/{HERE}")
    page.get_by_role("link", name="Miễn bài học").click()
    page.locator("#submit").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("mã của người học")
    assert faults(page) == []
    page.locator("#code").fill(person.code)
    page.locator("#submit").click()
    expect(page.locator("h1")).to_contain_text("Miễn bài")
    assert faults(page) == []
    page.get_by_role("button", name="Có, miễn bài này").click()
    expect(page.locator("tbody")).to_contain_text("Nguyễn Thị Hoa")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == SMALLEST["width"]
    context.close()
