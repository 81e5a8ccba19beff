"""Bodies of multipart/mixed to send, and reading those that are answered."""

import hashlib
from collections.abc import Iterable
from email import message_from_bytes
from email.message import Message
from typing import Any

import orjson

BOUNDARY = "-------314159265358979323846"
TYPE = f"multipart/mixed; boundary={BOUNDARY}"
TEXT = b"here is a simple attachment"
USAGE = "http://example.com/attachment-usage/test"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def header_of(content: bytes, algorithm: str = "sha256", **changes: Any) -> dict[str, Any]:
    """The header of an attachment, as a statement has it."""
    return {
        "usageType": USAGE,
        "display": {"en-US": "A test attachment"},
        "contentType": "text/plain; charset=ascii",
        "length": len(content),
        "sha2": hashlib.new(algorithm, content).hexdigest(),
    } | changes


def file_part(content: bytes, algorithm: str = "sha256", **headers: str | None) -> bytes:
    """A part with a file; a header that is None is left out, `X_Y` is written `X-Y`."""
    told = {
        "Content_Type": "text/plain",
        "Content_Transfer_Encoding": "binary",
        "X_Experience_API_Hash": hashlib.new(algorithm, content).hexdigest(),
    } | headers
    lines = [
        f"{name.replace('_', '-')}: {value}".encode() for name, value in told.items() if value is not None
    ]
    return b"\r\n".join([*lines, b"", content])


def json_part(statements: Any, content_type: str = "application/json") -> bytes:
    return b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + orjson.dumps(statements)


def mixed(*parts: bytes, boundary: str = BOUNDARY) -> bytes:
    """The parts as a body."""
    line = b"--" + boundary.encode()
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def body_of(statements: Any, contents: Iterable[bytes] = ()) -> bytes:
    return mixed(json_part(statements), *(file_part(content) for content in contents))


def parts_of(content_type: str, body: bytes) -> list[Message]:
    """The parts of a body, read by the standard library's own reader of mail."""
    whole = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    assert not whole.defects
    return whole.get_payload()


def files_of(content_type: str, body: bytes) -> dict[str, bytes]:
    """The files of a body by their hashes."""
    found: dict[str, bytes] = {}
    for part in parts_of(content_type, body)[1:]:
        sha2 = part["X-Experience-API-Hash"]
        assert sha2 not in found, "each file comes once"
        found[sha2] = part.get_payload(decode=True)
    return found
