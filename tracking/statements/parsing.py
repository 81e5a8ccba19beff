"""From bytes to statements, and from the strings in them to instants and seconds."""

from datetime import datetime
from typing import Any

import orjson

from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.numbers import SUSPICIOUS, ZEROS, has_long, outside_strings, read_exactly
from tracking.statements.validation.times import is_iso_timestamp, read_duration, read_timestamp

MOST_STATEMENTS = 1000
# Each object and each array takes some twenty times as much memory as two or three bytes of JSON.
MOST_CONTAINERS = 2_000_000
_LARGE = 1 << 20  # bytes; there are fewer of them in less

_BLANKS = b" \t\r\n"
_NAME_ENDS = b'":'
# Blanks, quotation marks and colons among others: U+0020 to U+003F.
_TELLING_ESCAPES = (b"\\u002", b"\\u003")


def parse_statements(body: bytes, *, limit: int = MOST_STATEMENTS) -> list[dict[str, Any]]:
    """The statements of a request body: one object, or an array of objects, which may be empty.

    Refuses what is not JSON in UTF-8 (NaN and infinities are not), a property that comes twice in an object
    at any depth, nesting beyond what the serialiser takes (254; `validation` allows extensions 100), more
    objects and arrays than memory should hold, and more than `limit` statements. `validation` does the rest.
    """
    value = parse_json(body)
    if type(value) is dict:
        return [value]
    if type(value) is not list:
        raise Invalid("%(path)s: must be an object or an array of objects")
    if len(value) > limit:
        raise Invalid("%(path)s: more than %(limit)s at once; send several requests", limit=limit)
    for position, item in enumerate(value):
        if type(item) is not dict:
            raise Invalid("%(path)s: must be an object").enter(position)
    return value


def parse_statement(body: bytes) -> dict[str, Any]:
    """The one statement of a request body, with the refusals of `parse_statements`."""
    value = parse_json(body)
    if type(value) is not dict:
        raise Invalid("%(path)s: must be one object")
    return value


def parse_json(body: bytes) -> Any:
    """The value of a JSON text, with the refusals of `parse_statements` that concern any JSON.

    Integers of more than 64 bits are kept digit by digit (`validation.numbers`).
    """
    if len(body) > _LARGE and body.count(b"{") + body.count(b"[") > MOST_CONTAINERS:
        raise Invalid("%(path)s: more than %(most)s objects and arrays at once", most=MOST_CONTAINERS)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("%(path)s: not JSON in UTF-8 (%(reason)s)", reason=str(error)) from error
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise Invalid("%(path)s: nested too deep") from error
    if written != body:
        squeezed = body.translate(ZEROS, _BLANKS)
        _refuse_repeated_names(body, squeezed, written)
        if SUSPICIOUS in squeezed and has_long(body):
            return read_exactly(body)
    return value


def parse_kept(raw: bytes) -> Any:
    """The value of JSON that was parsed once and is kept, its integers as they were."""
    return read_exactly(raw) if has_long(raw) else orjson.loads(raw)


def _refuse_repeated_names(body: bytes, squeezed: bytes, written: bytes) -> None:
    """Data 2.2.s2.b2. The parser keeps the last of two equal names, so that fewer come out than went in.

    Most clients send what our own serialiser writes: then nothing was lost. Otherwise the names that went in
    are counted against those that came out, by the mark and colon that end them. Strings may hold the same
    two characters, but hold them on both sides, unless they are spelt as an escape on one. `squeezed` is the
    body without blanks.
    """
    if any(escape in body for escape in _TELLING_ESCAPES):
        lost = _names(body) != _names(written)
    else:
        lost = squeezed.count(_NAME_ENDS) != written.translate(None, _BLANKS).count(_NAME_ENDS)
    if lost:
        raise Invalid("%(path)s: a property comes twice in an object")


def _names(text: bytes) -> int:
    return outside_strings(text).count(b":")


def timestamp(text: str) -> datetime:
    """The instant of an xAPI timestamp, aware and in UTC; a time without a zone is taken for UTC."""
    if not is_iso_timestamp(text):
        raise Invalid("%(path)s: not a timestamp of ISO 8601, such as 2026-01-31T08:00:00+07:00", "timestamp")
    return read_timestamp(text)


def duration_seconds(iso: str) -> float:
    """Seconds of an ISO 8601 duration; years and months count as the Gregorian calendar's mean."""
    seconds = read_duration(iso)
    if seconds is None:
        raise Invalid("%(path)s: not a duration of ISO 8601, such as PT1H30M or P4W", "duration")
    return seconds
