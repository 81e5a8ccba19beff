"""`lms courses …`"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from lms.catalogue.cli import courses
from lms.core.runtime import Runtime
from tests.factories.courses import MULTI, PUBLIC_URL, package
from tests.factories.packages import zipped


@pytest.fixture
def zip_file(tmp_path: Path) -> Path:
    path = tmp_path / "course.zip"
    path.write_bytes(package("Học mã QR", lessons=MULTI, keywords=("topic-2", "officer"), minutes=7))
    return path


def run(runtime: Runtime, *arguments: object, code: int = 0) -> str:
    ran = CliRunner().invoke(courses, [str(part) for part in arguments], obj=runtime)
    assert ran.exit_code == code, ran.output
    return ran.output


def run_json(runtime: Runtime, *arguments: object) -> Any:
    return json.loads(run(runtime, *arguments, "--json"))


def test_import_answers_as_the_contract_says(runtime: Runtime, zip_file: Path) -> None:
    answer = run_json(runtime, "import", zip_file, "--slug", "qr")
    iri = f"{PUBLIC_URL}/courses/qr"
    assert {name: answer[name] for name in ("slug", "iri", "standard", "lessons", "warnings")} == {
        "slug": "qr",
        "iri": iri,
        "standard": "scorm12",
        "lessons": [
            {"iri": f"{iri}/lessons/L1", "title": "Bài một"},
            {"iri": f"{iri}/lessons/L2", "title": "Bài hai"},
        ],
        "warnings": [],
    }


def test_list_answers_as_the_contract_says(runtime: Runtime, zip_file: Path) -> None:
    run(runtime, "import", zip_file, "--slug", "qr")
    (answer,) = run_json(runtime, "list")
    assert answer == {
        "slug": "qr",
        "iri": f"{PUBLIC_URL}/courses/qr",
        "title": "Học mã QR",
        "standard": "scorm12",
        "topic": 2,
        "audience": "officer",
        "minutes": 7,
        "lessons": 2,
        "status": "published",
    }
    assert "Học mã QR" in run(runtime, "list")


def test_export_gives_the_package_back_byte_for_byte(
    runtime: Runtime, zip_file: Path, tmp_path: Path
) -> None:
    run(runtime, "import", zip_file, "--slug", "qr")
    output = tmp_path / "out.zip"
    run(runtime, "export", "qr", "--format", "scorm12", "--output", output)
    assert output.read_bytes() == zip_file.read_bytes()


def test_export_to_another_standard_is_refused(runtime: Runtime, zip_file: Path, tmp_path: Path) -> None:
    run(runtime, "import", zip_file, "--slug", "qr")
    ran = CliRunner().invoke(
        courses, ["export", "qr", "--format", "cmi5", "--output", str(tmp_path / "x.zip")], obj=runtime
    )
    assert "Only our own lessons can be turned into cmi5" in str(ran.exception)
    assert not (tmp_path / "x.zip").exists()


def test_export_of_an_unknown_course_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        courses, ["export", "none", "--format", "scorm12", "--output", str(tmp_path / "x.zip")], obj=runtime
    )
    assert "no course “none”" in str(ran.exception)


def test_a_refused_package_changes_nothing(runtime: Runtime, tmp_path: Path) -> None:
    path = tmp_path / "new.zip"
    path.write_bytes(zipped({"imsmanifest.xml": b"<manifest/>", "index.html": b"x"}))
    ran = CliRunner().invoke(courses, ["import", str(path)], obj=runtime)
    assert ran.exit_code != 0
    assert run_json(runtime, "list") == []


def test_our_own_lessons_come_one_for_each_topic_and_only_once(runtime: Runtime) -> None:
    first = run_json(runtime, "library")
    again = run_json(runtime, "library")
    listed = run_json(runtime, "list")
    assert sorted(course["topic"] for course in listed) == [1, 2, 3, 4]
    assert [one["new"] for one in first] == [True] * 4
    assert [one["new"] for one in again] == [False] * 4
    assert [one["slug"] for one in first] == [one["slug"] for one in again]
