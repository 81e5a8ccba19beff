"""Learning times as metadata writes them, in minutes."""

import math
import re

_PART = r"\d{1,9}(?:\.\d{1,9})?"
_ISO = re.compile(
    r"P(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?"
    rf"(?:T(?:(?P<hours>{_PART})H)?(?:(?P<minutes>{_PART})M)?(?:(?P<seconds>{_PART})S)?)?",
    re.IGNORECASE,
)
# IMS LOM 1.2.1 wrote durations as a date of zeros and a time: 0000-00-00T00:45.
_CLOCK = re.compile(
    r"(?:0000-00-00T)?(?P<hours>\d{1,4}):(?P<minutes>\d{2})(?::(?P<seconds>\d{2}(?:\.\d{1,9})?))?",
    re.IGNORECASE,
)
_SECONDS = {
    "years": 365 * 86400,
    "months": 30 * 86400,
    "weeks": 7 * 86400,
    "days": 86400,
    "hours": 3600,
    "minutes": 60,
    "seconds": 1,
}
_LONGEST = 60 * 24 * 365


def minutes_of(written: str) -> int | None:
    """Whole minutes, rounded up, of PT6M30S, 0000-00-00T00:45 or 00:45:00; None for anything else or zero."""
    tidy = written.strip()
    match = _ISO.fullmatch(tidy) or _CLOCK.fullmatch(tidy)
    if match is None:
        return None
    seconds = sum(float(amount) * _SECONDS[unit] for unit, amount in match.groupdict().items() if amount)
    minutes = math.ceil(seconds / 60)
    return minutes if 1 <= minutes <= _LONGEST else None
