"""The one place where the time comes from."""

import re
from datetime import date, datetime

from tracking.times import LOCAL_ZONE, end_of, local_date, utc_now

__all__ = ["LOCAL_ZONE", "end_of", "local_date", "read_date", "today", "utc_now"]

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WRITTEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


def today() -> date:
    """Today's date in Hải Phòng."""
    return local_date(utc_now())


def local(moment: datetime) -> datetime:
    """The same instant on the clock in Hải Phòng."""
    return moment.astimezone(LOCAL_ZONE)


def read_date(text: str) -> date:
    """A date as people write it (31/03/2026, 31.3.2026) or as programs do (2026-03-31). Else ValueError."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _WRITTEN.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise ValueError(text)
    return date(int(year), int(month), int(day))
