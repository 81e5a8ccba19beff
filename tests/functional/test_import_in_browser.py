"""A manager imports a spreadsheet in the browser; a worker does it, over either broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.browsing import PHONE, faults, new_context, sign_in
from tests.functional.roster import OFFICERS, load_roster, write
from tests.functional.serving import Installation

pytestmark = pytest.mark.browser

PASSWORD = "hoa phượng đỏ 57"


@pytest.fixture(params=["embedded", "grown"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """SQLite with the embedded broker, and PostgreSQL with Redis."""
    installation = Installation(tmp_path)
    if request.param == "grown":
        installation.database_url = request.getfixturevalue("postgresql_databases").fresh()
        installation.redis_url = request.getfixturevalue("redis_url")
    installation.lms("db", "upgrade")
    load_roster(installation)
    arguments = (
        "accounts",
        "add",
        "manager",
        "--person",
        OFFICERS[0],
        "--role",
        "manager",
        "--unit",
        "10549",
    )
    installation.lms(*arguments, given=f"{PASSWORD}\n")
    installation.start()
    yield installation
    installation.kill()  # ending in good order takes seconds, and is tested elsewhere


def see_the_result(page: Page) -> None:
    """The page of the task shows by itself when it has ended."""
    page.get_by_role("link", name="Xem kết quả").click(timeout=90_000)


def test_good_rows_go_in_and_bad_ones_come_back(browser: Browser, site: Installation):
    rows = [("CVA-058", "Phạm Thị Mai", "10549", "Cán bộ"), ("CVA-059", "Lê Văn Ba", "nowhere", "Cán bộ")]
    sheet = write(site.data / "new.csv", ("Mã", "Họ và tên", "Mã đơn vị", "Đối tượng"), rows)
    page = new_context(browser, PHONE).new_page()
    sign_in(page, site.address, "manager", PASSWORD)
    page.goto(f"{site.address}/people/imports/")
    page.locator("input[type=file]").set_input_files(sheet)
    page.locator("main form button.govuk-button").first.click()
    see_the_result(page)
    expect(page.locator("main")).to_contain_text("nowhere")
    assert faults(page) == []
    page.locator("main form[method=post] button").last.click()
    see_the_result(page)
    bad_rows = page.locator("a[href*='bad-rows']")
    with page.expect_download() as download:
        bad_rows.first.click()
    returned = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "CVA-059" in returned
    assert "CVA-058" not in returned
    page.goto(f"{site.address}/people/?q=CVA-058")
    expect(page.locator("main")).to_contain_text("Phạm Thị Mai")
    assert site.ready()
