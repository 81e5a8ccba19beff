"""Two kinds of time: instants in UTC, and the local dates that people report by."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # before anything was recorded


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, to the microsecond, on every database.

    SQLite keeps no offset, so it is given naive UTC and its answer is marked as UTC again.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        value = aware(value)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def aware(moment: datetime) -> datetime:
    """The instant in UTC. Raises TypeError for one that does not say in which zone it is."""
    if moment.tzinfo is None:
        message = "a naive datetime has no place in the record"
        raise TypeError(message)
    return moment.astimezone(UTC)


def utc_now() -> datetime:
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The date on the wall in Hải Phòng at this instant."""
    return moment.astimezone(LOCAL_ZONE).date()


def end_of(day: date) -> datetime:
    """The first instant after a local date, in UTC: what happened on `day` happened before it."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), LOCAL_ZONE).astimezone(UTC)


# A day of room on both sides, so that every zone can show these instants.
_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)


def showable(moment: datetime) -> datetime:
    """The instant, or the nearest to it that every zone can show, in UTC."""
    return min(max(moment, _FIRST), _LAST).astimezone(UTC)
