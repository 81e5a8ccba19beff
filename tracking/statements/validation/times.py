"""Timestamps (RFC 3339, ISO 8601) and durations (ISO 8601:2004, 4.4.3.2) as strings and as values."""

import re
from datetime import UTC, datetime, timedelta

_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_HOUR = r"(?:[01][0-9]|2[0-3])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
# Data 4.5: a negative offset of nothing says that the offset is unknown, and is refused.
_UNKNOWN_OFFSET = "-00:00"
# What the digits may be is left to datetime.
_RFC = re.compile(
    r"\d\d\d\d-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)
_ZONE = rf"(?:[Zz]|\+{_HOUR}(?::?[0-5][0-9])?|-(?!00(?::?00)?\Z){_HOUR}(?::?[0-5][0-9])?)?"
_EXTENDED = rf"[0-9]{{4}}-{_MONTH}-{_DAY}[Tt ]{_TIME}(?::(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?{_ZONE}"
_BASIC = rf"[0-9]{{4}}{_MONTH}{_DAY}[Tt]{_HOUR}[0-5][0-9](?:(?:[0-5][0-9]|60)(?:[.,][0-9]+)?)?{_ZONE}"
_ISO = re.compile(f"{_EXTENDED}|{_BASIC}")
_LEAP_SECOND = re.compile(r"(?<=[Tt ][0-9]{2}:[0-9]{2}:)60|(?<=[Tt][0-9]{4})60")
# These years are whole in every offset.
_EDGE_YEARS = ("0001", "9999")

# Only the last component may have a fraction.
_N = r"[0-9]+(?:[.,][0-9]+(?=[YMWDHS]\Z))?"
_DURATION = re.compile(
    rf"P(?=[0-9T])(?:({_N})W|(?:({_N})Y)?(?:({_N})M)?(?:({_N})D)?"
    rf"(?:T(?=[0-9])(?:({_N})H)?(?:({_N})M)?(?:({_N})S)?)?)"
)
_USUAL_DURATION = re.compile(r"PT(?:[0-9]+H)?(?:[0-9]+M)?[0-9]+(?:\.[0-9]+)?S")
# Weeks, years, months, days, hours, minutes, seconds; years and months of the Gregorian calendar's mean.
_SECONDS = (604_800, 31_556_952, 2_629_746, 86_400, 3_600, 60, 1)


def is_rfc_timestamp(text: str) -> bool:
    """RFC 3339, as xAPI 2.0 demands."""
    return _RFC.fullmatch(text) is not None and text[-6:] != _UNKNOWN_OFFSET and _exists(text)


def is_iso_timestamp(text: str) -> bool:
    """ISO 8601, extended or basic, with or without seconds and zone, as xAPI 1.0.3 allows (Data 4.5)."""
    return is_rfc_timestamp(text) or (_ISO.fullmatch(text) is not None and _exists(text))


def is_duration(text: str) -> bool:
    """Weeks alone, or years to seconds, with a fraction in the last component only (Data 4.6)."""
    return _USUAL_DURATION.fullmatch(text) is not None or _DURATION.fullmatch(text) is not None


def _exists(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return _readable(text)
    return not text.startswith(_EDGE_YEARS) or _readable(text)


def _readable(text: str) -> bool:
    try:
        read_timestamp(text)
    except (ValueError, OverflowError):
        return False
    return True


def read_timestamp(text: str) -> datetime:
    """The instant, aware, in UTC, cut to microseconds; without a zone it is taken for UTC.

    A leap second is the first instant of the next minute. Raises ValueError or OverflowError.
    """
    plain = _LEAP_SECOND.sub("59", text) if "60" in text else text
    moment = datetime.fromisoformat(plain.upper())
    if plain is not text and plain != text:
        moment = moment.replace(microsecond=0) + timedelta(seconds=1)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_duration(text: str) -> float | None:
    """Seconds, or None when the string is not a duration."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    parts = zip(match.groups(), _SECONDS, strict=True)
    return sum(float(part.replace(",", ".")) * unit for part, unit in parts if part)
