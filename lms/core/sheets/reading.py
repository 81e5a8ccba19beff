"""Reading csv, xlsx, xls and ods. What a file is, its content says; names lie."""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lxml import etree
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    XmlError,
    ZipError,
)

from lms.core.errors import Refused
from lms.core.sheets.bounds import fits
from lms.core.sheets.cells import Cell, as_typed

DELIMITERS = (",", ";", "\t")
SAMPLE = 30
MOST_UNPACKED = 1 << 30  # bytes; a sheet of a million rows is well below
MOST_CELLS = 20_000_000  # in one sheet, blank ones between filled ones included

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SIXTEEN_BITS = (b"\xff\xfe", b"\xfe\xff")


class Family(StrEnum):
    """The two ways in which an answer to a file is written; the value is the suffix."""

    CSV = "csv"
    WORKBOOK = "xlsx"


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its number as the spreadsheet program shows it."""

    number: int
    cells: list[Cell]


@dataclass(frozen=True)
class Book:
    """A file of sheets; each is read anew whenever it is called."""

    family: Family
    sheets: list[Callable[[], Iterator[Line]]]
    delimiter: str = ","


def open_book(path: Path) -> Book:
    """Raises Refused for what is no spreadsheet, damaged, locked or in another encoding than UTF-8."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == _ZIP:
        _check_size(path)
    if start in (_ZIP, _OLD_EXCEL):
        return _workbook(path)
    return _csv(path.read_bytes())


def _csv(data: bytes) -> Book:
    if data.startswith(_SIXTEEN_BITS) or b"\x00" in data[:4096]:
        raise _not_utf8()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    delimiter = _delimiter(text)
    return Book(Family.CSV, [lambda: _csv_lines(text, delimiter)], delimiter)


def _not_utf8() -> Refused:
    return Refused(
        "The file is not UTF-8 text. Save it as “CSV UTF-8” or as an Excel workbook (.xlsx), then send it "
        "again."
    )


def _delimiter(text: str) -> str:
    """The mark that parts the first rows into most fields."""
    sample = "\n".join(text.splitlines()[:SAMPLE])

    def fields(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        try:
            return sum(len(row) for row in reader)
        except csv.Error:
            return 0

    return max(DELIMITERS, key=fields)


def _csv_lines(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            yield Line(number, [as_typed(cell) for cell in row])
    except csv.Error as error:
        raise Refused(
            "Row %(row)s cannot be read: a quotation mark is missing or one too many. Correct it, then send "
            "the file again.",
            row=number + 1,
        ) from error


def _check_size(path: Path) -> None:
    """Refuse what would take more memory than there is."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            small = unpacked <= MOST_UNPACKED and fits(archive, MOST_CELLS)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, ValueError) as error:
        raise _damaged() from error
    if not small:
        raise Refused(
            "The file is too large once it is opened. Delete stray cells far below and beside the list, or "
            "divide it into several files."
        )


def _workbook(path: Path) -> Book:
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return Book(Family.WORKBOOK, [_sheet(workbook, name) for name in names])
    except PasswordError as error:
        raise Refused("The file is locked by a password. Save it without one, then send it again.") from error
    except (CalamineError, XmlError, ZipError) as error:
        raise _damaged() from error


def _sheet(workbook: CalamineWorkbook, name: str) -> Callable[[], Iterator[Line]]:
    def lines() -> Iterator[Line]:
        try:
            sheet = workbook.get_sheet_by_name(name)
        except (CalamineError, XmlError, ZipError) as error:
            raise _damaged() from error
        yield from _sheet_lines(sheet)

    return lines


def _sheet_lines(sheet: CalamineSheet) -> Iterator[Line]:
    # Blank rows above the first value are given too, so the count is the program's own.
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield Line(number, list(row))


def _damaged() -> Refused:
    return Refused(
        "The file cannot be opened: it is damaged or no spreadsheet. Open it, save it as an Excel workbook "
        "(.xlsx), then send it again."
    )
