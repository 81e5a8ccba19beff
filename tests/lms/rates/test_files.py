"""Tables as files."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from lms.core.clock import today
from lms.core.database import Database
from lms.rates.exports import as_csv, as_xlsx
from lms.rates.tables import Column, Holds, Table
from tests.factories.learning import make_person
from tests.lms.conftest import Cast
from tests.lms.rates.conftest import Scene

Enter = Callable[[str], FlaskClient]
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=HYPERLINK(1)", "'=1"]


def _table(*names: str) -> Table:
    columns = [
        Column("Name"),
        Column("Number", Holds.NUMBER),
        Column("Percent", Holds.PERCENT),
        Column("At", Holds.MOMENT),
    ]
    moment = datetime(2025, 11, 1, 1, tzinfo=UTC)
    rows = [[name, 56, 98.2, moment] for name in names]
    return Table("Title", ["Definition.", "As of 01/11/2025: 56/57"], columns, rows)


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_csv_file_says_that_it_is_utf_8_and_what_it_counts():
    data = as_csv(_table("Nguyễn Thị Yến"))
    assert data.startswith(b"\xef\xbb\xbf")
    assert _rows(data) == [
        ["Title"],
        ["Definition."],
        ["As of 01/11/2025: 56/57"],
        [],
        ["Name", "Number", "Percent", "At"],
        ["Nguyễn Thị Yến", "56", "98.2", "08:00 01/11/2025"],
    ]


@pytest.mark.parametrize("name", DANGEROUS)
def test_no_name_is_run_as_a_formula(name: str):
    cell = _rows(as_csv(_table(name)))[-1][0]
    assert cell.startswith("'")
    book = as_xlsx(_table(name))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[-1][0] == name
    assert b"<f>" not in _sheet_xml(book)


def test_numbers_dates_and_percents_are_numbers_in_a_workbook():
    rows = _workbook(as_xlsx(_table("A")))
    assert rows[-1][1:3] == [56, pytest.approx(0.982)]
    assert str(rows[-1][3]) == "2025-11-01 08:00:00"


def test_a_file_of_a_page_holds_definition_date_and_every_row(signed_in: Enter, scene: Scene):
    answer = signed_in("manager").get("/rates/files/people.xlsx?course=qr")
    rows = _workbook(answer.data)
    about = [row[0] for row in rows[1:4]]
    assert about[0] == "Unit: Phường Chu Văn An (code 10549)"
    assert about[1].endswith("out of all its officers.")
    assert about[2] == f"As of {today():%d/%m/%Y}: 56/57"
    assert sum(str(row[0]).startswith("CVA-") for row in rows) == 57
    name = f"where-the-number-comes-from-phuong-chu-van-an-{today()}.xlsx"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


def test_every_table_can_be_had_in_both_forms(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    for name in ("missing", "people", "units", "courses", "weeks"):
        rows = _rows(client.get(f"/rates/files/{name}.csv?course=qr&unit=10549").data)
        assert "56/57" in rows[3][0], name
        book = client.get(f"/rates/files/{name}.xlsx?course=qr&unit=10549")
        assert "56/57" in _workbook(book.data)[3][0], name


def test_a_person_called_like_a_formula_does_no_harm_in_the_file(
    signed_in: Enter, database: Database, cast: Cast, scene: Scene
):
    with database.transaction() as session:
        make_person(session, cast.commune, "=cmd|' /C calc'!A0")
    data = signed_in("manager").get("/rates/files/missing.csv?course=qr").get_data(as_text=True)
    assert "'=cmd" in data
    assert ",=cmd" not in data


def _workbook(data: bytes) -> list[list[object]]:
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )


def _sheet_xml(data: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
