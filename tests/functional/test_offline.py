"""Without a network, in real Chromium: lessons go on, begin where they were saved, and all of it arrives."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from courses.authoring import read_lesson
from courses.library import folder
from lms.core.clock import utc_now
from lms.player.services import committing
from tests.browsers import persistent
from tests.functional.browsing import PHONE, faults
from tests.functional.journey import lesson_frame, play, step
from tests.functional.playing import OWN, Site, served_site

pytestmark = pytest.mark.browser

SOURCE = read_lesson(folder(OWN))
SKEW = timedelta(milliseconds=200)  # between the browser's clock and ours
LATER = timedelta(hours=1)  # so that what passes is told from what a busy machine takes
_PATIENCE = 30_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served_site(tmp_path_factory.mktemp("site")) as found:
        yield found


def opened_whole(site: Site, page: Page) -> None:
    """Open our lesson, and wait until the browser has all of it."""
    site.launch(page, OWN)
    lesson_frame(page)
    page.evaluate(
        """async (deadline) => {
            const files = JSON.parse(document.getElementById("player").textContent).fileList;
            const wanted = (await (await fetch(files)).json()).files;
            for (const { address } of wanted) {
                while (!(await caches.match(address, { ignoreVary: true }))) {
                    if (performance.now() > deadline) throw new Error(`not loaded: ${address}`);
                    await new Promise((resolve) => { setTimeout(resolve, 20); });
                }
            }
        }""",
        page.evaluate("performance.now()") + _PATIENCE,
    )


def test_a_lesson_is_taken_to_its_end_in_airplane_mode_and_arrives_from_the_list_of_lessons(
    site: Site, context: BrowserContext, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_whole(site, page)
    attempt = site.attempts()[-1]
    context.set_offline(True)
    before = datetime.now(UTC)
    play(lesson_frame(page), SOURCE, until=SOURCE.result.id)
    expect(page.locator("#save-state")).to_contain_text("Đang chờ mạng")
    learned = datetime.now(UTC)
    # What a page says as it is closed may be sent once nobody keeps it from the network any more.
    page.evaluate("() => { globalThis.fetch = () => new Promise(() => {}); }")
    page.close()
    assert not site.attempt(attempt.id).completion
    context.set_offline(False)
    later = context.new_page()
    monkeypatch.setattr(committing, "utc_now", lambda: utc_now() + LATER)
    later.clock.install(time=datetime.now(UTC) + LATER)
    later.goto(f"{site.address}/lessons")
    later.wait_for_url("**/lessons")
    done = until_completed(site, later, attempt.id)
    assert before - SKEW <= done <= learned + LATER / 2, "when it was learned, not when it arrived"
    assert site.verbs_of(attempt.id).count("completed") == 1


def until_completed(site: Site, page: Page, attempt_id: UUID) -> datetime:
    """Wait until the result is here; when the lesson was completed."""
    until(page, lambda: site.attempt(attempt_id).completion)
    done = site.attempt(attempt_id).completed_at
    assert done is not None
    return done


def test_a_browser_that_is_killed_delivers_when_it_is_opened_again_and_the_server_is_back(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    context = persistent(browser, tmp_path, **PROFILE)
    page = context.new_page()
    opened_whole(site, page)
    attempt, address = site.attempts()[-1], page.url
    context.close()  # so that cookies, which browsers write to the disk in their own time, are there
    context = persistent(browser, tmp_path, **PROFILE)
    page = context.new_page()
    page.goto(address)
    lesson_frame(page)
    with site.down():
        play(lesson_frame(page), SOURCE, until=SOURCE.result.id)
        on_the_disk(page, attempt.id)
        kill(tmp_path)
        with suppress(Error):  # it may have been noticed, or not yet
            context.close()
    assert not site.attempt(attempt.id).completion
    again = persistent(browser, tmp_path, **PROFILE)
    later = again.new_page()
    later.goto(f"{site.address}/")
    until_completed(site, later, attempt.id)
    assert site.verbs_of(attempt.id).count("completed") == 1
    again.close()


PROFILE = {"viewport": PHONE, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


def on_the_disk(page: Page, attempt_id: UUID) -> None:
    """Wait until IndexedDB has what localStorage has: it is written before the transaction ends."""
    page.evaluate(
        """([prefix, deadline]) => new Promise((resolve, reject) => {
            const name = Object.keys(localStorage).find((each) => each.startsWith(prefix));
            const opening = indexedDB.open("lesson-queue", 1);
            const look = () => {
                const wanted = JSON.parse(localStorage.getItem(name));
                const done = ["completed", "passed"].includes(wanted.cmi?.core.lesson_status);
                const table = opening.result.transaction("waiting").objectStore("waiting");
                const asked = table.get(wanted.session);
                asked.onsuccess = () => {
                    if (done && asked.result?.item.seq >= wanted.seq) resolve();
                    else if (performance.now() > deadline) reject(new Error("not on the disk"));
                    else setTimeout(look, 20);
                };
            };
            opening.onsuccess = look;
        })""",
        [f"lesson-queue.{attempt_id}.", page.evaluate("performance.now()") + _PATIENCE],
    )


def kill(profile: Path) -> None:
    """As a flat battery does: every process of the browser with this profile, at once.

    Only some of them name the profile, but all are in one group, which Playwright makes. If one of the
    others stayed, it would hold the pipes of the browser, and Playwright would wait for it: for ever to
    close the browser, for half a minute to end itself.
    """
    os.killpg(os.getpgid(next(processes_naming(profile))), signal.SIGKILL)


def processes_naming(profile: Path) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # ended meanwhile
            if str(profile).encode() in entry.read_bytes():
                yield int(entry.parent.name)


def test_a_saved_lesson_begins_ends_and_begins_again_without_a_network_and_is_counted_once_each(
    site: Site, context: BrowserContext, page: Page
) -> None:
    page.goto(f"{site.address}/courses/{OWN}")
    page.locator('form[action^="/saved/"] button').click()
    page.locator("#done").click()
    page.wait_for_url("**/saved")
    expect(page.locator(".app-lesson h2")).to_have_text(SOURCE.title)
    expect(page.locator(".app-lesson .app-quiet")).to_contain_text("MB")
    assert faults(page) == []
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    before = completed(site)
    for turn in (1, 2):
        context.set_offline(True)
        page.goto(f"{site.address}/lessons")
        expect(page.locator("#no-network")).to_be_visible()
        page.locator(".app-lesson a.govuk-button").click()
        frame = lesson_frame(page)
        frame.click("#next")
        place = step(frame)
        page.reload()
        assert step(lesson_frame(page)) == place, "it goes on where it was"
        play(lesson_frame(page), SOURCE, until=SOURCE.result.id)
        page.locator("#leave").click()
        page.locator("#offline a").click()
        expect(page.locator("#no-network")).to_be_visible()
        context.set_offline(False)
        page.goto(f"{site.address}/lessons")
        until(page, lambda: completed(site) == before + turn and settled(page))  # noqa: B023  (at once)


def settled(page: Page) -> bool:
    """Whether the page has been to where lessons are, and is back."""
    try:
        found: bool = page.evaluate("localStorage.getItem('lessons-opened') === '{}'")
    except Error:
        return False  # on its way
    return found


def completed(site: Site) -> int:
    """How many attempts are completed, each told once."""
    done = [attempt for attempt in site.attempts() if attempt.completion]
    assert all(site.verbs_of(attempt.id).count("completed") == 1 for attempt in done)
    return len(done)


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait, while the page does what it does."""
    for _ in range(_PATIENCE // 50):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not arrive")
