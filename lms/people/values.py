"""What a cell of the roster may hold, and how it is kept. Each function raises Refused for anything else."""

import re
from datetime import date

from lms.core.clock import today
from lms.core.errors import Refused
from lms.core.names import fold
from lms.core.sheets.cells import Cell, date_of, number_text, text_of
from lms.people.models import Audience, Gender

_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"'.]+(\.[^@\s,;<>\"'.]+)+")
_MOBILE = re.compile(r"0\d{9}")
_BESIDE_DIGITS = re.compile(r"[\s.()\-]")
OLDEST = 120  # years
EARLIEST = date(1945, 9, 2)

_AUDIENCES = {
    Audience.OFFICER: (
        "officer", "officers", "can bo", "cong chuc", "vien chuc", "can bo cong chuc",
        "can bo cong chuc vien chuc", "cbcc", "cbccvc",
    ),
    Audience.CITIZEN: ("citizen", "citizens", "nguoi dan", "cong dan", "dan"),
}  # fmt: skip
_GENDERS = {
    Gender.MALE: ("male", "m", "man", "nam"),
    Gender.FEMALE: ("female", "f", "woman", "nu"),
    Gender.OTHER: ("other", "khac"),
}
AUDIENCES = {word: audience for audience, words in _AUDIENCES.items() for word in words}
GENDERS = {word: gender for gender, words in _GENDERS.items() for word in words}


def read_code(cell: Cell) -> str:
    return _no_longer(number_text(cell), 60)


def read_name(cell: Cell) -> str:
    name = _no_longer(text_of(cell), 200)
    if name and not any(letter.isalpha() for letter in name):
        raise Refused("“%(text)s” is not a name.", text=name)
    return name


def read_text(cell: Cell) -> str:
    return _no_longer(text_of(cell), 200)


def read_audience(cell: Cell) -> str:
    text = text_of(cell)
    words = " ".join("".join(mark if mark.isalnum() else " " for mark in fold(text)).split())
    if words not in AUDIENCES:
        raise Refused("“%(text)s” is not an audience. Write officer or citizen.", text=text)
    return AUDIENCES[words].value


def read_email(cell: Cell) -> str:
    address = text_of(cell).removeprefix("mailto:").lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):  # noqa: PLR2004  (RFC 5321)
        raise Refused("“%(text)s” is not an e-mail address such as an@example.vn.", text=address)
    return address


def read_phone(cell: Cell) -> str:
    """Ten digits from 0 on; also +84 and 9 digits, and 9 digits where a spreadsheet dropped the zero."""
    text = number_text(cell)
    digits = _BESIDE_DIGITS.sub("", text)
    for prefix in ("+84", "0084"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix)
    if len(digits) == 11 and digits.startswith("84"):  # noqa: PLR2004
        digits = "0" + digits[2:]
    if len(digits) == 9 and not digits.startswith("0"):  # noqa: PLR2004
        digits = "0" + digits
    if not (digits.isascii() and _MOBILE.fullmatch(digits)):
        raise Refused("“%(text)s” is not a telephone number: 10 digits, or +84 and 9 digits.", text=text)
    return digits


def read_birth_year(cell: Cell) -> int:
    """A year, or the year of a date."""
    text = number_text(cell)
    if text.isascii() and text.isdigit() and len(text) == 4:  # noqa: PLR2004
        year = int(text)
    else:
        try:
            year = date_of(cell).year
        except ValueError as error:
            raise Refused("“%(text)s” is not a year such as 1980.", text=text) from error
    latest = today().year
    if not latest - OLDEST <= year <= latest:
        raise Refused(
            "The year of birth must lie between %(first)s and %(last)s.",
            first=str(latest - OLDEST),
            last=str(latest),
        )
    return year


def read_gender(cell: Cell) -> str:
    text = text_of(cell)
    if fold(text) not in GENDERS:
        raise Refused("“%(text)s” is not a gender. Write male, female or other.", text=text)
    return GENDERS[fold(text)].value


def read_since(cell: Cell) -> date:
    try:
        day = date_of(cell)
    except ValueError as error:
        raise Refused("“%(text)s” is not a date. Write it as 31/03/2026.", text=text_of(cell)) from error
    if not EARLIEST <= day <= date(today().year + 5, 12, 31):
        raise Refused("The date %(day)s is too far away. Check the year.", day=f"{day:%d/%m/%Y}")
    return day


def _no_longer(text: str, most: int) -> str:
    if len(text) > most:
        raise Refused("The text is too long. Use at most %(most)s characters.", most=most)
    return text
