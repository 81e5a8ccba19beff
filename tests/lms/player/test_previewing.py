"""An author's look at a version: it plays like any lesson, and leaves no trace."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from courses.packaging import BuildItem
from lms.catalogue.services import Imported
from lms.core.database import Database
from lms.core.runtime import Runtime
from lms.player.holding import forget_previews
from lms.player.models import Attempt, CourseRun
from tests.factories.courses import import_package, package
from tests.factories.scorm2004 import in_order
from tests.lms.conftest import CONTENT
from tests.lms.player.playing import Playing, content_browser, open_page, statements

Enter = Callable[[str], FlaskClient]

LATER = [
    BuildItem(identifier="L1", title="Bài một", href="a.html"),
    BuildItem(identifier="L9", title="Bài chín", href="z.html", mastery_score=50),
]


@pytest.fixture
def look(
    app: Flask, signed_in: Enter, course: Imported, database: Database, runtime: Runtime, tmp_path: Path
) -> Playing:
    """The first lesson of a version that waits, as its author sees it."""
    with database.transaction() as session:
        content = package("Bản sau", lessons=LATER)
        import_package(session, runtime.files, tmp_path, content, slug="qr", publish_it=False)
    answer = signed_in("administrator").post("/manage/courses/qr/versions/2/preview/L1")
    assert answer.status_code == 303
    return open_page(content_browser(app), answer.headers["Location"].removeprefix(CONTENT))


def attempts(database: Database) -> list[tuple[bool, bool, int]]:
    with database.snapshot() as session:
        found = session.scalars(select(Attempt)).unique()
        return sorted((one.preview, one.completion, len(one.sessions)) for one in found)


def test_the_package_is_told_that_it_is_only_looked_at(look: Playing) -> None:
    core = look.state()["core"]
    assert (core["lesson_mode"], core["credit"], core["entry"]) == ("browse", "no-credit", "ab-initio")
    assert look.content().status_code == 200


def test_what_it_reports_is_answered_and_forgotten(look: Playing, database: Database) -> None:
    assert look.commit(lesson_status="completed", score={"raw": "90"}).status_code == 200
    assert look.commit(end="finish", lesson_status="passed").status_code == 200
    assert attempts(database) == [(True, False, 1)]
    with database.snapshot() as session:
        assert statements(session) == []


def test_next_leads_through_the_version_that_is_looked_at(
    look: Playing, app: Flask, database: Database
) -> None:
    page = look.client.get(look.address, base_url=CONTENT, follow_redirects=True).get_data(as_text=True)
    assert "This is a preview. Nothing is recorded." in page
    assert "Next lesson: Bài chín" in page
    go = look.config["commit"].replace("/commit", "/go")
    answer = look.client.post(go, base_url=CONTENT, data={"lesson": "L9"})
    there = open_page(content_browser(app), urlsplit(answer.headers["Location"]).path)
    assert there.config["content"].endswith("z.html")
    assert {preview for preview, *_ in attempts(database)} == {True}


def test_leaving_leads_back_to_the_version(look: Playing) -> None:
    assert urlsplit(look.config["result"]).path == "/manage/courses/qr/versions/2"


def test_what_is_left_of_looks_is_removed_and_nothing_else(
    look: Playing, launch: Callable[..., Playing], officer: FlaskClient, database: Database
) -> None:
    launch(officer)
    with database.transaction() as session:
        assert forget_previews(session) == 0
        assert forget_previews(session, life=timedelta(seconds=-1)) == 1
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_course_in_order_is_looked_at_in_order_from_its_beginning_each_time(
    app: Flask, signed_in: Enter, database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, in_order(), slug="lan-luot", publish_it=False)

    def look() -> Playing:
        answer = signed_in("administrator").post("/manage/courses/lan-luot/versions/1/preview/A")
        return open_page(content_browser(app), answer.headers["Location"].removeprefix(CONTENT))

    def way(page: Playing) -> tuple[str, str]:
        told = page.client.get(page.config["state"], base_url=CONTENT).get_json()["course"]
        return told["activity"], told["state"]

    page = look()
    done = {"completion_status": "completed"}
    assert (
        page.send(seq=1, end="finish", cmi=done, course={"state": "{1}", "current": "B"}).status_code == 200
    )
    move = page.config["commit"].replace("/commit", "/move")
    answer = page.client.post(move, base_url=CONTENT, json={"lesson": "B", "course": {"state": "{2}"}})
    there = open_page(content_browser(app), urlsplit(answer.get_json()["address"]).path)
    assert way(there) == ("B", "{2}")
    assert way(look()) == ("A", "")
    assert {preview for preview, *_ in attempts(database)} == {True}
    with database.transaction() as session:
        assert forget_previews(session, life=timedelta(seconds=-1)) == 3
        assert session.scalar(select(func.count()).select_from(CourseRun)) == 0
