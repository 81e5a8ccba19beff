"""From bytes to statements, and from the strings in them to instants and seconds."""

from datetime import datetime
from typing import Any

import orjson

from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.times import is_iso_timestamp, read_duration, read_timestamp

MOST_STATEMENTS = 1000
DEEPEST = 100

_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"{}[]")))


def parse_statements(body: bytes, *, limit: int = MOST_STATEMENTS) -> list[dict[str, Any]]:
    """The statements of a request body: one object, or an array of objects, which may be empty.

    Refuses what is not JSON in UTF-8 (NaN and infinities are not), a property that comes twice in an object
    at any depth, nesting beyond `DEEPEST`, and more than `limit` statements. `validation` does the rest.
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
    """The value of a JSON text, with the refusals of `parse_statements` that concern any JSON."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid("%(path)s: not JSON in UTF-8 (%(reason)s)", reason=str(error)) from error
    _refuse_depth(body)
    _refuse_repeated_names(body, value)
    return value


def _refuse_repeated_names(body: bytes, value: Any) -> None:
    """Data 2.2.s2.b2. The parser keeps the last of two equal names, so that fewer come out than went in.

    Most clients send what our own serialiser would write: then nothing was lost. Otherwise the names of the
    text are counted against those of the value.
    """
    written = orjson.dumps(value)
    if written != body and _outside_strings(body).count(b":") != _outside_strings(written).count(b":"):
        raise Invalid("%(path)s: a property comes twice in an object")


def _refuse_depth(body: bytes) -> None:
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return
    brackets = _outside_strings(body).translate(None, _NOT_BRACKETS)
    for _ in range(DEEPEST):
        # Each round takes away the innermost pairs.
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if not brackets:
            return
    raise Invalid("%(path)s: nested more than %(deepest)s deep", deepest=DEEPEST)


def _outside_strings(text: bytes) -> bytes:
    """A JSON text without what stands between quotation marks.

    Escaped backslashes go first, then escaped quotation marks, so that every mark left opens or closes.
    """
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


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
