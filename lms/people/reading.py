"""Reading a roster: where its columns stand, and what each row says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from lms.core.errors import Refused
from lms.core.i18n import gettext
from lms.core.sheets.cells import Cell, text_of
from lms.core.sheets.reading import Book, Family, Line, open_book
from lms.people.columns import (
    CONTACT,
    LEAST_HEADINGS,
    NEEDED,
    READERS,
    Column,
    Heading,
    count_headings,
    meaning,
    read_heading,
)

SEARCHED = 30  # rows in which the headings are looked for


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row: its number and the heading as the sender sees them, and why."""

    row: int
    column: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return gettext(self.message, **self.params)


@dataclass(frozen=True)
class Entry:
    """A row that can be read. `contact` holds what is filled in; an empty cell changes nothing."""

    row: int
    cells: Sequence[Cell]
    code: str
    name: str
    unit_code: str
    audience: str
    since: date | None
    contact: dict[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that cannot go in, with all that is wrong with it."""

    row: int
    cells: Sequence[Cell]
    faults: list[Fault]


@dataclass
class Roster:
    """An opened roster; `rows` reads it from the start each time."""

    family: Family
    heading: Heading
    _lines: Callable[[], Iterator[Line]]
    _skip: int  # number of the last row of headings
    delimiter: str

    def rows(self) -> Iterator[Entry | BadRow]:
        """Every row that is not blank. The second row of a code is bad."""
        seen: dict[str, int] = {}
        for line in self._filled():
            found = _read_row(line, self.heading)
            if isinstance(found, Entry):
                first = seen.setdefault(found.code, found.row)
                if first != found.row:
                    found = self.refuse(
                        found,
                        Column.CODE,
                        Refused(
                            "The code “%(code)s” stands in row %(row)s already.", code=found.code, row=first
                        ),
                    )
            yield found

    def count(self) -> int:
        """How many rows there are, good or bad."""
        return sum(1 for _ in self._filled())

    def _filled(self) -> Iterator[Line]:
        for line in self._lines():
            if line.number > self._skip and any(text_of(cell) for cell in line.cells):
                yield line

    def refuse(self, entry: Entry, column: Column, refusal: Any) -> BadRow:
        fault = fault_of(entry.row, self.heading.title(column), refusal)
        return BadRow(entry.row, entry.cells, [fault])


def open_roster(path: Path) -> Roster:
    """Find the row of headings. Raises Refused where there is none or a column is missing."""
    book = open_book(path)
    best = max(_candidates(book), key=lambda found: found[0], default=None)
    if best is None or best[0] < LEAST_HEADINGS:
        raise Refused(
            "No row of headings was found. The first row must name the columns, as in our template: code, "
            "name, unit_code, audience."
        )
    _, sheet, line, following = best
    cells, last = list(line.cells), line.number
    if following and _continues(line, following):
        cells = [
            below if meaning(below) else above for above, below in zip(cells, following.cells, strict=True)
        ]
        last = following.number
    return Roster(book.family, read_heading(line.number, cells), book.sheets[sheet], last, book.delimiter)


def fault_of(row: int, column: str, refusal: Any) -> Fault:
    """A refusal as the fault of a row; dates in it are written as people write them."""
    params = {
        name: f"{value:%d/%m/%Y}" if isinstance(value, date) else value
        for name, value in refusal.params.items()
    }
    return Fault(row, column, refusal.message, params)


def _candidates(book: Book) -> Iterator[tuple[int, int, Line, Line | None]]:
    """Each row at the top of each sheet with the number of headings in it, and the row below it."""
    for number, lines in enumerate(book.sheets):
        top = list(islice(lines(), SEARCHED))
        for line, following in zip_longest(top, top[1:]):
            yield count_headings(line.cells), number, line, following


def _continues(line: Line, following: Line) -> bool:
    """Whether headings go on in the next row, below merged cells (Liên hệ: Thư điện tử, Điện thoại)."""
    if len(line.cells) != len(following.cells):
        return False
    below = [(above, cell) for above, cell in zip(line.cells, following.cells, strict=True) if text_of(cell)]
    return bool(below) and all(meaning(cell) and not meaning(above) for above, cell in below)


def _read_row(line: Line, heading: Heading) -> Entry | BadRow:
    found: dict[Column, Any] = {}
    faults = []
    for column, place in heading.places.items():
        cell = line.cells[place] if place < len(line.cells) else None
        try:
            found[column] = _value(column, cell)
        except Refused as refusal:
            faults.append(fault_of(line.number, heading.title(column), refusal))
    if faults:
        return BadRow(line.number, line.cells, faults)
    contact = {column.value: found[column] for column in CONTACT if found.get(column) is not None}
    return Entry(
        row=line.number,
        cells=line.cells,
        code=found[Column.CODE],
        name=found[Column.NAME],
        unit_code=found[Column.UNIT_CODE],
        audience=found[Column.AUDIENCE],
        since=found.get(Column.SINCE),
        contact=contact,
    )


def _value(column: Column, cell: Cell) -> Any:
    if text_of(cell):
        return READERS[column](cell)
    if column in NEEDED:
        raise Refused("This must be filled in.")
    return None
