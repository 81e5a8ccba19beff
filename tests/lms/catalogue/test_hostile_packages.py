"""Hostile and broken packages, by page and by command: a sentence, and nothing left behind."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from courses.packaging import Claimed
from lms.catalogue import packages, tasks
from lms.catalogue.cli import courses
from lms.core.database import Database
from lms.core.jobs import services as jobs
from lms.core.jobs.models import Job
from lms.core.runtime import Runtime
from tests.factories.courses import import_package, package
from tests.factories.packages import (
    ONE_RESOURCE,
    RawEntry,
    cmi5_structure,
    manifest12,
    raw_zip,
    zipped,
)

Enter = Callable[[str], FlaskClient]

DOCTYPE = b'<!DOCTYPE manifest [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + manifest12().encode()
SCRIPT = manifest12(resources=ONE_RESOURCE.replace("index.html", "javascript:alert(1)")).encode()
ELSEWHERE = cmi5_structure(
    '<au id="https://a.example/1"><title><langstring lang="vi">Một</langstring></title>'
    "<url>javascript:alert(1)</url></au>"
).encode()
HOSTILE = {
    "traversal": zipped({"../evil.html": b"x", "imsmanifest.xml": manifest12().encode()}),
    "absolute": raw_zip(RawEntry(b"/etc/evil"), RawEntry(b"imsmanifest.xml", manifest12().encode())),
    "drive": raw_zip(RawEntry(b"C:\\evil"), RawEntry(b"imsmanifest.xml", manifest12().encode())),
    "symlink": raw_zip(RawEntry(b"link", b"/etc/passwd", mode=0o120777)),
    "twice": raw_zip(RawEntry(b"a.html"), RawEntry(b"A.html")),
    "encrypted": raw_zip(RawEntry(b"a.html", flags=1)),
    "bomb": zipped({"a.html": bytes(200 * 1024 * 1024)}),
    "truncated": package()[:-40],
    "doctype": zipped({"imsmanifest.xml": DOCTYPE, "index.html": b"x"}),
    "script": zipped({"imsmanifest.xml": SCRIPT, "index.html": b"x"}),
    "script-cmi5": zipped({"cmi5.xml": ELSEWHERE}),
    "no-manifest": zipped({"index.html": b"x"}),
    "start-page-missing": zipped({"imsmanifest.xml": manifest12().encode()}),
    "no-zip": b"PK nothing of the kind",
    "empty": b"",
}
each = pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)


def on_disk(runtime: Runtime) -> set[str]:
    """Every file and folder of the installation, but the database's own."""
    data = runtime.files.root.parent
    return {str(path.relative_to(data)) for path in data.rglob("*") if "sqlite" not in path.name}


def send(
    client: FlaskClient, runtime: Runtime, content: bytes, name: str = "course.zip", course: str = ""
) -> Job:
    data = {"file": (io.BytesIO(content), name), "course": course}
    answer = client.post("/manage/courses/upload", data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    job_id = answer.headers["Location"].rsplit("/", 1)[1]
    jobs.run(runtime, job_id)
    with runtime.database.snapshot() as session:
        return session.get_one(Job, job_id)


@each
def test_by_page(signed_in: Enter, runtime: Runtime, content: bytes) -> None:
    author = signed_in("administrator")
    before = on_disk(runtime)
    data = {"file": (io.BytesIO(content), "course.zip"), "course": ""}
    answer = author.post("/manage/courses/upload", data=data)
    assert answer.status_code == 400
    assert 'class="govuk-error-message"' in answer.get_data(as_text=True)
    assert on_disk(runtime) == before


@pytest.mark.parametrize(("what", "at_once"), [("script", Claimed(0, 1000)), ("doctype", Claimed(2**24, 0))])
def test_by_page_when_it_is_too_large_to_be_read_at_once(
    signed_in: Enter, runtime: Runtime, what: str, at_once: Claimed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_AT_ONCE", at_once)
    author = signed_in("administrator")
    before = on_disk(runtime)
    job = send(author, runtime, HOSTILE[what])
    assert job.state == "failed"
    assert job.message is not None
    assert "our side" not in job.message
    assert on_disk(runtime) == before


@each
def test_by_command(runtime: Runtime, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sent.zip"
    file.write_bytes(content)
    before = on_disk(runtime)
    ran = CliRunner().invoke(courses, ["import", str(file)], obj=runtime)
    assert getattr(ran.exception, "message", "")
    assert on_disk(runtime) == before


def test_a_package_for_an_archived_course_leaves_nothing(
    database: Database, runtime: Runtime, tmp_path: Path, signed_in: Enter
) -> None:
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, slug="qr")
    author = signed_in("administrator")
    author.post("/manage/courses/qr/archive")
    before = on_disk(runtime)
    file = tmp_path / "new.zip"
    file.write_bytes(package("Khác"))
    ran = CliRunner().invoke(courses, ["import", str(file), "--slug", "qr"], obj=runtime)
    assert "is archived" in str(ran.exception)
    assert on_disk(runtime) == before


def test_a_course_structure_of_cmi5_may_come_alone(signed_in: Enter, runtime: Runtime) -> None:
    unit = '<au id="https://a.example/1"><title><langstring lang="vi">Một</langstring></title>'
    content = cmi5_structure(f"{unit}<url>https://units.example/1</url></au>").encode()
    author = signed_in("administrator")
    job = send(author, runtime, content, "cmi5.xml")
    assert job.result is not None, job.message
    assert "https://units.example/1" in author.get(job.result["url"]).get_data(as_text=True)
    assert not list(runtime.files.temporary.iterdir())
    sent = author.get(f"/manage/courses/{job.result['slug']}/download", buffered=True)
    assert sent.data == content
    assert ".xml" in sent.headers["Content-Disposition"]


def test_a_large_package_tells_how_far_it_is(
    signed_in: Enter, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_PAUSE", 0.0)
    seen: list[int] = []
    step = jobs.Work.step

    def noted(work: jobs.Work, done: int, total: int | None = None) -> object:
        seen.append(done)
        return step(work, done, total)

    monkeypatch.setattr(jobs.Work, "step", noted)
    job = send(signed_in("administrator"), runtime, package(files={"film.mp4": bytes(20 << 20)}))
    assert (job.state, job.done, job.total) == ("done", 100, 100)
    assert seen == sorted(seen)
    assert len(seen) > 10


def test_an_upload_that_was_swept_away_meanwhile_is_asked_for_again(
    signed_in: Enter, runtime: Runtime
) -> None:
    author = signed_in("administrator")
    data = {"file": (io.BytesIO(package()), "course.zip"), "course": ""}
    job_id = author.post("/manage/courses/upload", data=data).headers["Location"].rsplit("/", 1)[1]
    for left in runtime.files.temporary.iterdir():
        left.unlink()
    jobs.run(runtime, job_id)
    with runtime.database.snapshot() as session:
        assert "Please send it again" in (session.get_one(Job, job_id).message or "")
