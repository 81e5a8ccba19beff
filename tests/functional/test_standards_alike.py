"""One lesson built for each standard: the same answers come to the same completion, score and time here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page
from sqlalchemy import select

from courses.authoring import build_package, read_lesson
from lms.catalogue.models import CourseVersion, Lesson
from lms.core.database import Database
from lms.player.models import Attempt
from tests.courses.authoring.sample import write_lesson
from tests.functional.browsing import PHONE, new_context
from tests.functional.serving import Installation

pytestmark = pytest.mark.browser

STANDARDS = ("scorm12", "scorm2004", "cmi5")
PRACTICE = {"one": "b", "many": "ac", "spot": "a", "phone": "a", "order": "abc"}
CHECK = {"q1": "a", "q2": "t", "q3": "a"}  # two of three, which is enough
PLAYING = "document.documentElement.classList.contains('playing')"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "data")
    installation.data.mkdir()
    installation.lms("db", "upgrade")
    lesson = read_lesson(write_lesson(tmp_path))
    for standard in STANDARDS:
        file = tmp_path / f"{standard}.zip"
        file.write_bytes(build_package(lesson, standard))
        installation.lms("courses", "import", str(file), "--slug", standard)
    installation.start()
    yield installation
    assert installation.stop() == 0


def lesson_in(page: Page) -> Frame:
    """The frame of the lesson, or its page where it fills the window."""
    while True:
        for frame in page.frames:
            if "index.html" in frame.url and frame.evaluate(PLAYING):
                return frame
        page.wait_for_timeout(50)


def take(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("form[action^='/learn/'] button").first.click()
    page.wait_for_url(lambda found: "/play/" in found or "/content/" in found)
    screen = lesson_in(page)
    while screen.inner_text("#next") != "Xem lại bài":
        if screen.inner_text("#next") == "Trả lời":
            step = screen.get_attribute(".step:not([hidden])", "data-step")
            for value in (PRACTICE | CHECK)[step or ""]:
                screen.click(
                    f".step:not([hidden]) [data-value={value}] label, button[data-value={value}]:visible"
                )
            screen.click("#next")
        screen.click("#next")
    own_button = screen.locator("#leave")
    (own_button if own_button.is_visible() else page.locator("#leave")).click()
    page.wait_for_url("**/result")


def test_the_same_answers_come_to_the_same_in_every_standard(browser: Browser, site: Installation) -> None:
    page = new_context(browser, PHONE).new_page()
    for standard in STANDARDS:
        take(page, f"{site.address}/courses/{standard}")
        assert "Đã hoàn thành" in page.inner_text("main")
    database = Database(f"sqlite:///{site.data / 'lms.sqlite3'}")
    with database.snapshot() as session:
        wanted = select(CourseVersion.standard, Attempt).join(Lesson, Lesson.version_id == CourseVersion.id)
        rows = session.execute(wanted.join(Attempt, Attempt.lesson_id == Lesson.id)).unique().all()
        found = dict(rows)
        outcomes = {
            standard: (attempt.completion, attempt.success, attempt.score_raw, attempt.score_scaled)
            for standard, attempt in found.items()
        }
        seconds = [attempt.seconds for attempt in found.values()]
    database.close()
    assert outcomes == dict.fromkeys(STANDARDS, (True, True, 67.0, 0.67))
    assert min(seconds) > 0
    assert max(seconds) - min(seconds) < 30  # a busy machine plays one slower than the other
