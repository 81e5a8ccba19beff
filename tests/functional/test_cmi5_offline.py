"""Units of cmi5 without a network, in real Chromium: they go on, and all of it arrives once, as of when it was."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from lms.cmi5.models import LateRequest, Launch
from lms.core.clock import utc_now
from lms.player.models import Attempt
from tests.factories import cmi5
from tests.factories.courses import import_package
from tests.factories.speaking_unit import FILES
from tests.functional.playing import Site, served_site
from tests.functional.test_cmi5 import leave, open_unit, say
from tests.functional.test_offline import LATER, SKEW, until

pytestmark = pytest.mark.browser

SLUGS = ("bai-mot", "bai-hai", "bai-ba", "bai-bon", "bai-nam", "bai-sau", "bai-bay", "bai-tam")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    with served_site(folder) as found:
        with found.runtime.database.transaction() as session:
            files, address = found.runtime.files, found.address
            for slug in SLUGS:
                unit = cmi5.unit(moveOn="CompletedAndPassed")
                package = cmi5.course(unit, FILES | {"about.txt": slug.encode()})
                import_package(session, files, folder, package, slug=slug, public_url=address)
        yield found


def opened(site: Site, page: Page, slug: str) -> UUID:
    """Open the unit, and wait until this browser has all of it."""
    registration = open_unit(site, page, slug)
    page.evaluate(
        """async () => {
            while (!navigator.serviceWorker.controller || !(await caches.match(new URL("about.txt", location), { ignoreVary: true })))
                await new Promise((resolve) => { setTimeout(resolve, 20); });
        }"""
    )
    return registration


def attempt_in(site: Site, registration: UUID) -> Attempt:
    with site.runtime.database.snapshot() as session:
        return session.scalars(select(Attempt).where(Attempt.registration == registration)).unique().one()


def test_a_unit_is_taken_to_its_end_in_airplane_mode_and_arrives_from_the_list_of_lessons(
    site: Site, context: BrowserContext, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.goto(site.address)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    registration = opened(site, page, SLUGS[0])
    context.set_offline(True)
    before = datetime.now(UTC)
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    say(page, "#complete", "completed")
    say(page, "#pass", "passed")
    page.locator("#leave").click()
    page.wait_for_url("**/result")
    expect(page.locator("#no-network")).to_be_visible()
    learned = datetime.now(UTC)
    page.close()
    assert site.verbs_of(registration) == ["launched", "initialized"]
    context.set_offline(False)
    later = context.new_page()
    monkeypatch.setattr("lms.cmi5.services.late.utc_now", lambda: utc_now() + LATER)
    later.clock.install(time=datetime.now(UTC) + LATER)
    later.goto(f"{site.address}/lessons")
    until(later, lambda: site.verbs_of(registration)[-1] == "terminated")
    done = attempt_in(site, registration).completed_at
    assert done is not None
    assert before - SKEW <= done <= learned + LATER / 2, "when it was learned, not when it arrived"
    assert site.verbs_of(registration) == [
        *("launched", "initialized", "completed", "passed", "satisfied", "terminated")
    ]
