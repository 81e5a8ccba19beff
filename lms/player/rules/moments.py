"""When an answer was given: what the package says of it, freed of what is wrong with the device's clock."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY = 86_400.0
_CLOCK = re.compile(r"(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)")
_SLACK = 5.0


def answered_at(written: str, *, taken: float, at: datetime, since: datetime) -> datetime:
    """When it was, by our clock; never before `since` nor after `at`.

    `written` is a time of day (SCORM 1.2) or a moment (SCORM 2004), both by the device's clock; `taken` is
    that clock (milliseconds since 1970) when the data was taken, which by ours was at `at`. What cannot be
    understood, or lies outside of these bounds, happened at `at`.
    """
    ago = _seconds_before(written.strip(), taken / 1000)
    if ago is None or not -_SLACK <= ago <= (at - since).total_seconds() + _SLACK:
        return at
    return min(max(at - timedelta(seconds=ago), since), at)


def _seconds_before(written: str, taken: float) -> float | None:
    """How long before `taken` (seconds since 1970) that was."""
    clock = _CLOCK.fullmatch(written)
    if clock:
        hours, minutes, seconds = clock.groups()
        told = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
        offset = datetime.fromtimestamp(taken, UTC).astimezone(ZONE).utcoffset() or timedelta()
        before = (taken + offset.total_seconds() - told) % _DAY
        return before - _DAY if before > _DAY - _SLACK else before
    try:
        moment = datetime.fromisoformat(written)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        return taken - moment.timestamp()
    except (ValueError, OverflowError):
        return None
