"""Vietnamese names and words: one spelling, the right order, and search without accents.

Each rule was tried: stripping accents by NFD leaves đ; SQLite lowers ASCII only; byte order is not the order
of a Vietnamese list, where people stand by the last word of their name.
"""

import re
import unicodedata
from functools import cache

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SPACES = re.compile(r"\s+")

# Tone marks have two accepted places in open syllables (Hòa, Hoà): the older one is taken for both.
_PLACES = {
    f"{first}{second_toned}": f"{first_toned}{second}"
    for first, second, marks in (
        ("o", "a", "òóỏõọ/àáảãạ"),
        ("o", "e", "òóỏõọ/èéẻẽẹ"),
        ("u", "y", "ùúủũụ/ỳýỷỹỵ"),
    )
    for first_toned, second_toned in zip(*marks.split("/"), strict=True)
}
_OPEN_SYLLABLE = re.compile(rf"(?<!q)({'|'.join(_PLACES)})(?!\w)", re.IGNORECASE)


def normal(text: str) -> str:
    """NFC, single spaces, nothing at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """What a search compares: lower case, no accents, đ as d (`Phú Thái` and `PHU THAI` are equal)."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return normal("".join(letter for letter in plain if not unicodedata.combining(letter)))


def same_tone_place(text: str) -> str:
    """Hoà as Hòa, Thuỷ as Thủy: the two spellings of one name made equal."""

    def old_place(match: re.Match[str]) -> str:
        found = match.group()
        old = _PLACES[found.lower()]
        return "".join(
            new.upper() if letter.isupper() else new for letter, new in zip(found, old, strict=True)
        )

    return _OPEN_SYLLABLE.sub(old_place, normal(text))


def order_key(text: str) -> str:
    """A key that sorts byte by byte as a Vietnamese dictionary does: letters first, then tones."""
    letters, tones = [], []
    for letter in same_tone_place(text).lower():
        rank, tone = _rank(letter)
        letters.append(rank)
        if rank.isalnum():
            tones.append(str(tone))
    return "".join(letters) + "\x01" + "".join(tones).rstrip("0")


def person_order_key(name: str) -> str:
    """A key that sorts people by given name (the last word), then family name, then what stands between."""
    words = normal(name).split(" ")
    return "\x02".join(order_key(part) for part in (words[-1], *words[:-1]))


@cache
def _rank(letter: str) -> tuple[str, int]:
    """The place of a letter in the alphabet as two sortable characters, and its tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), 0)
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    if base in _LETTERS:
        return f"l{_LETTERS.index(base):02d}", tone
    return ("0" + base if base.isalnum() else " "), tone
