"""What is packed inside a zip: where each file's bytes lie, and unpacking them piece by piece.

Nothing is believed: the pieces must lie apart, and come to exactly the size and the checksum in the list.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from courses.packaging.ending import Ending, damaged, refuse_prefix

_HEADER = struct.Struct("<4s5H3L2H")
_MARK = b"PK\x03\x04"
_UTF8_FLAG = 0x0800
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Span:
    """Where one file's packed bytes are in the archive."""

    start: int
    size: int

    @property
    def end(self) -> int:
        return self.start + self.size


def spans(stream: BinaryIO, infos: Sequence[zipfile.ZipInfo], ending: Ending) -> Mapping[int, Span]:
    """The span of each entry by its header's position; refuses entries that lie over each other."""
    found: dict[int, Span] = {}
    ordered = sorted(infos, key=lambda info: info.header_offset)
    if ordered:
        refuse_prefix(ending, ordered[0].header_offset)
    end = ending.files_start
    for info in ordered:
        span = _span(stream, info)
        if info.header_offset < end or span.end > ending.directory_start:
            raise damaged()
        end = span.end
        found[info.header_offset] = span
    return found


def _span(stream: BinaryIO, info: zipfile.ZipInfo) -> Span:
    stream.seek(info.header_offset)
    raw = stream.read(_HEADER.size)
    if len(raw) < _HEADER.size:
        raise damaged()
    mark, *_, name_size, extra_size = _HEADER.unpack(raw)
    name = stream.read(name_size)
    if mark != _MARK or name != _name(info):
        raise damaged()
    return Span(info.header_offset + _HEADER.size + name_size + extra_size, info.compress_size)


def _name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_FLAG else "cp437")


def unpacked(stream: BinaryIO, info: zipfile.ZipInfo, span: Span) -> Iterator[bytes]:
    """The file's content in pieces of at most 256 KiB; refuses content that is not what the list says."""
    crc, size = 0, 0
    pieces = _packed(stream, span) if info.compress_type == zipfile.ZIP_STORED else _inflated(stream, span)
    for piece in pieces:
        size += len(piece)
        if size > info.file_size:
            raise damaged()
        crc = zlib.crc32(piece, crc)
        yield piece
    if size != info.file_size or crc != info.CRC:
        raise damaged()


def _packed(stream: BinaryIO, span: Span) -> Iterator[bytes]:
    left = span.size
    stream.seek(span.start)
    while left:
        piece = stream.read(min(_CHUNK, left))
        if not piece:
            raise damaged()
        left -= len(piece)
        yield piece


def _inflated(stream: BinaryIO, span: Span) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _packed(stream, span):
            waiting = packed
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, _CHUNK)
                waiting = unpacker.unconsumed_tail
        while not unpacker.eof and (piece := unpacker.decompress(b"", _CHUNK)):
            yield piece
    except zlib.error as error:
        raise damaged() from error
    if not unpacker.eof or unpacker.unused_data:
        raise damaged()
