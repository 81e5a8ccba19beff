"""An author sends a package: how far it is, how it is stopped, and what is said when it does not arrive."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from lms.accounts.models import Role
from lms.accounts.services import add_account, grant
from lms.units.queries import units_of_codes
from lms.units.services import Row, import_units
from tests.factories.foreign import foreign_package
from tests.functional.browsing import faults, sign_in
from tests.functional.playing import Site, served_site

pytestmark = pytest.mark.browser

AUTHOR, PASSWORD = "tac-gia", "Hoc-tap-tot-2026"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(tmp_path_factory.mktemp("site")) as found:
        with found.runtime.database.transaction() as session:
            import_units(session, [Row(2, "31", "Thành phố Hải Phòng", "city", "")])
            city = units_of_codes(session, ["31"])["31"]
            account = add_account(session, username=AUTHOR, password=PASSWORD, name="Tác giả", person=None)
            grant(session, account, Role.ADMINISTRATOR, city, actor=None)
        yield found


@pytest.fixture
def uploading(site: Site, page: Page) -> Page:
    sign_in(page, site.address, AUTHOR, PASSWORD)
    page.goto(f"{site.address}/manage/courses/upload")
    return page


def choose(page: Page, content: bytes, name: str = "goi.zip") -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/zip", "buffer": content}
    )
    page.locator("main form button").click()


def send_again(page: Page) -> None:
    """Without a click: two within a second count as one."""
    page.locator("main form").evaluate("form => form.requestSubmit()")


def test_a_package_that_was_sent_leads_to_its_task(site: Site, uploading: Page, tmp_path: Path) -> None:
    choose(uploading, foreign_package())
    uploading.wait_for_url("**/jobs/*")


def test_what_is_no_package_is_said_beside_the_field_and_can_be_mended(uploading: Page) -> None:
    choose(uploading, b"no zip")
    summary = uploading.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    expect(uploading.locator("#sending")).to_be_hidden()
    assert faults(uploading) == []
    choose(uploading, foreign_package())
    uploading.wait_for_url("**/jobs/*")


def test_sending_can_be_stopped_and_begun_again(uploading: Page) -> None:
    def hold(_: Route) -> None:
        """The server takes its time."""

    uploading.route("**/manage/courses/upload", hold)
    choose(uploading, foreign_package())
    expect(uploading.get_by_role("progressbar", name="Đã gửi")).to_be_visible()
    expect(uploading.locator("main form")).to_be_hidden()
    assert faults(uploading) == []
    uploading.get_by_role("button", name="Dừng lại").click()
    expect(uploading.locator("[data-problem]")).to_contain_text("Đã dừng")
    uploading.unroute_all()
    send_again(uploading)
    uploading.wait_for_url("**/jobs/*")


def test_a_network_that_breaks_off_is_told_and_the_file_stays_chosen(uploading: Page) -> None:
    uploading.route("**/manage/courses/upload", lambda route: route.abort())
    choose(uploading, foreign_package())
    expect(uploading.locator("[data-problem]")).to_contain_text("Mất mạng")
    uploading.unroute_all()
    send_again(uploading)
    uploading.wait_for_url("**/jobs/*")


def test_a_file_that_is_too_large_is_not_sent(uploading: Page) -> None:
    sent: list[str] = []
    uploading.on("request", lambda request: sent.append(request.method))
    uploading.evaluate("document.querySelector('form[data-upload]').dataset.largest = '0.0001'")
    choose(uploading, foreign_package())
    expect(uploading.locator("[data-problem]")).to_contain_text("lớn nhất")
    assert "POST" not in sent
