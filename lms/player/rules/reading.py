"""Reading what a browser sends for run-time data: what is sound is taken, what cannot be is left out
and named. Anybody can send anything, and one wrong value must not cost the learner all the others.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any

from lms.core.errors import Refused

# SCORM 1.2 says 4096, and real packages send what SCORM 2004 allows.
LONGEST_SUSPEND_DATA = 64_000
LONGEST_TEXT = 4096
MOST_ENTRIES = 500
_LONGEST_NUMBER = 24
_LONGEST_WORD = 40  # of what is told of a value that was left out

_HALF_LETTER = re.compile("[\ud800-\udfff]")
_INSTEAD = "\ufffd"

# An element of run-time data as the parts of its name: ("core", "score", "raw").
Name = tuple[str, ...]


class BadSnapshot(Refused):
    """What was sent is no message that a player could have made."""


def mapping(value: Any) -> dict[str, Any]:
    """Raises BadSnapshot for what is none; nothing is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return value


def read_patiently(body: bytes) -> Any:
    """JSON in which letters were cut in half, as packages do that shorten their data.

    Each half becomes U+FFFD. Raises BadSnapshot for what is no JSON all the same.
    """
    try:
        return _whole_letters(json.loads(body, parse_constant=_nothing))
    except (ValueError, RecursionError) as error:
        raise BadSnapshot("The lesson sent data that cannot be understood.") from error


def _whole_letters(value: Any) -> Any:
    if isinstance(value, str):
        return _HALF_LETTER.sub(_INSTEAD, value)
    if isinstance(value, list):
        return [_whole_letters(one) for one in value]
    if isinstance(value, dict):
        return {_whole_letters(name): _whole_letters(one) for name, one in value.items()}
    return value


def _nothing(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


class Reader:
    """One level of run-time data. `left_out` has what was left out below it: element, and what was sent.

    Of words, numbers and statuses the value is told; of free text, which is the learner's, its length only.
    """

    def __init__(self, value: Any, name: Name = (), left_out: dict[Name, str] | None = None) -> None:
        self.name = name
        self.left_out: dict[Name, str] = {} if left_out is None else left_out
        self._values: dict[str, Any] = value if isinstance(value, dict) else {}
        if value is not None and not isinstance(value, dict):
            self.left_out[name] = _kind(value)

    def within(self, name: str) -> "Reader":
        return Reader(self._values.get(name), (*self.name, name), self.left_out)

    def each(self, name: str) -> list["Reader"]:
        """The entries of a list, or of an object whose names are their indexes; at most 500."""
        value = self._values.get(name)
        if isinstance(value, dict):
            value = [value[at] for at in sorted(value, key=lambda at: (len(at), at)) if at.isdigit()]
        if not isinstance(value, list | None):
            self._leave_out(name, _kind(value))
            return []
        found = value or []
        if len(found) > MOST_ENTRIES:
            self._leave_out(name, f"({len(found)})")
        return [
            Reader(entry, (*self.name, name, str(at)), self.left_out)
            for at, entry in enumerate(found[:MOST_ENTRIES])
        ]

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """The value as text, "" where there is none."""
        value = self._values.get(name)
        if value is None:
            return ""
        if type(value) is str and len(value) <= longest:
            return value
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return self._leave_out(name, _kind(value))
        written = str(value)
        return written if len(written) <= longest else self._leave_out(name, f"({len(written)})")

    def texts(self, names: tuple[str, ...]) -> dict[str, str]:
        """Those of the values that are not empty."""
        found = {name: self.text(name) for name in names}
        return {name: value for name, value in found.items() if value}

    def word(self, name: str, known: frozenset[str], *, nothing: str, odd: str) -> str:
        """One of the known words; `nothing` where none was sent, `odd` for one that there is not."""
        written = self.text(name)
        if written in known:
            return written
        if not written and (*self.name, name) not in self.left_out:
            return nothing
        self._leave_out(name, written[:_LONGEST_WORD])
        return odd

    def number(self, name: str, low: float, high: float) -> float | None:
        """A number within the bounds, None where there is none."""
        written = self.text(name, _LONGEST_NUMBER)
        if not written:
            return None
        try:
            value = float(written)
        except ValueError:
            value = math.nan
        if low <= value <= high:
            return value
        self._leave_out(name, written)
        return None

    def seconds(self, name: str, read: Callable[[str], float | None]) -> float | None:
        """A length of time that `read` understands, None where there is none."""
        written = self.text(name)
        found = read(written) if written else None
        if written and found is None:
            self._leave_out(name, written[:_LONGEST_WORD])
        return found

    def raw(self, name: str) -> Any:
        """As it was sent, for those who read it their own way."""
        return self._values.get(name)

    def is_changed(self, name: str, own: str | float | None) -> None:
        """Note a value that is the server's to say, where another one was sent; it counts for nothing."""
        written = self._values.get(name)
        if own is None or written in (None, "", own) or _same(written, own):
            return
        self._leave_out(name, str(written)[:_LONGEST_WORD])

    def _leave_out(self, name: str, value: str) -> str:
        self.left_out.setdefault((*self.name, name), value)
        return ""


def _kind(value: Any) -> str:
    return type(value).__name__


def _same(written: Any, own: str | float) -> bool:
    try:
        return math.isclose(float(written), float(own), abs_tol=1e-6)
    except (TypeError, ValueError):
        return False


def elements(left_out: dict[Name, str], *, most: int = 20) -> dict[str, str]:
    """By the names that SCORM has for them: {"cmi.core.score.raw": "150"}."""
    return {".".join(("cmi", *name)): value for name, value in list(left_out.items())[:most]}
