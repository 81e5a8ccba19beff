"""multipart/mixed (RFC 2046): read from a stream part by part, and written to one.

No more than a chunk of a part lies in memory. Every byte is looked at a bounded number of times, whatever
stands in it. Lines may end with CRLF, as the RFC wants, or with LF throughout; what stands before the first
boundary and after the last is left out. Raises `Invalid` for a body that is not of this form.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tracking.statements.validation import Invalid

CHUNK = 1 << 16
LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1
MOST_HEADER_BYTES = 8192  # of one part
MOST_PADDING = 100  # blanks behind a boundary

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+")
_QUOTED = re.compile(r'\s*"((?:[^"\\]++|\\.)*+)"')
_ESCAPED = re.compile(r"\\(.)")


class Source(Protocol):
    """What a body is read from; an empty answer is its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its place in the body, from 1; its headers, names in lower case; its content, to read once.

    Content that was not read is passed over when the next part is asked for.
    """

    number: int
    headers: Mapping[str, str]
    content: Iterator[bytes]

    def media_type(self) -> str | None:
        """The media type without parameters, in lower case; None where the part does not tell."""
        given = self.headers.get("content-type")
        return None if given is None else essence(given)


def essence(content_type: str) -> str:
    """`text/plain` of `Text/plain; charset=utf-8`."""
    return content_type.partition(";")[0].strip().lower()


def boundary_of(content_type: str) -> str:
    """The boundary that a Content-Type names, bare or in quotation marks (RFC 2046, 5.1.1)."""
    for name, value in _parameters(content_type):
        if name == "boundary":
            if not 1 <= len(value) <= LONGEST_BOUNDARY or not (value.isascii() and value.isprintable()):
                raise Invalid("%(path)s: the boundary must have 1 to 70 printable characters", "Content-Type")
            return value.rstrip(" ")
    raise Invalid("%(path)s: multipart/mixed needs a boundary", "Content-Type")


def _parameters(content_type: str) -> Iterator[tuple[str, str]]:
    rest = content_type.partition(";")[2]
    while rest:
        name, _, rest = rest.partition("=")
        quoted = _QUOTED.match(rest)
        if quoted is None and rest.lstrip().startswith('"'):
            raise Invalid("%(path)s: a quotation mark is missing", "Content-Type")
        if quoted:
            value, rest = _ESCAPED.sub(r"\1", quoted[1]), rest[quoted.end() :].partition(";")[2]
        else:
            value, _, rest = rest.partition(";")
        yield name.rpartition(";")[2].strip().lower(), value.strip()


def read_parts(source: Source, boundary: str) -> Iterator[Part]:
    """The parts of a body, until its closing boundary; then the rest of the stream is read and left out."""
    reader = _Reader(source, boundary)
    for _ in reader.content():  # what stands before the first boundary
        pass
    number = 0
    while not reader.closed:
        number += 1
        part = Part(number, reader.headers(f"part {number}"), reader.content())
        yield part
        for _ in part.content:
            pass
    while source.read(CHUNK):
        pass


class _Reader:
    """A window on the stream: `_held` from `_at` on is what was read and not yet passed on."""

    def __init__(self, source: Source, boundary: str) -> None:
        self._source = source
        self._held = b""
        self._at = 0
        self._dashes = b"--" + boundary.encode("ascii")
        self._delimiter = b"\n" + self._dashes  # until a boundary line shows how lines end here
        self.closed = False

    def content(self) -> Iterator[bytes]:
        """What stands before the next boundary line, which is passed over too."""
        if end := self._boundary_line(0, self._dashes):  # an empty part, or the beginning of the body
            self._at += end
            return
        passed = 0  # bytes of the window in which no boundary line begins
        while True:
            found = self._held.find(self._delimiter, self._at + passed)
            if found < 0:
                # The last bytes may be the beginning of a boundary line.
                yield self._take(max(0, len(self._held) - self._at - len(self._delimiter) + 1))
                passed = 0
                if not self._fill():
                    raise Invalid("%(path)s: broken off before the closing boundary", "body")
                continue
            passed = found - self._at
            if end := self._boundary_line(passed, self._delimiter):
                yield self._take(passed)
                self._at += end
                return
            passed += 1

    def headers(self, where: str) -> dict[str, str]:
        """The headers of a part, up to the empty line that ends them."""
        found: dict[str, str] = {}
        name, room = "", MOST_HEADER_BYTES
        while line := self._line(room, where):
            room -= len(line)
            text = line.decode("latin-1")
            if name and text[0] in " \t":  # goes on from the line before
                found[name] += " " + text.strip()
                continue
            name, colon, value = text.partition(":")
            name = name.rstrip().lower()
            if not colon or _NAME.fullmatch(name) is None:
                raise Invalid("%(path)s: has a line among its headers that is none", where)
            if name in found:
                raise Invalid("%(path)s: the header %(name)s comes twice", where, name=name)
            found[name] = value.strip()
        return found

    def _boundary_line(self, ahead: int, mark: bytes) -> int:
        """How long the boundary line is that begins with `mark` so far ahead; 0 where there is none."""
        while len(self._held) - self._at < ahead + len(mark) + MOST_PADDING and self._fill():
            pass
        start = self._at + ahead
        after = start + len(mark)
        if not self._held.startswith(mark, start):
            return 0
        if self._held.startswith(b"--", after):
            self.closed = True
            return after + 2 - start
        end = self._held.find(b"\n", after, after + MOST_PADDING)
        if end < 0 or self._held[after:end].strip(b" \t\r"):
            return 0
        line_end = b"\r\n" if self._held[end - 1 : end] == b"\r" else b"\n"
        self._delimiter = line_end + self._dashes
        return end + 1 - start

    def _line(self, most: int, where: str) -> bytes:
        """The next line without its end, which must come within `most` bytes."""
        while (end := self._held.find(b"\n", self._at, self._at + most + 2)) < 0:
            if len(self._held) - self._at > most:
                raise Invalid("%(path)s: its headers are too long", where)
            if not self._fill():
                raise Invalid("%(path)s: broken off before the closing boundary", "body")
        line = self._held[self._at : end]
        self._at = end + 1
        return line.removesuffix(b"\r")

    def _take(self, size: int) -> bytes:
        taken = self._held[self._at : self._at + size]
        self._at += size
        return taken

    def _fill(self) -> bool:
        """Read more; whether there was more."""
        chunk = self._source.read(CHUNK)
        self._held = self._held[self._at :] + chunk
        self._at = 0
        return bool(chunk)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file to send along: the hash and the type it is sent under, its length in bytes, where it lies."""

    sha2: str
    content_type: str
    length: int
    path: Path


@dataclass(frozen=True, slots=True)
class Mixed:
    """A body to send: its Content-Type and length in bytes, and its bytes, to be read once."""

    content_type: str
    length: int
    chunks: Iterator[bytes]


def write_mixed(first: bytes, enclosed: Sequence[Enclosed]) -> Mixed:
    """A body of JSON and files (Communication 1.5.2), read from disk while it is sent.

    Letters and digits alone make the boundary, so that it need not be quoted.
    """
    boundary = secrets.token_hex(16).encode()
    opening = b"--" + boundary + b"\r\nContent-Type: application/json\r\n\r\n" + first
    between = [b"\r\n--" + boundary + b"\r\n" + _headers_of(one) + b"\r\n" for one in enclosed]
    closing = b"\r\n--" + boundary + b"--\r\n"
    length = len(opening) + sum(map(len, between)) + sum(one.length for one in enclosed) + len(closing)
    content_type = f"multipart/mixed; boundary={boundary.decode()}"
    return Mixed(content_type, length, _written(opening, between, enclosed, closing))


def _headers_of(one: Enclosed) -> bytes:
    # Blanks in a media type may be line ends, and these would begin another header.
    content_type = " ".join(one.content_type.split())
    return (
        f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\n"
        f"X-Experience-API-Hash: {one.sha2}\r\n"
    ).encode()


def _written(
    opening: bytes, between: Sequence[bytes], enclosed: Sequence[Enclosed], closing: bytes
) -> Iterator[bytes]:
    yield opening
    for headers, one in zip(between, enclosed, strict=True):
        yield headers
        with one.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    yield closing
