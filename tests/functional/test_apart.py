"""Packages that try to reach each other and the application, in real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Frame, Page

from courses.packaging import BuildItem
from tests.factories.courses import import_package, package
from tests.functional.browsing import PHONE, new_context
from tests.functional.playing import Site, served_site

pytestmark = pytest.mark.browser

_PAGE = b"<!doctype html><title>x</title><h1>Here</h1>"

# What a package keeps wherever a page can keep something.
_KEEP = """async (secret) => {
    localStorage.setItem("secret", secret);
    sessionStorage.setItem("secret", secret);
    document.cookie = `secret=${secret}`;
    await (await caches.open("secret")).put("/secret", new Response(secret));
    await new Promise((resolve) => {
        const asked = indexedDB.open("secret", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("secret").put(secret, 1);
        asked.onsuccess = resolve;
    });
}"""

_FOUND = """async () => JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, await caches.keys(),
    (await indexedDB.databases()).map(({ name }) => name),
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
])"""

# Everything that a page may try with an address of somebody else's; what came of each.
_TRY = """async (address) => {
    const tried = {};
    const attempt = async (name, work) => {
        try {
            tried[name] = String(await work());
        } catch (error) {
            tried[name] = "refused";
        }
    };
    const loaded = (element, name) => new Promise((resolve, reject) => {
        element.onload = () => resolve("loaded");
        element.onerror = () => reject(new Error("no"));
        element.src = address;
        document.body.append(element);
    });
    await attempt("fetch", async () => (await fetch(address, { credentials: "include" })).text());
    const silently = { mode: "no-cors", credentials: "include" };
    await attempt("no-cors", async () => (await fetch(address, silently)).type);
    await attempt("post", async () => (await fetch(address, { method: "POST", body: "x" })).text());
    await attempt("beacon", () => navigator.sendBeacon(address, "x") ? "queued" : Promise.reject());
    await attempt("script", () => loaded(document.createElement("script")));
    await attempt("image", () => loaded(document.createElement("img")));
    await attempt("worker", () => navigator.serviceWorker.register(location.pathname + "?sw.js"));
    const frame = document.createElement("iframe");
    frame.src = address;
    document.body.append(frame);
    await new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 1000); });
    await attempt("frame", () => frame.contentDocument.body.innerHTML && Promise.reject());
    await attempt("opener", () => (window.opener ?? window.top.opener) === null ? Promise.reject() : "there");
    return tried;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with served_site(folder) as found:
        offer(found, folder, "nan-nhan")
        offer(found, folder, "ke-gian")
        yield found


def offer(site: Site, folder: Path, slug: str) -> None:
    lessons = [BuildItem(identifier="L1", title=slug, href="a.html")]
    files = {"a.html": _PAGE + slug.encode()}
    with site.runtime.database.transaction() as session:
        import_package(session, site.runtime.files, folder, package(lessons=lessons, files=files), slug=slug)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = new_context(browser, PHONE)
    yield context.new_page()
    context.close()


def inside(site: Site, page: Page, slug: str) -> Frame:
    """The package's own page, which may do whatever a package can."""
    site.launch(page, slug)
    page.frame_locator("#lesson").locator("h1").wait_for()
    return next(frame for frame in page.frames if "/content/" in frame.url)


def test_a_package_reaches_nothing_of_another_nor_of_the_application(site: Site, page: Page) -> None:
    page.goto(site.address)
    page.evaluate(_KEEP, "ours")
    victim = inside(site, page, "nan-nhan")
    victim.evaluate(_KEEP, "theirs")
    theirs = [page.url, victim.url, page.url + "state", page.url + "commit"]
    page.goto(f"{site.address}/lessons")
    evil = inside(site, page, "ke-gian")
    assert evil.evaluate("origin") not in (site.address, theirs[0][: len("http://127.0.0.1")])
    found = evil.evaluate(_FOUND)
    assert "theirs" not in found
    assert "ours" not in found
    assert "secret" not in found
    for address in (*theirs, f"{site.address}/account", f"{site.address}/lessons"):
        tried = evil.evaluate(_TRY, address)
        assert set(tried.values()) <= {"refused", "queued"}, (address, tried)
    assert site.verbs_of(site.attempts()[0].id) == []


def test_nobody_is_sent_where_no_lesson_runs(site: Site, page: Page) -> None:
    """A lesson on a name below the application's domain could set a cookie that says where it was opened."""
    strange = "http://evil.example"
    page.goto(site.address)
    page.evaluate(
        "(told) => { document.cookie = `lesson-opened=${told}; path=/`; }", f"{strange}%20{uuid4()}"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(re.compile(r"/learn/waiting\?.*evil\.example")):
        page.goto(f"{site.address}/lessons")
    page.evaluate("""async () => {
        while (localStorage["lessons-opened"] !== "{}") await new Promise(requestAnimationFrame);
    }""")
    page.reload()
    assert not [address for address in asked if address.startswith(strange)]


def test_a_key_is_good_on_the_host_of_its_package_alone(site: Site, page: Page) -> None:
    victim = inside(site, page, "nan-nhan")
    addresses = [page.url, victim.url, page.url + "state"]
    evil = inside(site, page, "ke-gian")
    here = evil.evaluate("location.origin")
    there = victim_origin = addresses[0].partition("/play/")[0]
    assert here != victim_origin
    for address in addresses:
        assert page.request.get(address.replace(there, here)).status == 404
        assert page.request.get(address.replace(there, site.address)).status == 404


def test_a_package_cannot_take_the_window_away_and_its_pop_ups_reach_nothing(site: Site, page: Page) -> None:
    evil = inside(site, page, "ke-gian")
    here = page.url
    for way in ("window.top.location = '{}'", "window.open('{}', '_top')", "window.top.close()"):
        evil.evaluate(f"() => {{ try {{ {way.format(site.address)} }} catch (error) {{}} }}")
    page.wait_for_timeout(300)
    assert page.url == here
    with page.context.expect_page() as opening:
        evil.evaluate(f"() => {{ globalThis.popup = window.open('{site.address}/lessons') }}")
    opening.value.wait_for_load_state("networkidle")  # it is the page itself: links lead out of the sandbox
    reached = "() => { try { return popup.document.body.innerHTML } catch (error) { return 'refused' } }"
    assert evil.evaluate(reached) in ("refused", "")
    assert opening.value.evaluate("opener") is None
    assert evil.evaluate("window.name !== undefined")
