"""Values of a manifest: taken where they can be understood, otherwise noticed and left at their default."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from courses.manifest.source import Source
from courses.manifest.xml import Element, attribute, text

_DURATION = re.compile(
    r"P(?=[\dT])(?:\d{1,9}Y)?(?:\d{1,9}M)?(?:\d{1,9}D)?"
    r"(?:T(?=\d)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}(?:\.\d{1,9})?S)?)?"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?")
_WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Values:
    """Reads for the item, unit or organization called `title`."""

    source: Source
    title: str

    def ignored(self, name: str, written: str) -> None:
        self.source.notice(
            "The value “%(value)s” of %(name)s in “%(title)s” cannot be understood and is ignored.",
            value=written[:100],
            name=name,
            title=self.title,
        )

    def flag(self, element: Element | None, name: str, *, default: bool) -> bool:
        written = "" if element is None else attribute(element, name)
        match written.lower():
            case "true" | "1" | "yes":
                return True
            case "false" | "0" | "no":
                return False
        if written:
            self.ignored(name, written)
        return default

    def number(self, element: Element | None, name: str, default: float, low: float, high: float) -> float:
        """The attribute as a number between `low` and `high`."""
        written = "" if element is None else attribute(element, name)
        found = self.decimal(name, written, low, high)
        return default if found is None else found

    def decimal(self, name: str, written: str, low: float, high: float) -> float | None:
        """`written` as a number; a decimal comma is understood, and "" is no number and no mistake."""
        if not written:
            return None
        try:
            number = float(written.replace(",", "."))
        except ValueError:
            number = float("nan")
        if isfinite(number) and low <= number <= high:
            return number
        self.ignored(name, written)
        return None

    def element(self, element: Element | None, name: str, low: float, high: float) -> float | None:
        """The number that an element holds."""
        return self.decimal(name, text(element), low, high)

    def whole(self, element: Element | None, name: str) -> int | None:
        written = "" if element is None else attribute(element, name)
        if not written or _WHOLE.fullmatch(written):
            return int(written) if written else None
        self.ignored(name, written)
        return None

    def word(self, element: Element | None, name: str, words: Sequence[str], default: str) -> str:
        """One of `words`, however its letters are capitalised."""
        written = "" if element is None else attribute(element, name)
        found = next((word for word in words if word.lower() == written.lower()), None)
        if found is None and written:
            self.ignored(name, written)
        return found or default

    def duration(self, element: Element | None, name: str) -> str:
        """ISO 8601, or ""."""
        return self._shaped(element, name, _DURATION)

    def moment(self, element: Element | None, name: str) -> str:
        """A date, with or without a time, as ISO 8601 writes it, or ""."""
        return self._shaped(element, name, _MOMENT)

    def _shaped(self, element: Element | None, name: str, shape: re.Pattern[str]) -> str:
        written = "" if element is None else attribute(element, name)
        if not written or shape.fullmatch(written):
            return written
        self.ignored(name, written)
        return ""
