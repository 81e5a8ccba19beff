"""A commit's body becomes a message, whichever door it came by."""

from typing import Any

import orjson

from lms.player.rules.message import Message, read_message
from lms.player.rules.reading import read_patiently


def message_in(body: bytes) -> Message:
    """Raises BadSnapshot for what no player could have sent."""
    return read_message(document_in(body))


def document_in(body: bytes) -> Any:
    """The body, as JSON. Raises BadSnapshot."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return read_patiently(body)
