"""Handing courses out as packages, by command and by page."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from courses.authoring import build_package
from courses.manifest import read
from courses.packaging import open_package
from lms.catalogue.cli import courses
from lms.core.database import Database
from lms.core.runtime import Runtime
from tests.factories.courses import import_package, package

Enter = Callable[[str], FlaskClient]
OURS = "ai-la-gi"


@pytest.fixture(autouse=True)
def offered(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    """A lesson of ours under another short name, and a course made with another tool."""
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, build_package(OURS), slug="ours")
        import_package(session, runtime.files, tmp_path, package(), slug="other")


@pytest.mark.parametrize("standard", ["scorm12", "scorm2004", "cmi5"])
def test_a_lesson_of_ours_is_given_back_in_every_standard(
    runtime: Runtime, tmp_path: Path, standard: str
) -> None:
    output = tmp_path / "out.zip"
    arguments = ["export", "ours", "--format", standard, "--output", str(output)]
    ran = CliRunner().invoke(courses, arguments, obj=runtime)
    assert ran.exit_code == 0, ran.output
    assert read(open_package(output, tmp_path / "opened").root).standard == standard
    assert output.read_bytes() == build_package(OURS, standard)


def test_what_cannot_be_written_is_said(runtime: Runtime, tmp_path: Path) -> None:
    arguments = ["export", "ours", "--format", "cmi5", "--output", str(tmp_path / "none" / "x.zip")]
    ran = CliRunner().invoke(courses, arguments, obj=runtime)
    assert "cannot be written" in str(ran.exception)


def test_authors_download_a_lesson_of_ours_in_every_standard(signed_in: Enter, tmp_path: Path) -> None:
    author = signed_in("administrator")
    page = author.get("/manage/courses/ours").get_data(as_text=True)
    for standard in ("scorm12", "scorm2004", "cmi5"):
        address = f"/manage/courses/ours/download?format={standard}"
        assert address in page
        answer = author.get(address, buffered=True)
        assert f"ours-{standard}.zip" in answer.headers["Content-Disposition"]
        opened = open_package(io.BytesIO(answer.data), tmp_path / standard)
        assert read(opened.root).standard == standard


def test_other_courses_are_given_back_as_they_came(signed_in: Enter) -> None:
    author = signed_in("administrator")
    assert author.get("/manage/courses/other/download", buffered=True).data == package()
    answer = author.get("/manage/courses/other/download?format=cmi5")
    assert answer.status_code == 400
    assert "Only our own lessons" in answer.get_data(as_text=True)
    assert author.get("/manage/courses/other/download?format=aicc").status_code == 404
