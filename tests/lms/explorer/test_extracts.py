"""Files of what was found: exactly as recorded, or as a table."""

from collections.abc import Callable

import orjson
import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.core.audit import AuditEntry
from lms.core.database import Database
from lms.core.jobs.models import Job
from lms.core.jobs.services import run
from lms.core.runtime import Runtime
from lms.explorer import exporting, manage
from lms.explorer.extracts import forget_old
from tests.lms.explorer.conftest import Record, complete
from tracking.record.models import Statement

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def browser(signed_in: Enter) -> FlaskClient:
    return signed_in("administrator")


@pytest.fixture
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manage, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "BATCH", 2)


def fetched(browser: FlaskClient, place: str, status: int = 200) -> TestResponse:
    """The file, read to its end and closed."""
    answer = browser.get(place)
    assert answer.status_code == status
    answer.get_data()
    answer.close()
    return answer


def made(browser: FlaskClient, **data: str) -> TestResponse:
    return fetched(browser, browser.post("/record/extracts", data=data).location)


def kept(database: Database) -> list[bytes]:
    with database.snapshot() as session:
        return [bytes(raw) for raw in session.scalars(select(Statement.raw).order_by(Statement.seq))]


def test_json_lines_are_the_statements_as_they_are_kept_oldest_first(browser, record: Record, database):
    answer = made(browser, kind="jsonl")
    assert answer.mimetype == "application/jsonl"
    assert answer.headers["Content-Disposition"] == "attachment; filename=statements-5.jsonl"
    assert answer.data.splitlines() == kept(database)
    with database.snapshot() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "record:statements:extract")).one()
    assert entry.actor is not None
    assert entry.detail == {"kind": "jsonl", "statements": 5, "fields": []}


def test_a_table_has_what_was_looked_for_in_words(browser, record: Record, tmp_path):
    answer = made(browser, kind="xlsx", person="CVA-001")
    (tmp_path / "file.xlsx").write_bytes(answer.data)
    heading, *rows = CalamineWorkbook.from_path(tmp_path / "file.xlsx").get_sheet_by_index(0).to_python()
    assert [row[heading.index("In what")] for row in rows] == ["Quét mã QR an toàn 1", "Quét mã QR an toàn 2"]
    first = dict(zip(heading, rows[0], strict=True))
    assert f"{first['When']:%d/%m/%Y %H:%M}" == "20/11/2026 09:30"
    assert (first["Code"], first["Person"], first["Score"]) == ("CVA-001", "Nguyễn Văn An", "95%")
    assert first["Number of the statement"] == str(record.completed)
    assert first["Told by"] == "Lớp học số"


@pytest.mark.parametrize("kind", ["jsonl", "xlsx"])
def test_much_is_written_by_a_job_with_progress(
    browser, record: Record, runtime: Runtime, few_at_a_time, kind
):
    answer = browser.post("/record/extracts", data={"kind": kind, "person": "CVA-001", "unmatched": ""})
    assert answer.location.startswith("/record/extracts/")
    answer = browser.post("/record/extracts", data={"kind": kind})
    assert answer.location.startswith("/jobs/")
    job_id = answer.location.rsplit("/", 1)[1]
    run(runtime, job_id)
    with runtime.database.snapshot() as session:
        job = session.get_one(Job, job_id)
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "record:statements:extract")
        ).all()
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert [entry.detail["statements"] for entry in entries] == [2, 5]
    assert job.result
    page = browser.get(answer.location).text
    assert "A file of statements" in page
    file = fetched(browser, job.result["url"])
    if kind == "jsonl":
        assert file.data.splitlines() == kept(runtime.database)


def test_what_is_larger_than_a_sheet_says_so_at_its_end(browser, record: Record, monkeypatch, tmp_path):
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    answer = made(browser, kind="xlsx")
    (tmp_path / "file.xlsx").write_bytes(answer.data)
    rows = CalamineWorkbook.from_path(tmp_path / "file.xlsx").get_sheet_by_index(0).to_python()
    assert len(rows) == 5
    assert rows[-1][0].startswith("A sheet can hold no more than these 3 statements")


def test_only_who_made_a_file_may_fetch_it_and_only_for_a_day(
    browser, signed_in: Enter, record: Record, runtime: Runtime
):
    place = browser.post("/record/extracts", data={"kind": "jsonl"}).location
    fetched(browser, place)
    assert signed_in("manager").get(place).status_code == 403
    assert browser.get("/record/extracts/" + "0" * 32).status_code == 404
    assert browser.get("/record/extracts/..").status_code == 404
    assert forget_old(runtime.settings) == 0
    assert forget_old(runtime.settings, life=-60) == 1
    assert browser.get(place).status_code == 404


def test_what_is_not_understood_makes_no_file(browser, record: Record):
    for data in (
        {"kind": "pdf"},
        {},
        {"kind": "jsonl", "since": "soon"},
        {"kind": "jsonl", "person": "Nguyễn"},
    ):
        assert browser.post("/record/extracts", data=data).status_code == 404


def test_line_breaks_between_words_do_not_break_lines():
    assert exporting._line(orjson.dumps({"a": "b\nc"}, option=orjson.OPT_INDENT_2)).count(b"\n") == 1


def test_a_job_whose_person_is_gone_says_so(
    browser, record: Record, runtime: Runtime, few_at_a_time, database
):
    answer = browser.post("/record/extracts", data={"kind": "jsonl", "activity": "qr"})
    job_id = answer.location.rsplit("/", 1)[1]
    with database.transaction() as session:
        job = session.get_one(Job, job_id)
        job.arguments = {**job.arguments, "asked": {"person": "nobody at all"}}
        complete(session, record, record.course.iri)
    run(runtime, job_id)
    with database.snapshot() as session:
        failed = session.get_one(Job, job_id)
    assert failed.state == "failed"
    assert failed.message == "What was looked for is not there any more. Search again."
