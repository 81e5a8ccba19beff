"""A table as a file needs it: what it is about, its columns and its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from lms.core.names import fold

Cell = str | int | float | date | datetime | None


class Holds(StrEnum):
    """What a column holds, which decides how a spreadsheet shows it."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"  # 0 to 100, none where nobody is counted
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    heading: str
    holds: Holds = Holds.TEXT
    width: int = 14


@dataclass(frozen=True)
class Table:
    """`about` are the lines above the table: definition, date, unit. Codes are text, so that zeros stay."""

    title: str
    about: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = field(repr=False)

    @property
    def file_name(self) -> str:
        """The title without accents, as every system can keep it."""
        words = "".join(letter if letter.isalnum() else " " for letter in fold(self.title)).split()
        return "-".join(words)[:80].rstrip("-")
