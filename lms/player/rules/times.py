"""Lengths of time as SCORM 1.2 and xAPI write them, and the browser's clock."""

import re
from datetime import UTC, datetime, timedelta

_TIMESPAN = re.compile(r"(\d{2,4}):(\d{2}):(\d{2}(?:\.\d{1,2})?)")
# A session's time may be a little more than the wall shows: clocks and rounding.
SLACK = 60.0


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
