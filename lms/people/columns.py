"""The columns of the roster and the headings under which people write them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lms.core.errors import Refused
from lms.core.i18n import DEFAULT_LOCALE, lazy
from lms.core.names import fold
from lms.core.sheets.cells import Cell, text_of
from lms.people import values


class Column(StrEnum):
    CODE = "code"
    NAME = "name"
    UNIT_CODE = "unit_code"
    AUDIENCE = "audience"
    EMAIL = "email"
    PHONE = "phone"
    POSITION = "position"
    BIRTH_YEAR = "birth_year"
    GENDER = "gender"
    SINCE = "since"


NEEDED = (Column.CODE, Column.NAME, Column.UNIT_CODE, Column.AUDIENCE)
CONTACT = (Column.EMAIL, Column.PHONE, Column.POSITION, Column.BIRTH_YEAR, Column.GENDER)

TITLES = {
    Column.CODE: lazy("Code"),
    Column.NAME: lazy("Full name"),
    Column.UNIT_CODE: lazy("Unit code"),
    Column.AUDIENCE: lazy("Audience"),
    Column.EMAIL: lazy("E-mail"),
    Column.PHONE: lazy("Telephone"),
    Column.POSITION: lazy("Position"),
    Column.BIRTH_YEAR: lazy("Year of birth"),
    Column.GENDER: lazy("Gender"),
    Column.SINCE: lazy("Since"),
}

READERS: dict[Column, Callable[[Cell], Any]] = {
    Column.CODE: values.read_code,
    Column.NAME: values.read_name,
    Column.UNIT_CODE: values.read_code,
    Column.AUDIENCE: values.read_audience,
    Column.EMAIL: values.read_email,
    Column.PHONE: values.read_phone,
    Column.POSITION: values.read_text,
    Column.BIRTH_YEAR: values.read_birth_year,
    Column.GENDER: values.read_gender,
    Column.SINCE: values.read_since,
}

# As `_plain` leaves them. Those that only English uses tell the language of a file.
_ENGLISH = {
    Column.CODE: ("code", "person code"),
    Column.NAME: ("name", "full name"),
    Column.UNIT_CODE: ("unit code",),
    Column.AUDIENCE: ("audience",),
    Column.EMAIL: ("email", "e mail", "email address"),
    Column.PHONE: ("phone", "phone number", "telephone", "mobile"),
    Column.POSITION: ("position",),
    Column.BIRTH_YEAR: ("birth year", "year of birth"),
    Column.GENDER: ("gender", "sex"),
    Column.SINCE: ("since",),
}
_VIETNAMESE = {
    Column.CODE: ("ma", "ma so", "ma nguoi", "ma can bo", "ma cb", "ma nhan vien"),
    Column.NAME: ("ho va ten", "ho ten", "ho va ten can bo", "ten"),
    Column.UNIT_CODE: ("ma don vi", "ma dv"),
    Column.AUDIENCE: ("doi tuong",),
    Column.EMAIL: ("thu dien tu", "dia chi thu dien tu", "dia chi email"),
    Column.PHONE: ("dien thoai", "so dien thoai", "sdt", "di dong", "dien thoai di dong"),
    Column.POSITION: ("chuc vu", "chuc danh", "chuc vu chuc danh"),
    Column.BIRTH_YEAR: ("nam sinh", "ngay sinh", "ngay thang nam sinh"),
    Column.GENDER: ("gioi tinh",),
    Column.SINCE: ("tu ngay", "ngay bat dau"),
}
_KNOWN = {
    word: column for table in (_ENGLISH, _VIETNAMESE) for column, words in table.items() for word in words
}
_ONLY_ENGLISH = {word for words in _ENGLISH.values() for word in words}
ERROR_HEADINGS = {"vi": "Lỗi", "en": "Error"}
_ADDED_BY_US = frozenset(fold(heading) for heading in ERROR_HEADINGS.values())

_HINT = re.compile(r"\(.*?\)")
LEAST_HEADINGS = 2


@dataclass
class Heading:
    """Where the columns stand. `titles` are as written, `ignored` those that mean nothing here."""

    row: int
    places: dict[Column, int]
    titles: list[str]
    ignored: list[str] = field(default_factory=list)
    locale: str = DEFAULT_LOCALE

    def title(self, column: Column) -> str:
        """The heading of a column as it stands in the file, else its name."""
        place = self.places.get(column)
        return self.titles[place] if place is not None else str(TITLES[column])


def meaning(cell: Cell) -> Column | None:
    """The column that a heading names, in either language, with or without accents."""
    return _KNOWN.get(_plain(text_of(cell)))


def count_headings(cells: Sequence[Cell]) -> int:
    return len({found for cell in cells if (found := meaning(cell))})


def read_heading(row: int, cells: Sequence[Cell]) -> Heading:
    """Raises Refused for a column that is missing or stands twice."""
    titles = [text_of(cell) for cell in cells]
    places: dict[Column, int] = {}
    ignored = []
    for place, title in enumerate(titles):
        column = meaning(title)
        if column is None:
            if title and fold(title) not in _ADDED_BY_US:
                ignored.append(title)
        elif column in places:
            raise Refused("The column “%(column)s” stands twice. Delete one of them.", column=title)
        else:
            places[column] = place
    missing = [f"{TITLES[column]} ({column})" for column in NEEDED if column not in places]
    if missing:
        raise Refused(
            "These columns are missing: %(columns)s. Take our template, or name the columns like it.",
            columns=", ".join(missing),
        )
    english = all(_plain(titles[place]) in _ONLY_ENGLISH for place in places.values())
    return Heading(row, places, titles, ignored, "en" if english else "vi")


def _plain(title: str) -> str:
    """Folded, without hints in brackets, stars and other marks."""
    words = _HINT.sub(" ", fold(title).replace("_", " "))
    return " ".join("".join(mark if mark.isalnum() else " " for mark in words).split())
