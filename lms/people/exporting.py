"""People as a file that can be imported again, and the empty file to begin with."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from lms.core.i18n import current_locale, gettext
from lms.core.i18n import gettext as _
from lms.core.sheets.cells import Cell
from lms.core.sheets.reading import Family
from lms.core.sheets.writing import write
from lms.people.columns import TITLES, Column
from lms.people.models import Audience, Gender
from lms.people.queries import Listed
from lms.units.models import Unit
from lms.units.services import COLUMNS as UNIT_COLUMNS


def audience_word(audience: str) -> str:
    """As it stands in a cell, in the present language."""
    return _("Officer") if audience == Audience.OFFICER else _("Citizen")


def gender_word(gender: str | None) -> str:
    words = {Gender.MALE: _("Male"), Gender.FEMALE: _("Female"), Gender.OTHER: _("Other")}
    return words[Gender(gender)] if gender else ""


def headings() -> list[str]:
    """The titles of all columns. English ones are those of the contract, for programs."""
    return [gettext(TITLES[column].msgid) if current_locale() != "en" else column.value for column in Column]


def write_people(target: Path, family: Family, people: Iterable[Listed]) -> None:
    """Write people in the present language; importing the file again changes nothing."""
    write(target, family, headings(), (_row(listed) for listed in people))


def write_template(target: Path, family: Family, unit_code: str, day: date) -> None:
    """The headings and one example to write over."""
    example: list[Cell] = [
        "CB001", "Nguyễn Văn An", unit_code, audience_word(Audience.OFFICER), "an.nguyen@example.vn",
        "0912345678", "Chuyên viên", "1985", gender_word(Gender.MALE), f"{day:%d/%m/%Y}",
    ]  # fmt: skip
    write(target, family, headings(), [example])


def _row(listed: Listed) -> list[Cell]:
    person = listed.person
    cells: dict[Column, Cell] = {
        Column.CODE: person.code,
        Column.NAME: person.name,
        Column.UNIT_CODE: listed.unit.code,
        Column.AUDIENCE: audience_word(listed.audience),
        Column.EMAIL: person.email,
        Column.PHONE: person.phone,
        Column.POSITION: person.position,
        Column.BIRTH_YEAR: str(person.birth_year) if person.birth_year else None,
        Column.GENDER: gender_word(person.gender),
        Column.SINCE: f"{listed.since:%d/%m/%Y}",
    }
    return [cells[column] for column in Column]


def write_units(target: Path, units: Sequence[Unit]) -> None:
    """Write units as the csv of the contract; each comes after the one that it lies below."""
    codes = {unit.id: unit.code for unit in units}
    rows = ([unit.code, unit.name, unit.kind, codes.get(unit.parent_id or 0, "")] for unit in units)
    write(target, Family.CSV, UNIT_COLUMNS, rows)
