"""What stands in a cell, as text; and text that no spreadsheet program takes for a formula."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from lms.core.clock import read_date
from lms.core.names import normal

Cell = str | int | float | bool | date | datetime | time | timedelta | None

_WHOLE = re.compile(r"[+-]?\d+\.0+")
# What starts a formula; the full-width forms are read as these by some programs.
_FORMULA = re.compile(r"[' ]*[=+\-@＝＋－＠\t\r\n]")
_SERIAL_START = date(1899, 12, 30)  # day 0 of spreadsheets, which believe that 1900 was a leap year
_LEAST_SERIAL, _MOST_SERIAL = 10_000, 80_000  # the years 1927 to 2119


def text_of(cell: Cell) -> str:
    """A cell as one line of NFC text: numbers without `.0`, dates as dd/MM/yyyy, nothing invisible."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}" if cell.time() == time() else f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = normal(cell if isinstance(cell, str) else str(cell))
    if not text.isprintable():
        text = normal("".join(mark for mark in text if unicodedata.category(mark) not in ("Cc", "Cf")))
    return text


def number_text(cell: Cell) -> str:
    """`text_of` for what is written in digits: `12.0` is `12` also where it stands as text."""
    text = text_of(cell)
    return text.partition(".")[0] if _WHOLE.fullmatch(text) else text


def date_of(cell: Cell) -> date:
    """A date as text (31/03/2026, 2026-03-31), as a date cell, or as its serial number. Else ValueError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = number_text(cell)
    if text.isascii() and text.isdigit() and _LEAST_SERIAL <= int(text) <= _MOST_SERIAL:
        return _SERIAL_START + timedelta(days=int(text))
    # Exported dates often carry a midnight: 2026-03-31 00:00:00.
    day, _, clock = text.partition("T" if "T" in text else " ")
    if clock and not clock.startswith("00:00"):
        raise ValueError(text)
    return read_date(day)


def harmless(text: str) -> str:
    """Text with an apostrophe before it where a spreadsheet program would run it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_typed(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
