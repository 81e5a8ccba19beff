"""`make screens`: a picture of every page of the demo city, 360 and 1280 px wide, in var/screens/."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browsers import chromium
from tests.functional.browsing import DESK, PHONE, new_context, sign_in
from tests.functional.pages import PAGES
from tests.functional.serving import Installation

TARGET = Path("var/screens")


def photograph(browser: Browser, installation: Installation, password: str) -> int:
    taken = 0
    for size in (PHONE, DESK):
        for person in dict.fromkeys(page.person for page in PAGES):
            context = new_context(browser, size)
            page = context.new_page()
            if person:
                sign_in(page, installation.address, person, password)
            for seen in PAGES:
                if seen.person == person:
                    page.goto(installation.address + seen.path)
                    page.screenshot(path=TARGET / f"{seen.name}-{size['width']}.png", full_page=True)
                    taken += 1
            context.close()
    return taken


def demo_password(installation: Installation) -> str:
    text = (installation.data / "demo-sign-ins.txt").read_text(encoding="utf-8")
    return text.split()[1]


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.lms("db", "upgrade")
        installation.lms("demo", "load")
        installation.start()
        try:
            with chromium() as browser:
                taken = photograph(browser, installation, demo_password(installation))
        finally:
            installation.stop()
    print(f"{taken} pictures in {TARGET}")


if __name__ == "__main__":
    main()
