"""Units of cmi5 without a network, in real Chromium: they go on, and all of it arrives, as of when it was."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import select

from lms.accounts.services import add_account
from lms.cmi5.models import LateRequest, Launch, Outcome
from lms.cmi5.services.ending import abandon
from lms.core.clock import utc_now
from lms.core.vocabulary import iris
from lms.player.models import Attempt
from lms.units.queries import units_of_codes
from lms.units.services import Row, import_units
from tests.browsers import persistent
from tests.factories import cmi5
from tests.factories.courses import import_package
from tests.factories.learning import make_person
from tests.factories.speaking_unit import FILES
from tests.functional.browsing import PHONE, new_context, sign_in
from tests.functional.playing import Site, served_site
from tests.functional.test_cmi5 import leave, open_unit, say
from tests.functional.test_offline import FORGOTTEN, LATER, PROFILE, SKEW, is_true, kill, until
from tracking.documents.models import Document
from tracking.record.models import Statement, Verb

pytestmark = pytest.mark.browser

SLUGS = ("bai-mot", "bai-hai", "bai-ba", "bai-bon", "bai-nam", "bai-sau")
WHO, PASSWORD = "hoa", "Hoc-tap-tot-2026"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    with served_site(folder) as found:
        with found.runtime.database.transaction() as session:
            import_units(session, [Row(2, "31", "Thành phố Hải Phòng", "city", "")])
            person = make_person(session, units_of_codes(session, ["31"])["31"], "Nguyễn Thị Hoa")
            add_account(session, username=WHO, password=PASSWORD, name="Nguyễn Thị Hoa", person=person.id)
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
            const last = new URL("about.txt", location);
            while (!navigator.serviceWorker.controller || !(await caches.match(last, { ignoreVary: true })))
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
    expect(page.locator("#no-network")).to_contain_text("được giữ trong máy này")
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


ASKED = """async () => {
    const answers = {};
    const note = async (name, asked) => {
        answers[name] = await asked.then(async (one) => [one.status, await one.text()], () => "failed");
    };
    const put = (value) => ({ method: "PUT", body: JSON.stringify(value) });
    const post = (value) => ({ method: "POST", body: JSON.stringify(value) });
    await note("put", state("a", put({ one: 1, two: 2 })));
    await note("post", state("a", post({ two: 3 })));
    await note("get", state("a"));
    await note("gone", state("place", { method: "DELETE" }));
    await note("none", state("place"));
    await note("all gone", state("", { method: "DELETE" }));
    const about = { activityId: activity, agent: JSON.stringify(actor), registration };
    await note("list", ask("activities/state", about));
    await note("launch data", state("LMS.LaunchData"));
    await note("forbidden", state("LMS.LaunchData", put({})));
    const other = { ...about, stateId: "b", registration: crypto.randomUUID() };
    await note("stranger", ask("activities/state", other, put({})));
    const profile = { profileId: "cmi5LearnerPreferences", agent: JSON.stringify(actor) };
    await note("preferences", ask("agents/profile", profile));
    await note("unconditional", ask("agents/profile", profile, put({})));
    await note("statements", ask("statements", {}));
    await note("about", ask("about", {}));
    const said = () => ({
        id: crypto.randomUUID(), timestamp: new Date().toISOString(), actor,
        verb: { id: "http://adlnet.gov/expapi/verbs/experienced" }, object: { id: activity + "/page" },
        context: { ...data.contextTemplate, registration },
    });
    const one = said();
    const form = new URLSearchParams({
        statementId: one.id, Authorization: `Basic ${auth}`, "X-Experience-API-Version": "1.0.3",
        "Content-Type": "application/json", content: JSON.stringify(one),
    });
    const door = `${query.get("endpoint")}statements?method=PUT`;
    await note("form", fetch(door, { method: "POST", body: form }));
    await note("several", ask("statements", {}, post([said()])));
    await note("without id", ask("statements", {}, post([{ ...said(), id: undefined }])));
    return answers;
}"""


def test_a_unit_reads_what_it_wrote_and_goes_on_when_its_page_is_loaded_again_without_a_network(
    site: Site, context: BrowserContext, page: Page
) -> None:
    registration = opened(site, page, SLUGS[1])
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    page.evaluate("() => ask('about', {}).then(() => null)")
    context.set_offline(True)
    answers = page.evaluate(ASKED)
    said = {name: answer[0] if isinstance(answer, list) else answer for name, answer in answers.items()}
    assert said == {
        **dict.fromkeys(("put", "post", "gone", "form"), 204),
        **dict.fromkeys(("get", "list", "about", "launch data", "preferences", "several"), 200),
        "none": 404,
        "unconditional": 409,
        **dict.fromkeys(("all gone", "forbidden", "stranger", "statements", "without id"), "failed"),
    }
    assert json.loads(answers["get"][1]) == {"one": 1, "two": 3}
    assert json.loads(answers["list"][1]) == ["LMS.LaunchData", "a"]
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("3")
    page.reload()
    expect(page.locator("#place")).to_have_text("3")
    say(page, "#complete", "completed")
    context.set_offline(False)
    say(page, "#pass", "passed")
    leave(page)
    until(page, lambda: site.verbs_of(registration)[-1] == "terminated")
    assert site.verbs_of(registration) == [
        *("launched", "initialized", "experienced", "experienced", "completed", "passed", "satisfied"),
        "terminated",
    ]
    with site.runtime.database.snapshot() as session:
        wanted = select(LateRequest).join(Launch).where(Launch.registration_id == registration)
        refused = [one.what for one in session.scalars(wanted) if one.outcome != Outcome.TAKEN]
        assert refused == ["PUT statements: initialized"], "it was said before the page was loaded again"
    assert json.loads(content_of(site, registration, "a") or b"") == {"one": 1, "two": 3}
    assert json.loads(content_of(site, registration, "place") or b"") == {"place": 3}


def test_a_browser_that_is_killed_delivers_when_it_is_opened_again_and_the_server_is_back(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    context = persistent(browser, tmp_path, **PROFILE)
    page = context.new_page()
    registration = opened(site, page, SLUGS[2])
    page.goto(site.address)
    context.close()  # so that lists, which browsers write to the disk in their own time, are there
    context = persistent(browser, tmp_path, **PROFILE)
    page = context.new_page()
    assert opened(site, page, SLUGS[2]) == registration
    with site.down():
        say(page, "#complete", "completed")
        say(page, "#pass", "passed")
        kill(tmp_path)
        with suppress(Error):  # it may have been noticed, or not yet
            context.close()
    assert "passed" not in site.verbs_of(registration)
    again = persistent(browser, tmp_path, **PROFILE)
    later = again.new_page()
    later.goto(f"{site.address}/")
    until(later, lambda: "satisfied" in site.verbs_of(registration))
    assert site.verbs_of(registration)[-3:] == ["completed", "passed", "satisfied"]
    again.close()


def test_a_unit_that_leaves_without_waiting_for_answers_loses_nothing(site: Site, page: Page) -> None:
    registration = opened(site, page, SLUGS[5])
    page.evaluate(
        """() => {
            say("completed", { completion: true });
            say("passed", { success: true });
            state("place", { method: "PUT", body: "7" });
            say("terminated", {});
            location.href = data.returnURL;
        }"""
    )
    page.wait_for_url("**/result")
    until(page, lambda: site.verbs_of(registration)[-1] == "terminated")
    assert site.verbs_of(registration) == [
        *("launched", "initialized", "completed", "passed", "satisfied", "terminated")
    ]
    assert content_of(site, registration, "place") == b"7"


def answering(site: Site, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    """Let the server say this, and nothing else, to whatever units want."""
    inner = site.app.wsgi_app

    def front(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith(("/xapi/", "/cmi5/deliver/")):
            start_response(status, [("Content-Length", "0")])
            return [b""]
        return inner(environ, start_response)

    monkeypatch.setattr(site.app, "wsgi_app", front)


def test_a_unit_outlives_a_server_in_trouble_and_a_session_that_was_given_up_meanwhile(
    site: Site, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    registration = opened(site, page, SLUGS[3])
    answering(site, monkeypatch, "503 Service Unavailable")
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    say(page, "#complete", "completed")
    with site.runtime.database.transaction() as session:
        launch = session.scalars(select(Launch).where(Launch.registration_id == registration)).unique().one()
        abandon(session, launch, settings=site.runtime.settings)
    monkeypatch.undo()
    say(page, "#pass", "passed")
    leave(page)
    until(page, lambda: site.verbs_of(registration)[-1] == "terminated")
    assert site.verbs_of(registration) == [
        *("launched", "initialized", "abandoned", "completed", "passed", "satisfied", "terminated")
    ]
    with site.runtime.database.snapshot() as session:
        wanted = select(Statement.voided_at).join(Verb, Verb.id == Statement.verb_id)
        own = wanted.where(Statement.registration == registration, Verb.iri == iris.ABANDONED)
        assert session.scalars(own).one() is not None, "it was taken back that it was abandoned"
    expect(page.locator("h1")).to_contain_text("Đã hoàn thành")


def test_what_a_full_device_cannot_keep_the_unit_hears_to_have_failed(
    site: Site, context: BrowserContext, page: Page
) -> None:
    registration = opened(site, page, SLUGS[4])
    context.set_offline(True)
    (worker,) = (one for one in context.service_workers if "/player-worker" in one.url)
    worker.evaluate(
        """() => {
            globalThis.put = IDBObjectStore.prototype.put;
            IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };
        }"""
    )
    write = (
        """() => state("place", { method: "PUT", body: "{}" }).then(({ status }) => status, () => "failed")"""
    )
    assert page.evaluate(write) == "failed"
    worker.evaluate("() => { IDBObjectStore.prototype.put = globalThis.put; }")
    assert page.evaluate(write) == 204
    page.evaluate("location.href = data.returnURL")
    page.wait_for_url("**/result")
    context.set_offline(False)
    page.goto(f"{site.address}/lessons")
    until(page, lambda: content_of(site, registration, "place") == b"{}")


def content_of(site: Site, registration: UUID, name: str) -> bytes | None:
    """The state of this name, as the record store has it."""
    wanted = select(Document.content).where(Document.registration == registration, Document.name == name)
    with site.runtime.database.snapshot() as session:
        return session.scalar(wanted)


def test_of_two_devices_the_later_has_the_say_and_what_the_other_kept_is_there_for_support_when_she_signs_out(
    site: Site, context: BrowserContext, page: Page, browser: Browser
) -> None:
    other = new_context(browser, PHONE)
    there = other.new_page()
    for each in (page, there):
        sign_in(each, site.address, WHO, PASSWORD)
    registration = opened(site, page, SLUGS[5])
    origin = page.evaluate("location.origin")
    context.set_offline(True)
    page.locator("#turn").click()
    expect(page.locator("#place")).to_have_text("2")
    say(page, "#complete", "completed")
    say(page, "#pass", "passed")
    page.close()
    assert open_unit(site, there, SLUGS[5]) == registration
    for place in ("2", "3"):
        there.locator("#turn").click()
        expect(there.locator("#place")).to_have_text(place)
    say(there, "#complete", "completed")
    leave(there)
    other.close()
    context.set_offline(False)
    later = context.new_page()
    later.goto(f"{site.address}/privacy")
    later.locator("form[action='/sign-out'] button").click()
    until(later, lambda: "passed" in site.verbs_of(registration))
    assert site.verbs_of(registration).count("completed") == 1
    assert json.loads(content_of(site, registration, "place") or b"") == {"place": 3}
    with site.runtime.database.snapshot() as session:
        wanted = select(LateRequest).join(Launch).where(Launch.registration_id == registration)
        assert {(one.what, one.outcome) for one in session.scalars(wanted)} == {
            ("PUT activities/state: place", Outcome.OVERTAKEN),
            ("PUT statements: completed", Outcome.REFUSED),
            ("PUT statements: passed", Outcome.TAKEN),
        }
    until(later, lambda: is_true(later, FORGOTTEN))
    later.goto(f"{origin}/player-worker.js")
    assert later.evaluate(LEFT_OF_UNITS) == [0, 0, 0]


LEFT_OF_UNITS = """() => new Promise((resolve) => {
    const opening = indexedDB.open("unit-queue", 1);
    opening.onsuccess = () => {
        const tables = ["sessions", "waiting", "documents"];
        const reading = opening.result.transaction(tables);
        const asked = tables.map((name) => reading.objectStore(name).count());
        reading.oncomplete = () => resolve(asked.map(({ result }) => result));
    };
})"""
