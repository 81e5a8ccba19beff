"""Whether all of a body has arrived, and as what it says it is.

Where a connection breaks, the web server hands on what has come so far. Half a statement is no
JSON; half a document or half a form would pass for the whole, so these must say how long they are.
"""

from tracking.errors import Refused


class LengthRequired(Refused):
    """The request has a body of which nobody said how long it is."""

    status = 411


class BrokeOff(Refused):
    """Less has arrived than was announced."""

    status = 400


class Encoded(Refused):
    """The body is compressed."""

    status = 415


def check_encoding(encoding: str | None) -> None:
    """Raise Encoded for a Content-Encoding (RFC 9110, 8.4).

    A few kilobytes may unfold to gigabytes, and a document must be given out with the bytes that came.
    """
    if (encoding or "identity").strip().lower() != "identity":
        raise Encoded("Content-Encoding: this store takes bodies as they are, not compressed.")


def check_whole(body: bytes, announced: int | None) -> None:
    """Raise LengthRequired, or BrokeOff, where the body is not for certain the whole one."""
    if announced is None and body:
        raise LengthRequired("Say how long the body is: send the header Content-Length.")
    if announced is not None and len(body) != announced:
        raise BrokeOff("The request broke off on its way. Send it again.")
