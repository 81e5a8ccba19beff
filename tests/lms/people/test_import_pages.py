"""Sending a roster, seeing what it would do, letting it in, mending what was bad."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core.database import Database
from lms.core.jobs import services as jobs
from lms.core.jobs.models import Job
from lms.core.runtime import Runtime
from lms.people import uploads
from lms.people.models import Person
from lms.people.reading import open_roster
from tests.factories.people import an_officer, roster_csv, sheet_xlsx
from tests.lms.conftest import Cast

SignedIn = Callable[[str], FlaskClient]
pytestmark = pytest.mark.usefixtures("cast")


def send(client: FlaskClient, file: Path, unit: str = "") -> str:
    """Send the file; the address of the job that looks at it."""
    with file.open("rb") as content:
        answer = client.post(
            f"/people/imports/?unit={unit}" if unit else "/people/imports/",
            data={"file": (io.BytesIO(content.read()), file.name)},
        )
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def finish(runtime: Runtime, address: str) -> Job:
    job_id = address.rsplit("/", 1)[1]
    jobs.run(runtime, job_id)
    with runtime.database.snapshot() as session:
        return session.get_one(Job, job_id)


def people_count(database: Database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Two good rows, one bad one, one of a unit out of the manager's reach."""
    rows = [
        ("Mã", "Họ và tên", "Mã đơn vị", "Đối tượng", "Điện thoại", "Quê quán"),
        ("CB1", "Trần Thị Ánh", 10549, "Cán bộ", 912345678, "Hải Dương"),
        ("CD1", "Đỗ Thành Đạt", "10549-01", "Người dân", "", ""),
        ("CB3", "Lê Thị Cúc", 10549, "Cán bộ", "12", ""),
        ("CB4", "Ngô Văn Em", 10660, "Cán bộ", "", ""),
    ]
    return sheet_xlsx(tmp_path / "Danh sách.xlsx", rows)


def test_a_file_is_shown_before_it_changes_anything(
    signed_in: SignedIn, runtime: Runtime, database: Database, roster: Path
) -> None:
    client = signed_in("manager")
    job = finish(runtime, send(client, roster))
    assert (job.state, job.done, job.total) == ("done", 4, 4)
    assert job.result is not None
    page = client.get(job.result["url"]).text
    for words in (
        "Check before importing",
        "Trần Thị Ánh",
        "Import 2 good rows",
        "“12” is not a telephone number",
        "Your roles do not reach the unit “Phường Ái Quốc”.",
        "Quê quán",
    ):
        assert words in page
    assert people_count(database) == 0


def test_the_good_rows_go_in_and_the_bad_ones_come_back_as_a_file(
    signed_in: SignedIn, runtime: Runtime, database: Database, roster: Path, tmp_path: Path
) -> None:
    client = signed_in("manager")
    checked = finish(runtime, send(client, roster))
    assert checked.result is not None
    address = checked.result["url"]
    confirmed = client.post(address)
    done = finish(runtime, confirmed.headers["Location"])
    assert done.state == "done"
    page = client.get(address).text
    assert "What was imported" in page
    assert people_count(database) == 2
    answer = client.get(f"{address}/bad-rows")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="danh-sach-errors.xlsx"'
    (tmp_path / "bad.xlsx").write_bytes(answer.data)
    bad = open_roster(tmp_path / "bad.xlsx")
    assert [row.cells[0] for row in bad.rows()] == ["CB3", "CB4"]
    assert bad.heading.titles[-1] == "Lỗi"


def test_an_import_that_was_done_is_not_done_again(
    signed_in: SignedIn, runtime: Runtime, roster: Path
) -> None:
    client = signed_in("manager")
    checked = finish(runtime, send(client, roster))
    assert checked.result is not None
    finish(runtime, client.post(checked.result["url"]).headers["Location"])
    assert client.post(checked.result["url"]).status_code == 200


def test_a_job_that_runs_twice_changes_nothing_more(
    signed_in: SignedIn, runtime: Runtime, database: Database, tmp_path: Path
) -> None:
    client = signed_in("manager")
    checked = finish(runtime, send(client, roster_csv(tmp_path / "a.csv", [an_officer(1), an_officer(2)])))
    assert checked.result is not None
    job = finish(runtime, client.post(checked.result["url"]).headers["Location"])
    with database.transaction() as session:
        session.get_one(Job, job.id).state = "queued"
    jobs.run(runtime, job.id)
    assert people_count(database) == 2


def test_nobody_takes_people_out_of_a_unit_of_others(
    signed_in: SignedIn, runtime: Runtime, tmp_path: Path, crowd
) -> None:
    file = roster_csv(tmp_path / "steal.csv", [an_officer(code="CB9", name="Lê Thị Cúc")])
    client = signed_in("manager")
    job = finish(runtime, send(client, file))
    assert job.result is not None
    page = client.get(job.result["url"]).text
    assert "is counted in a unit that your roles do not reach" in page
    assert "There is nothing to import" in page


def test_a_withdrawn_role_lets_nothing_in(
    signed_in: SignedIn, runtime: Runtime, database: Database, cast: Cast, roster: Path
) -> None:
    client = signed_in("manager")
    checked = finish(runtime, send(client, roster))
    assert checked.result is not None
    address = client.post(checked.result["url"]).headers["Location"]
    with database.transaction() as session:
        session.merge(cast.manager).grants.clear()
    finish(runtime, address)
    assert people_count(database) == 0


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"hello", "No row of headings was found."),
        ("a.csv", "Mã,Họ và tên\n".encode(), "These columns are missing"),
        ("a.xlsx", b"PK\x03\x04", "The file cannot be opened"),
        ("a.csv", "Mã\n".encode("utf-16"), "not UTF-8 text"),
    ],
)
def test_what_is_no_roster_is_refused_at_once(signed_in: SignedIn, name, content, told) -> None:
    client = signed_in("manager")
    answer = client.post("/people/imports/", data={"file": (io.BytesIO(content), name)})
    assert answer.status_code == 400
    assert told in answer.text


def test_sending_nothing_is_told_beside_the_field(signed_in: SignedIn) -> None:
    assert "Choose a file first." in signed_in("manager").post("/people/imports/", data={}).text


@pytest.mark.parametrize("who", ["outsider", "administrator"])
def test_an_upload_is_for_whoever_sent_it(signed_in: SignedIn, runtime: Runtime, roster: Path, who) -> None:
    checked = finish(runtime, send(signed_in("manager"), roster))
    assert checked.result is not None
    other = signed_in(who)
    assert other.get(checked.result["url"]).status_code == 404
    assert other.get(f"{checked.result['url']}/bad-rows").status_code == 404
    assert other.post(checked.result["url"]).status_code == 404


@pytest.mark.parametrize("token", ["0" * 32, "..", "x"])
def test_an_upload_that_is_not_there_is_not_found(signed_in: SignedIn, token) -> None:
    assert signed_in("manager").get(f"/people/imports/{token}").status_code == 404


@pytest.mark.parametrize("who", ["reporter", "learner"])
def test_others_may_not_import(signed_in: SignedIn, who) -> None:
    client = signed_in(who)
    assert client.get("/people/imports/").status_code == 403
    assert client.get("/people/imports/template.xlsx").status_code == 403
    assert client.post("/people/imports/", data={}).status_code == 403


def test_a_manager_may_not_import_on_behalf_of_another_unit(signed_in: SignedIn) -> None:
    assert signed_in("manager").get("/people/imports/?unit=10660").status_code == 403


def test_the_template_can_be_filled_in_and_sent(
    signed_in: SignedIn, runtime: Runtime, database: Database, tmp_path: Path
) -> None:
    client = signed_in("manager")
    (tmp_path / "template.xlsx").write_bytes(client.get("/people/imports/template.xlsx").data)
    job = finish(runtime, send(client, tmp_path / "template.xlsx"))
    assert job.result is not None
    finish(runtime, client.post(job.result["url"]).headers["Location"])
    assert people_count(database) == 1


def test_files_are_forgotten_after_a_week(
    signed_in: SignedIn, runtime: Runtime, roster: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("manager")
    first = finish(runtime, send(client, roster))
    monkeypatch.setattr(uploads, "LIFE", -1)
    send(client, roster)
    assert first.result is not None
    assert client.get(first.result["url"]).status_code == 404
