"""Real Chromium, driven by Playwright: this machine's own."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
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


_PATIENCE = 15  # seconds for the browser to close


class NoBrowser(Exception):
    """Chromium is not installed."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; raises NoBrowser where there is none."""
    ending = Timer(_PATIENCE, _end_driver)
    ending.daemon = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(playwright), args=_arguments())
        yield browser
        ending.start()
        browser.close()
    ending.cancel()


def _end_driver() -> None:
    """Playwright's driver may wait for ever for a browser that was killed; nothing more is asked of it."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            is_driver = b"playwright/driver" in (status.parent / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent == os.getpid() and is_driver:
            os.kill(int(status.parent.name), signal.SIGTERM)


def persistent(browser: Browser, profile: Path, **options: Any) -> BrowserContext:
    """A browser of its own, whose profile lies in a folder and outlives it."""
    return browser.browser_type.launch_persistent_context(
        profile, executable_path=_found(), args=_arguments(), **options
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
