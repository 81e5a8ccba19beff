"""multipart/mixed (RFC 2046): read from a stream part by part, and written to one.

No more than a chunk of a part lies in memory. Every byte is looked at a bounded number of times, whatever
stands in it. Lines may end with CRLF, as the RFC wants, or with LF throughout; what stands before the first
boundary and after the last is left out. Raises `Invalid` for a body that is not of this form.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tracking.statements.validation import Invalid

CHUNK = 1 << 16
LONGEST_BOUNDARY = 70  # RFC 2046, 5.1.1
MOST_HEADER_BYTES = 8192  # of one part
MOST_PADDING = 100  # blanks behind a boundary

_BLANKS = b" \t"
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+")


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
        rest = rest.lstrip()
        if rest.startswith('"'):
            value, rest = _quoted(rest[1:])
            rest = rest.partition(";")[2]
        else:
            value, _, rest = rest.partition(";")
        yield name.rpartition(";")[2].strip().lower(), value.strip()


def _quoted(text: str) -> tuple[str, str]:
    """A quoted string without its marks and escapes, and what follows it."""
    found: list[str] = []
    characters = iter(range(len(text)))
    for place in characters:
        if text[place] == '"':
            return "".join(found), text[place + 1 :]
        if text[place] == "\\" and place + 1 < len(text):
            place = next(characters)  # noqa: PLW2901  (the escaped character is taken as it is)
        found.append(text[place])
    return "".join(found), ""


def read_parts(source: Source, boundary: str) -> Iterator[Part]:
    """The parts of a body, until its closing boundary; then the rest of the stream is read and left out."""
    return _Reader(source, boundary).parts()


class _Reader:
    """A window on the stream: `_held` from `_at` on is what was read and not yet passed on."""

    def __init__(self, source: Source, boundary: str) -> None:
        self._source = source
        self._held = b""
        self._at = 0
        self._dashes = b"--" + boundary.encode("ascii")
        # Until the first boundary line shows how lines end here.
        self._delimiter = b"\n" + self._dashes
        self._closed = False

    def parts(self) -> Iterator[Part]:
        for _ in self._content():
            pass
        number = 0
        while not self._closed:
            number += 1
            content = self._content(self._headers(number))
            yield Part(number, self._found, content)
            for _ in content:
                pass
        while self._source.read(CHUNK):
            pass

    def _fill(self) -> bool:
        """Read more; whether there was more."""
        chunk = self._source.read(CHUNK)
        self._held = self._held[self._at :] + chunk
        self._at = 0
        return bool(chunk)

    def _content(self, start: None = None) -> Iterator[bytes]:
        """What stands before the next boundary line, which is passed over too."""
        del start
        if self._passes_line(self._at, self._dashes):  # an empty part, or a body that begins at once
            return
        while True:
            found = self._held.find(self._delimiter, self._at)
            if found < 0:
                yield from self._take(len(self._held) - len(self._delimiter) + 1)
                if not self._fill():
                    raise Invalid("%(path)s: broken off before the closing boundary", "body")
                continue
            yield from self._take(found)
            if self._passes_line(self._at, self._delimiter):
                return
            yield from self._take(self._at + 1)  # something that only begins like a boundary

    def _take(self, end: int) -> Iterator[bytes]:
        if end > self._at:
            taken = self._held[self._at : end]
            self._at = end
            yield taken
