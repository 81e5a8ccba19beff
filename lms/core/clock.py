"""The one place where the time comes from."""

from datetime import date, datetime

from tracking.times import LOCAL_ZONE, end_of, local_date, utc_now

__all__ = ["LOCAL_ZONE", "end_of", "local_date", "today", "utc_now"]


def today() -> date:
    """Today's date in Hải Phòng."""
    return local_date(utc_now())


def local(moment: datetime) -> datetime:
    """The same instant on the clock in Hải Phòng."""
    return moment.astimezone(LOCAL_ZONE)
