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
from courses.packaging import BuildItem
from lms.accounts.services import add_account
from lms.core.clock import utc_now
from lms.player.services import committing
from lms.units.queries import units_of_codes
from lms.units.services import Row, import_units
from tests.browsers import persistent
from tests.factories.courses import import_package, package
from tests.factories.learning import make_person
from tests.factories.scorm2004 import single
from tests.functional.browsing import PHONE, faults, sign_in
from tests.functional.journey import lesson_frame, play, step
from tests.functional.playing import OWN, Site, nothing_waits, served_site

pytestmark = pytest.mark.browser

SOURCE = read_lesson(folder(OWN))
SKEW = timedelta(milliseconds=200)  # between the browser's clock and ours
LATER = timedelta(hours=1)  # so that what passes is told from what a busy machine takes
_PATIENCE = 30_000
SINGLE, PASSWORD = "mot-bai", "Hoc-tap-tot-2026"
PEOPLE = ("Nguyễn Thị hoa", "Trần Văn binh")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    temporary = tmp_path_factory.mktemp("site")
    with served_site(temporary) as found:
        with found.runtime.database.transaction() as session:
            files, address = found.runtime.files, found.address
            import_package(session, files, temporary, single(), slug=SINGLE, public_url=address)
            import_units(session, [Row(2, "31", "Thành phố Hải Phòng", "city", "")])
            city = units_of_codes(session, ["31"])["31"]
            for name in PEOPLE:
                person = make_person(session, city, name)
                add_account(
                    session, username=name.split()[-1], password=PASSWORD, name=name, person=person.id
                )
        yield found


def opened_whole(site: Site, page: Page) -> None:
    """Open our lesson, and wait until the browser has all of it."""
    site.launch(page, OWN)
    lesson_frame(page)
    loaded_whole(page)


def loaded_whole(page: Page) -> None:
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


# As tools ask for their files: with a query against caches, with signs that need no escape, in other
# capitals, with a slash too many, composed otherwise, and a folder for the page in it. A worker and a page
# look at their own query.
ODDLY_ASKED = b"""<!doctype html><meta charset=utf-8><title>x</title><h1>x</h1><script>
parent.API.LMSInitialize("");
const text = async (address) => (await fetch(address)).text();
const worker = (address) => new Promise((resolve, reject) => {
  const made = new Worker(address); made.onerror = reject; made.onmessage = ({ data }) => resolve(data);
});
const framed = (address) => new Promise((resolve) => {
  const frame = document.createElement("iframe"); frame.src = address; document.body.append(frame);
  frame.onload = () => resolve(frame.contentWindow.location.search + frame.contentDocument.body.textContent);
});
async function look() {
  const asked = ["data.json?_=" + Math.random(), "a (1)'s, & b;c=d.txt", "A//TWO.TXT"];
  asked.push("a/\\u1ea3nh.txt".normalize("NFD"), "a/");
  const found = await Promise.all(asked.map(text));
  return [...found, await worker("w.js?id=5"), await framed("a/index.html?n=2#h")].join(" ");
}
</script>"""
ODDLY_NAMED = {
    "index.html": ODDLY_ASKED,
    "data.json": b"1",
    "a (1)'s, & b;c=d.txt": b"2",
    "a/two.txt": b"3",
    "a/ảnh.txt": b"4",
    "a/index.html": b"5",
    "w.js": b"postMessage(self.location.search)",
}


def test_files_that_are_asked_for_in_other_ways_than_they_are_named_are_there_without_a_network(
    site: Site, tmp_path: Path, context: BrowserContext, page: Page
) -> None:
    lesson = BuildItem(identifier="L1", title="Lạ", href="index.html")
    content = package("Lạ", lessons=[lesson], files=ODDLY_NAMED)
    with site.runtime.database.transaction() as session:
        import_package(session, site.runtime.files, tmp_path, content, slug="la", public_url=site.address)
    site.launch(page, "la")
    page.frame_locator("#lesson").locator("h1").wait_for()
    loaded_whole(page)
    lesson_in_frame = page.frame(url="**/index.html")
    assert lesson_in_frame is not None
    lesson_in_frame.evaluate(
        """async (deadline) => {
            while (!navigator.serviceWorker.controller) {
                if (performance.now() > deadline) throw new Error("no worker has the frame");
                await new Promise((resolve) => { setTimeout(resolve, 20); });
            }
        }""",
        _PATIENCE,
    )
    context.set_offline(True)
    assert lesson_in_frame.evaluate("look()") == "1 2 3 4 5 ?id=5 ?n=25"


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
    page.wait_for_url("**/saved")
    expect(page.locator("#just-saved")).to_contain_text(SOURCE.title)
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
        until(page, lambda wanted=before + turn: completed(site) == wanted and settled(page))


def settled(page: Page) -> bool:
    """Whether the page has been to where lessons are, and is back."""
    return is_true(page, "localStorage.getItem('lessons-opened') === '{}'")


def is_true(page: Page, expression: str) -> bool:
    try:
        found: bool = page.evaluate(expression)
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


FULL = 64_000  # UTF-16 code units, by which browsers count


def full_text(letters: str) -> str:
    """As much as SCORM 2004 allows, of letters that take one to four bytes."""
    unit = len(letters.encode("utf-16-le")) // 2
    return letters * (FULL // unit) + "x" * (FULL % unit)


@pytest.mark.parametrize(
    ("slug", "api", "names"),
    [
        (OWN, "API", ("LMSSetValue", "LMSCommit")),
        (SINGLE, "API_1484_11", ("SetValue", "Commit")),
    ],
    ids=["scorm12", "scorm2004"],
)
def test_suspend_data_of_full_size_arrives_whole_also_of_a_page_that_is_gone(
    site: Site, context: BrowserContext, page: Page, slug: str, api: str, names: tuple[str, str]
) -> None:
    def keep(text: str) -> None:
        script = f"""([text, names]) => {{
            const [set, commit] = names.map((name) => (...given) => window.{api}[name](...given));
            return set("cmi.suspend_data", text) + commit("");
        }}"""
        assert page.evaluate(script, [text, names]) == "truetrue"

    site.launch(page, slug)
    page.frame_locator("#lesson").locator("h1:visible, h2:visible").first.wait_for()
    attempt = site.attempts()[-1]
    keep(full_text('Tiếng Việt: ế 😀\n"\\'))
    nothing_waits(page)
    assert site.attempt(attempt.id).state["suspend_data"] == full_text('Tiếng Việt: ế 😀\n"\\')
    context.route("**/commit", lambda route: route.abort())  # nor is there room in a goodbye
    context.route("**/deliver/?*", lambda route: route.abort())
    keep(full_text("ạ𝕳漢"))
    page.close()
    context.unroute_all()
    later = context.new_page()
    later.goto(f"{site.address}/lessons")
    until(later, lambda: site.attempt(attempt.id).state["suspend_data"] == full_text("ạ𝕳漢"))


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_that_is_wrong_by_a_day_does_not_change_when_a_lesson_was_completed(
    site: Site, context: BrowserContext, page: Page, days: int
) -> None:
    wrong_by = timedelta(days=days) / timedelta(milliseconds=1)
    context.add_init_script(f"{{ const right = Date.now; Date.now = () => right() + {wrong_by}; }}")
    site.launch(page, OWN)
    lesson_frame(page)
    attempt = site.attempts()[-1]
    context.set_offline(True)
    before = datetime.now(UTC)
    page.evaluate("API.LMSSetValue('cmi.core.lesson_status', 'completed') + API.LMSCommit('')")
    after = datetime.now(UTC)
    waiting = page.evaluate(
        "JSON.parse(Object.entries(localStorage).find(([name]) => name.includes('queue'))[1])"
    )
    assert abs(waiting["since"] - waiting["awake"]) < 50, "by which the server knows a clock that was set"
    page.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(f"{site.address}/lessons")
    assert before - SKEW <= until_completed(site, later, attempt.id) <= after + SKEW


def left_waiting(site: Site, context: BrowserContext, page: Page) -> tuple[UUID, str]:
    """Something of a lesson waits in this browser, whose page is gone: the attempt, and its address."""
    site.launch(page, OWN)
    lesson_frame(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    address, attempt = (
        page.url,
        page.evaluate("JSON.parse(document.getElementById('player').textContent).attempt"),
    )
    for door in ("**/commit", "**/deliver/?*"):
        context.route(door, lambda route: route.abort())
    page.evaluate("API.LMSSetValue('cmi.core.lesson_location', 'here') + API.LMSCommit('')")
    page.close()
    context.unroute_all()
    return UUID(attempt), address


def until_here(site: Site, page: Page, attempt_id: UUID) -> None:
    until(page, lambda: site.attempt(attempt_id).state.get("core", {}).get("lesson_location") == "here")


def test_the_browser_delivers_by_itself_in_the_background(
    site: Site, context: BrowserContext, page: Page
) -> None:
    """What it does when the network is back, as it does it; when that is, is its own affair."""
    attempt, address = left_waiting(site, context, page)
    origin = address.partition("/play/")[0]
    other = context.new_page()
    other.goto(f"{site.address}/healthz")
    tools, found = context.new_cdp_session(other), []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    tools.send("ServiceWorker.enable")
    until(other, lambda: any(each["scopeURL"] == f"{origin}/" for each in found))
    worker = next(each["registrationId"] for each in found if each["scopeURL"] == f"{origin}/")
    sync = {"origin": origin, "registrationId": worker, "tag": "deliver", "lastChance": False}
    tools.send("ServiceWorker.dispatchSyncEvent", sync)
    until_here(site, other, attempt)


def test_a_hidden_frame_delivers_where_browsers_show_it_what_lessons_keep(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    """As with all names under one domain: there a frame sees what the page itself would see."""
    flag = "--disable-features=ThirdPartyStoragePartitioning"
    context = persistent(browser, tmp_path, flag, **PROFILE)
    attempt, _ = left_waiting(site, context, context.new_page())
    page, been = context.new_page(), set[str]()
    page.on("framenavigated", lambda frame: been.add(frame.url) if frame == page.main_frame else None)
    page.goto(f"{site.address}/lessons")
    until_here(site, page, attempt)
    assert been == {f"{site.address}/lessons"}
    context.close()


def test_whoever_signs_out_loses_nothing_and_leaves_nothing_for_the_next(
    site: Site, context: BrowserContext, page: Page
) -> None:
    first, second = PEOPLE
    sign_in(page, site.address, first.split()[-1], PASSWORD)
    page.goto(f"{site.address}/courses/{OWN}")
    page.locator('form[action^="/saved/"] button').click()
    page.wait_for_url("**/saved")
    still_open = context.new_page()
    site.launch(still_open, SINGLE)
    expect(still_open.frame_locator("#lesson").locator("#entry")).to_contain_text("/")
    attempt, address = left_waiting(site, context, context.new_page())
    page.goto(f"{site.address}/lessons")
    page.locator("form[action='/sign-out'] button").click()
    until_here(site, page, attempt)
    until(page, lambda: is_true(page, FORGOTTEN))
    expect(page.locator("main")).to_contain_text("Bạn đã đăng xuất")
    expect(still_open.locator("#expired")).to_be_visible()
    still_open.goto(address)
    assert first not in still_open.content()
    expect(still_open.locator("#lesson")).to_have_count(0)
    origin = address.partition("/play/")[0]
    still_open.goto(f"{origin}/player-worker.js")
    assert set(still_open.evaluate(LEFT_HERE)) <= {"lesson-here", "lessons-opened", "kept:assets"}
    sign_in(page, site.address, second.split()[-1], PASSWORD)
    page.goto(f"{site.address}/saved")
    expect(page.locator("[data-nothing]")).to_be_visible()


FORGOTTEN = """Object.values(JSON.parse(localStorage.getItem("lessons-opened") ?? '[{}]'))
    .every(({ clean, forget }) => clean && !forget)"""
LEFT_HERE = """async () => {
    const kept = (await caches.keys()).filter((name) => !name.startsWith("seen:"));
    return [...Object.keys(localStorage), ...kept];
}"""
