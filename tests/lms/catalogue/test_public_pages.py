"""The addresses that the record uses: a page for people, a definition for programs."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lms.catalogue.queries import the_course
from lms.catalogue.services import unpublish
from lms.core.database import Database
from lms.core.runtime import Runtime
from tests.factories.courses import MULTI, import_package, package


@pytest.fixture(autouse=True)
def course(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, package(lessons=MULTI), slug="qr")


def test_a_course_has_a_page_with_its_lessons_and_one_button(visitor: FlaskClient) -> None:
    page = visitor.get("/courses/qr").get_data(as_text=True)
    assert page.count('action="/learn/') == 1
    assert 'action="/learn/qr/L1"' in page
    assert "Start learning" in page
    assert "Bài hai" in page


def test_a_program_gets_the_definition_of_course_and_lesson(visitor: FlaskClient) -> None:
    course = visitor.get("/courses/qr", headers={"Accept": "application/json"}).get_json()
    assert course["type"] == "http://adlnet.gov/expapi/activities/course"
    assert course["name"] == {"vi": "Học mã QR"}
    lesson = visitor.get("/courses/qr/lessons/L2", headers={"Accept": "application/json"}).get_json()
    assert lesson["name"] == {"vi": "Bài hai"}


def test_a_lesson_has_a_page(visitor: FlaskClient) -> None:
    page = visitor.get("/courses/qr/lessons/L2").get_data(as_text=True)
    assert 'action="/learn/qr/L2"' in page


@pytest.mark.parametrize("path", ["/courses/none", "/courses/qr/lessons/L9", "/courses/none/lessons/L1"])
def test_what_is_not_there_is_said_plainly(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_an_empty_list_says_so(visitor: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        unpublish(session, the_course(session, "qr"), actor=None)
    assert "No lessons yet" in visitor.get("/lessons").get_data(as_text=True)
