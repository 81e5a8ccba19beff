"""Writing csv and xlsx that can be opened safely and read back as they were."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any, NamedTuple

import xlsxwriter

from lms.core.sheets.cells import Cell, harmless, text_of
from lms.core.sheets.reading import Family

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
MIMETYPES = {Family.CSV: CSV, Family.WORKBOOK: XLSX}

_WIDEST = 40


def write(
    target: Path,
    family: Family,
    heading: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    delimiter: str = ",",
) -> None:
    """Write a heading and rows. Text stays text: no formula and no link is made of it."""
    with target.open("wb") as file:
        if family is Family.CSV:
            _write_csv(file, heading, rows, delimiter)
        else:
            _write_workbook(file, heading, rows)


def _write_csv(
    file: IO[bytes], heading: Sequence[str], rows: Iterable[Sequence[Cell]], delimiter: str
) -> None:
    # The mark at the start is how a spreadsheet program knows that the text is UTF-8.
    file.write(b"\xef\xbb\xbf")
    writer = csv.writer(_Encoded(file), delimiter=delimiter)
    writer.writerow([harmless(title) for title in heading])
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else text_of(cell) for cell in row])


class _Encoded:
    """The little of a text file that csv needs, over a file of bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def _write_workbook(file: IO[bytes], heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        # Columns are text, so that zeros at the start of codes and phone numbers stay when cells are edited.
        text = book.add_format({"num_format": "@"})
        formats = _Formats(
            text,
            book.add_format({"num_format": "dd/mm/yyyy"}),
            book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )
        bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
        for column, title in enumerate(heading):
            sheet.set_column(column, column, min(_WIDEST, max(12, len(title) + 4)), text)
            sheet.write_string(0, column, title, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _put(sheet, number, column, cell, formats)


class _Formats(NamedTuple):
    text: Any
    day: Any
    moment: Any


def _put(sheet: Any, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime) and cell.time() != time():
        sheet.write_datetime(row, column, cell, formats.moment)
    elif isinstance(cell, datetime | date):
        sheet.write_datetime(row, column, cell, formats.day)
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, cell if isinstance(cell, str) else text_of(cell), formats.text)
