"""Rosters as files of every kind, and people who are in already."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from sqlalchemy.orm import Session

from lms.core.database import Database
from lms.people.importing import Importer, Report
from lms.people.models import Person
from lms.people.queries import people_of_codes
from lms.people.reading import open_roster

HEADINGS = ("code", "name", "unit_code", "audience")
HOME_PAGE = "http://localhost:8000"
TODAY = date(2026, 3, 31)

Row = Sequence[Any]


def an_officer(number: int = 1, **other: object) -> dict[str, object]:
    person = {
        "code": f"CB{number:03}",
        "name": f"Nguyễn Văn {('An', 'Bình', 'Cúc', 'Dung', 'Đạt')[number % 5]}",
        "unit_code": "10549",
        "audience": "officer",
    }
    return {**person, **other}


def roster_csv(target: Path, people: Iterable[dict[str, object]]) -> Path:
    """A csv with a column for everything that anybody has."""
    rows = list(people)
    headings = list(dict.fromkeys(key for row in rows for key in row)) or list(HEADINGS)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return target


def sheet_csv(target: Path, rows: Iterable[Row], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    target.write_bytes(text.getvalue().encode(encoding))
    return target


def sheet_xlsx(target: Path, rows: Iterable[Row]) -> Path:
    """Numbers and dates become cells of their kind, as a spreadsheet program would make them."""
    with xlsxwriter.Workbook(target) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date | datetime):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_string(number, place, cell)
    return target


def sheet_ods(target: Path, rows: Iterable[Row]) -> Path:
    """As little of an OpenDocument spreadsheet as one can open; every cell is text."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0"/>'
        )
    return target


def importer_of(file: Path, day: date = TODAY) -> Importer:
    return Importer(open_roster(file), lambda _unit: True, HOME_PAGE, day)


def import_file(database: Database, file: Path, day: date = TODAY) -> Report:
    importer = importer_of(file, day)
    for batch in importer.batches():
        with database.transaction() as session:
            importer.take(session, batch)
    return importer.report


def import_people(database: Database, folder: Path, *people: dict[str, object], day: date = TODAY) -> Report:
    return import_file(database, roster_csv(folder / "people.csv", people), day)


def the_person(session: Session, code: str) -> Person:
    return people_of_codes(session, [code])[code]
