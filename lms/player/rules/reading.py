"""Reading what a browser sends for run-time data: strictly, since anybody can send anything."""

import math
from typing import Any

from lms.core.errors import Refused

# SCORM 1.2 says 4096, and real packages send what SCORM 2004 allows.
LONGEST_SUSPEND_DATA = 64_000
LONGEST_TEXT = 4096
MOST_ENTRIES = 500
_LONGEST_NUMBER = 24


class BadSnapshot(Refused):
    """What was sent is not run-time data that a package could have made."""


def mapping(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return value


def text(where: dict[str, Any], name: str, longest: int = LONGEST_TEXT) -> str:
    """The value as text, "" where there is none."""
    value = where.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or len(str(value)) > longest:
        raise BadSnapshot("The lesson sent a value for %(name)s that is too long or no text.", name=name)
    return str(value)


def texts(where: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Those of the values that are not empty."""
    found = {name: text(where, name) for name in names}
    return {name: value for name, value in found.items() if value}


def entries(value: Any) -> list[dict[str, Any]]:
    """A list, or an object whose names are its indexes."""
    if isinstance(value, dict):
        value = [value[name] for name in sorted(value, key=lambda name: (len(name), name)) if name.isdigit()]
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return [mapping(entry) for entry in value]


def number(where: dict[str, Any], name: str, low: float, high: float) -> float | None:
    """A number within the bounds, None where there is none."""
    written = text(where, name, _LONGEST_NUMBER)
    if not written:
        return None
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if low <= value <= high:
        return value
    raise BadSnapshot(
        "The lesson sent a value for %(name)s that is not a number from %(low)s to %(high)s.",
        name=name,
        low=f"{low:g}",
        high=f"{high:g}",
    )
