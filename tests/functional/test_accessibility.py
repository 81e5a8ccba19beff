"""axe finds nothing on any page of the demo city, and none needs to be scrolled sideways at 320 px."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.conftest import Databases
from tests.functional.browsing import DESK, SMALLEST, faults, new_context, sign_in
from tests.functional.pages import PAGES, Seen
from tests.functional.screens import demo_password
from tests.functional.serving import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, postgresql_databases: Databases) -> Iterator[Installation]:
    """The demo city, loaded by its command and served, on PostgreSQL: tests of single pages run on SQLite."""
    installation = Installation(tmp_path_factory.mktemp("city"), database_url=postgresql_databases.fresh())
    installation.lms("db", "upgrade")
    installation.lms("demo", "load")
    installation.start()
    yield installation
    installation.kill()  # ending in good order takes seconds, and is tested elsewhere


def test_no_page_has_a_fault(browser: Browser, city: Installation):
    """Each page is loaded once, narrow, and then given the room of a desk.

    There its contents are the same, laid out otherwise; what surrounds them is not, and is looked at once
    for each person.
    """
    found: dict[str, list[str]] = {}
    for person in dict.fromkeys(page.person for page in PAGES):
        context = new_context(browser, SMALLEST)
        page = context.new_page()
        if person:
            sign_in(page, city.address, person, demo_password(city))
        for turn, seen in enumerate(seen for seen in PAGES if seen.person == person):
            found |= faults_of(page, city, seen, (SMALLEST, DESK) if turn == 0 else (SMALLEST,))
        context.close()
    assert found == {}


def faults_of(
    page: Page, city: Installation, seen: Seen, sizes: Sequence[ViewportSize]
) -> dict[str, list[str]]:
    page.set_viewport_size(SMALLEST)
    answer = page.goto(city.address + seen.path)
    assert answer is not None
    wrong = [] if answer.status < 500 else [f"answered {answer.status}"]
    for size in (SMALLEST, DESK):
        page.set_viewport_size(size)
        if size in sizes:
            wrong += [f"{size['width']} px: {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{size['width']} px: is wider than the screen")
    return {f"{seen.name} ({seen.person})": wrong} if wrong else {}
