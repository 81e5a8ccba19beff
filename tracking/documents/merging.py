"""Putting two JSON objects together, one level deep (xAPI 1.0.3 part 3, 2.2.s7)."""

import msgspec

from tracking.statements.parsing import parse_json
from tracking.statements.validation import Invalid

JSON = "application/json"

_Members = dict[str, msgspec.Raw]
_read = msgspec.json.Decoder(_Members).decode
_write = msgspec.json.Encoder().encode


def is_json(content_type: str) -> bool:
    """Whether the media type is application/json, whatever its parameters."""
    return content_type.partition(";")[0].strip().lower() == JSON


def check_json(content: bytes) -> None:
    """Raise Invalid for what is no JSON text in UTF-8, or has a property twice in an object."""
    try:
        parse_json(content)
    except Invalid as fault:
        raise fault.enter("content") from None


def merged(kept: bytes, posted: bytes) -> bytes:
    """The object `kept` with the properties of `posted`, each with its whole value.

    Values are not read: the digits of numbers and the order of properties stay as they were written.
    Raises Invalid where one of the two is not an object.
    """
    check_json(posted)
    return _write(
        _members(kept, "the document that is there") | _members(posted, "the document that was sent")
    )


def _members(content: bytes, name: str) -> _Members:
    try:
        return _read(content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Invalid(
            "%(path)s: not a JSON object, so nothing can be merged; PUT replaces the whole", name
        ) from None
