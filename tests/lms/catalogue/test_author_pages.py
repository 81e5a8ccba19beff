"""The authors' pages."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.catalogue.models import Course
from lms.core.database import Database
from lms.core.jobs import services as jobs
from lms.core.jobs.models import Job
from lms.core.runtime import Runtime
from tests.factories.courses import MULTI, import_package, package
from tests.factories.packages import zipped

Enter = Callable[[str], FlaskClient]


def upload(client: FlaskClient, runtime: Runtime, content: bytes, course: str = "") -> Job:
    answer = client.post(
        "/manage/courses/upload", data={"file": (io.BytesIO(content), "course.zip"), "course": course}
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    job_id = answer.headers["Location"].rsplit("/", 1)[1]
    jobs.run(runtime, job_id)
    with runtime.database.snapshot() as session:
        return session.get_one(Job, job_id)


def test_an_upload_becomes_a_draft_with_a_report(signed_in: Enter, runtime: Runtime) -> None:
    author = signed_in("administrator")
    job = upload(author, runtime, package(lessons=MULTI))
    assert job.result is not None, job.message
    assert job.result["url"] == "/manage/courses/hoc-ma-qr"
    page = author.get(job.result["url"]).get_data(as_text=True)
    assert "Draft" in page
    assert "Bài hai" in page
    assert "Học mã QR" in author.get("/manage/courses/").get_data(as_text=True)
    assert author.get("/courses/hoc-ma-qr").status_code == 200


def test_a_draft_is_hidden_from_everybody_else_until_it_is_published(
    signed_in: Enter, visitor: FlaskClient, runtime: Runtime
) -> None:
    author = signed_in("administrator")
    upload(author, runtime, package())
    assert visitor.get("/courses/hoc-ma-qr").status_code == 404
    assert visitor.post("/learn/hoc-ma-qr/L1").status_code == 404
    author.post("/manage/courses/hoc-ma-qr/publish")
    assert visitor.get("/courses/hoc-ma-qr").status_code == 200
    assert "Học mã QR" in visitor.get("/lessons").get_data(as_text=True)
    author.post("/manage/courses/hoc-ma-qr/unpublish")
    assert visitor.get("/courses/hoc-ma-qr").status_code == 404
    assert "Học mã QR" not in visitor.get("/lessons").get_data(as_text=True)


def test_a_refused_upload_says_why(signed_in: Enter, runtime: Runtime) -> None:
    before = on_disk(runtime)
    data = {"file": (io.BytesIO(zipped({"imsmanifest.xml": b"<manifest/>"})), "course.zip"), "course": ""}
    answer = signed_in("administrator").post("/manage/courses/upload", data=data)
    assert (answer.status_code, "not SCORM" in answer.get_data(as_text=True)) == (400, True)
    assert on_disk(runtime) == before


def test_an_upload_can_be_a_new_version(signed_in: Enter, runtime: Runtime) -> None:
    author = signed_in("administrator")
    upload(author, runtime, package())
    upload(author, runtime, package("Tên mới", lessons=MULTI), course="hoc-ma-qr")
    with runtime.database.snapshot() as session:
        course = session.scalars(select(Course)).one()
        assert (course.title, course.version_number) == ("Tên mới", 2)


def on_disk(runtime: Runtime) -> list[str]:
    """Every file and folder of the installation, but the database's own."""
    data = runtime.files.root.parent
    names = [str(path.relative_to(data)) for path in data.rglob("*")]
    return sorted(name for name in names if ".db" not in name and ".sqlite" not in name)


def test_something_that_is_no_zip_is_refused_beside_the_field(signed_in: Enter) -> None:
    data = {"file": (io.BytesIO(b"x"), "course.docx"), "course": ""}
    answer = signed_in("administrator").post("/manage/courses/upload", data=data)
    assert answer.status_code == 200
    assert "Choose a .zip file, or a cmi5.xml." in answer.get_data(as_text=True)


def test_what_learners_are_told_can_be_changed(
    signed_in: Enter, runtime: Runtime, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, slug="qr")
    author = signed_in("administrator")
    data = {"title": "Tên khác", "topic": "3", "audience": "officer", "minutes": "9", "demands_passing": "y"}
    assert author.post("/manage/courses/qr", data=data).status_code == 302
    with database.snapshot() as session:
        course = session.scalars(select(Course)).one()
        told = (course.title, course.topic, course.audience, course.minutes, course.demands_passing)
    assert told == ("Tên khác", 3, "officer", 9, True)


def test_minutes_that_are_no_number_are_refused(
    signed_in: Enter, runtime: Runtime, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, slug="qr")
    data = {"title": "Tên", "topic": "", "audience": "", "minutes": "0"}
    page = signed_in("administrator").post("/manage/courses/qr", data=data).get_data(as_text=True)
    assert "Give the minutes as a number from 1 to 600." in page


@pytest.mark.parametrize("name", ["manager", "reporter", "learner", "outsider"])
@pytest.mark.parametrize("page", ["/manage/courses/", "/manage/courses/upload"])
def test_only_authors_come_in(signed_in: Enter, name: str, page: str) -> None:
    assert signed_in(name).get(page).status_code == 403


def test_a_visitor_is_asked_to_sign_in(visitor: FlaskClient) -> None:
    assert "/sign-in" in visitor.get("/manage/courses/").headers["Location"]
