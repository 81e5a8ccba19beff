"""A request that a unit made without a network, as the learner's device kept and delivered it (docs/cmi5.md).

JSON: `id` (32 hexadecimal digits, the device's own), `at` and `now` (when it was made and when it is sent,
both by the device's clock, in milliseconds since 1970), `prepared` (the unit had asked for the learner's
preferences), `seen` (the entity tag of the document as the device knew it, null for none), and of the request
itself `method`, `resource` (below /xapi/), `query`, `version` (of xAPI), `type` and `body` (in Base64).
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from math import isfinite
from typing import Any
from uuid import UUID

import orjson

from lms.core.errors import Refused
from tracking.documents.places import Place
from tracking.statements.validation import Version

LARGEST = 1024 * 1024  # bytes of a unit's own request; devices keep none that is larger
LARGEST_ENVELOPE = 2 * LARGEST
MOST = 10_000  # of one session
MOST_BYTES = 32 * 1024 * 1024  # of what one session sent and could not be taken
STATEMENTS, STATE, PROFILE = "statements", "activities/state", "agents/profile"
_METHODS = {STATEMENTS: ("PUT", "POST"), STATE: ("PUT", "POST", "DELETE"), PROFILE: ("PUT", "POST")}
_LONGEST_QUERY = 8000


class Malformed(Refused):
    """No device of ours has sent this."""


def no_version() -> Malformed:
    return Malformed("This is not a version of xAPI.")


class TooMuch(Refused):
    """More than any device of ours keeps."""

    status = 413


@dataclass(frozen=True)
class Posted:
    """Such a request, read. `at` and `now` in milliseconds since 1970, by the device's clock."""

    id: UUID
    at: float
    now: float
    prepared: bool
    seen: str | None
    method: str
    resource: str
    query: str
    version: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Aim:
    """What it is about: a statement by its id in the address (PUT), statements (neither), or a document."""

    version: Version
    statement: UUID | None = None
    place: Place | None = None


def read_posted(content: bytes) -> Posted:
    """Raises Malformed or TooMuch."""
    if len(content) > LARGEST_ENVELOPE:
        raise TooMuch("A request that is delivered late may have %(most)s bytes.", most=LARGEST)
    try:
        said = orjson.loads(content)
        posted = _read(said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Malformed("This is not a request as a device keeps it.") from error
    if posted.method not in _METHODS.get(posted.resource, ()):
        raise Malformed("A device keeps statements, states and preferences, and nothing else.")
    if len(posted.body) > LARGEST or len(posted.query) > _LONGEST_QUERY:
        raise TooMuch("A request that is delivered late may have %(most)s bytes.", most=LARGEST)
    return posted


def _read(said: dict[str, Any]) -> Posted:
    try:
        body = b64decode(_text(said["body"]), validate=True)
    except binascii.Error as error:
        raise ValueError from error
    seen = said["seen"]
    return Posted(
        id=UUID(hex=_text(said["id"])),
        at=_moment(said["at"]),
        now=_moment(said["now"]),
        prepared=said["prepared"] is True,
        seen=None if seen is None else _text(seen),
        method=_text(said["method"]),
        resource=_text(said["resource"]),
        query=_text(said["query"]),
        version=_text(said["version"]),
        content_type=_text(said["type"]),
        body=body,
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise TypeError
    return value


def _moment(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise TypeError
    return float(value)
