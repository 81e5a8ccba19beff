"""`make screens`: a picture of every page of the demo city, 360 and 1280 px wide, in var/screens/."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browsers import chromium
from tests.functional.browsing import DESK, PHONE, new_context, sign_in
from tests.functional.pages import PAGES
from tests.functional.screens_learning import photograph_learning
from tests.functional.serving import Installation

TARGET = Path("var/screens")


def take(page: Page, name: str) -> None:
    assert page.viewport_size is not None
    page.screenshot(path=TARGET / f"{name}-{page.viewport_size['width']}.png", full_page=True)


def photograph(browser: Browser, installation: Installation, password: str) -> None:
    for size in (PHONE, DESK):
        for person in dict.fromkeys(page.person for page in PAGES):
            context = new_context(browser, size)
            page = context.new_page()
            if person:
                sign_in(page, installation.address, person, password)
            for seen in PAGES:
                if seen.person == person:
                    page.goto(installation.address + seen.path)
                    take(page, seen.name)
            context.close()


def demo_password(installation: Installation) -> str:
    text = (installation.data / "demo-sign-ins.txt").read_text(encoding="utf-8")
    return text.split()[1]


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.lms("db", "upgrade")
        installation.lms("demo", "load")
        installation.start()
        try:
            with chromium() as browser:
                password = demo_password(installation)
                photograph(browser, installation, password)
                photograph_learning(browser, installation, password, take)
        finally:
            installation.stop()
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET}")


if __name__ == "__main__":
    main()
