"""Real Chromium, driven by Playwright, on this machine's own browser."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
SMALLEST = {"width": 320, "height": 640}
AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


def new_context(browser: Browser, size: dict[str, int], **options: object) -> BrowserContext:
    """A browser profile of its own, in Vietnamese, that does not move more than it must."""
    phone = size["width"] < 600
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=1,
        **options,  # type: ignore[arg-type]
    )
    context.set_default_timeout(60_000)  # a busy machine is slow, not wrong
    return context


def sign_in(page: Page, address: str, username: str, password: str) -> None:
    page.goto(f"{address}/sign-in")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("#submit").click()
    page.wait_for_url(lambda found: "/sign-in" not in found)


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page by WCAG 2.2 A and AA and its best practices."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {fault['help']}: " + " | ".join(node["html"][:160] for node in fault["nodes"][:3])
        for fault in found["violations"]
    ]
