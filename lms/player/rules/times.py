"""Lengths of time as SCORM writes them, and the browser's clock."""

import re
from datetime import UTC, datetime, timedelta

_TIMESPAN = re.compile(r"(\d{2,4}):(\d{2}):(\d{2}(?:\.\d{1,2})?)")
_PERIOD = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?", re.ASCII
)
_DAY = 86_400
_PERIODS = (365 * _DAY, 30 * _DAY, _DAY, 3600, 60, 1)
_LONGEST_PERIOD = 40
# A session's time may be a little more than the wall shows: clocks and rounding.
SLACK = 60.0
_FURTHEST = 1e12  # milliseconds: some thirty years


def timespan(text: str) -> float | None:
    """Seconds of a CMITimespan, HHHH:MM:SS.SS (SCORM 1.2 Run-Time Environment, 3.4.2); None if it is none."""
    match = _TIMESPAN.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def as_timespan(seconds: float) -> str:
    """`0001:05:09.00`; at most four digits of hours."""
    hundredths = min(round(seconds * 100), 9999 * 360_000)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:04d}:{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"


def period(text: str) -> float | None:
    """Seconds of a timeinterval(second,10,2), P1DT2H3M4.5S (SCORM 2004 Run-Time Environment, 4.1.1.7).

    None if it is none. Years have 365 days and months 30, since nobody says which.
    """
    match = _PERIOD.fullmatch(text) if len(text) <= _LONGEST_PERIOD else None
    if match is None:
        return None
    return sum(float(part) * length for part, length in zip(match.groups(), _PERIODS, strict=True) if part)


def as_period(seconds: float) -> str:
    """`PT1H5M9S`, at most two decimals."""
    hundredths = round(max(seconds, 0.0) * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    found = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    left = f"{rest / 100:g}S"
    return f"PT{found}{left}" if rest or not found else f"PT{found}"


def credible(seconds: float, started: datetime, at: datetime) -> float:
    """The part of a told session time that can have passed since the session began."""
    return max(0.0, min(seconds, (at - started).total_seconds() + SLACK))


def corrected(at: float, client_now: float, *, server_now: datetime, started: datetime) -> datetime:
    """When it happened, by our clock; `at` and `client_now` are the browser's, in milliseconds since 1970.

    A browser's clock may be wrong by years, but the time between its two readings is right. Never in the
    future, and never before the session began.
    """
    ago = max(0.0, client_now - at)
    moment = server_now - timedelta(milliseconds=min(ago, 1e12))
    return min(max(moment, started), server_now).astimezone(UTC)


def behind(client_now: float, *, server_now: datetime) -> timedelta:
    """How far the browser's clock is behind ours; `client_now` is what it says (milliseconds since 1970)."""
    ours = server_now.timestamp() * 1000
    return timedelta(milliseconds=min(max(ours - client_now, -_FURTHEST), _FURTHEST))
