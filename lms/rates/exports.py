"""Tables as xlsx and csv files, with their definition and date inside."""

import csv
import io
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lms.core.clock import local
from lms.core.i18n import show_date, show_datetime
from lms.core.sheets.cells import harmless
from lms.core.sheets.writing import CSV, XLSX
from lms.rates.tables import Cell, Holds, Table

_SHEET_FORBIDS = str.maketrans("", "", "[]:*?/\\'")


MIMETYPES = {"csv": CSV, "xlsx": XLSX}


def as_file(table: Table, kind: str) -> bytes:
    """The table as a file; `kind` is a key of MIMETYPES."""
    return as_csv(table) if kind == "csv" else as_xlsx(table)


def as_csv(table: Table) -> bytes:
    """UTF-8 with BOM, which is how a spreadsheet program knows that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(table.title)])
    for line in table.about:
        writer.writerow([harmless(line)])
    writer.writerow([])
    writer.writerow([column.heading for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table) -> bytes:
    """One sheet: title, definition and date, then the table with a heading that stays in sight."""
    data = io.BytesIO()
    # Strings are written as strings: neither a formula nor a link is made of what somebody is called.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, {**options, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet(table.title.translate(_SHEET_FORBIDS)[:31].strip() or None)
        styles = {
            Holds.TEXT: book.add_format({"valign": "top", "text_wrap": True}),
            Holds.NUMBER: book.add_format({"num_format": "#,##0"}),
            Holds.PERCENT: book.add_format({"num_format": "0.0%"}),
            Holds.MOMENT: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "vcenter"})
        sheet.write_string(0, 0, table.title, book.add_format({"bold": True, "font_size": 14}))
        for number, line in enumerate(table.about, start=1):
            sheet.write_string(number, 0, line)
        _fill(sheet, table, len(table.about) + 2, styles, bold)
    return data.getvalue()


def _fill(sheet: Worksheet, table: Table, top: int, styles: dict[Holds, Format], bold: Format) -> None:
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(top, place, column.heading, bold)
    for number, row in enumerate(table.rows, start=top + 1):
        for place, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, number, place, cell, column.holds, styles[column.holds])
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    if table.rows:
        sheet.autofilter(top, 0, top + len(table.rows), len(table.columns) - 1)


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, holds: Holds, style: Format) -> None:
    if cell is None:
        sheet.write_blank(row, place, None, style)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, place, local(cell).replace(tzinfo=None), style)
    elif isinstance(cell, date):
        sheet.write_string(row, place, show_date(cell), style)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell, style)
    else:
        sheet.write_number(row, place, cell / 100 if holds is Holds.PERCENT else cell, style)


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return show_datetime(cell)
    if isinstance(cell, date):
        return show_date(cell)
    return harmless(cell) if isinstance(cell, str) else cell
