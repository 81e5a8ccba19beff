"""Real Chromium, driven by Playwright: this machine's own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright, sync_playwright

# The shell is the same engine without the browser's own pages around it, which cost more than ours.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoBrowser(Exception):
    """Chromium is not installed."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; raises NoBrowser where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(playwright), args=_arguments())
        yield browser
        browser.close()


def persistent(browser: Browser, profile: Path, *flags: str, **options: Any) -> BrowserContext:
    """A browser of its own, started with the flags, whose profile lies in a folder and outlives it."""
    return browser.browser_type.launch_persistent_context(
        profile, executable_path=_found(), args=[*_arguments(), *flags], **options
    )


def _program(playwright: Playwright) -> str:
    return _found(playwright.chromium.executable_path)  # where Playwright itself would have put one


def _found(own: str = "") -> str:
    program = next(filter(None, map(shutil.which, (*PROGRAMS, own))), None)
    if program is None:
        raise NoBrowser("Chromium is not installed; as root: apt-get install chromium")
    return program


def _arguments() -> list[str]:
    return [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
