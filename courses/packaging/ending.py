"""The end of a zip, where its list of files is found (APPNOTE 4.3.14 to 4.3.16).

Readers that look for it differently see different files in one archive. So there must be exactly one way to
read it: one end, at the very end, a list right before it, and nothing in front of the first file. Blanks at
the very end, with which tapes and pages of PHP fill up what they send, hide nothing.
"""

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from courses.errors import Refused

_END = b"PK\x05\x06"
_END_FORMAT = struct.Struct("<4s4H2LH")
_LOCATOR = b"PK\x06\x07"
_LOCATOR_FORMAT = struct.Struct("<4sLQL")
_END64 = b"PK\x06\x06"
_END64_FORMAT = struct.Struct("<4sQ2H2L4Q")
_LONGEST_COMMENT = 0xFFFF
_BLANKS = b"\0\t\n\r "
# Archives that were once made to be split, and were not, begin so (APPNOTE 8.5.4).
_SPLIT_MARKS = (b"PK\x07\x08", b"PK00")
# How RAR, 7-Zip and gzip begin.
_OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_LONGEST_MARK = 6


@dataclass(frozen=True)
class Ending:
    """Where the list of files starts, and how many there are; `files_start` is 0, or 4 after a mark."""

    directory_start: int
    count: int
    files_start: int


def damaged() -> Refused:
    return Refused("The file is not a complete zip archive. Export the package again and send it whole.")


def _refuse_other_kinds(stream: BinaryIO, size: int) -> None:
    """Says what the file is instead, so that nobody sends the same one again and again."""
    if not size:
        raise Refused("The file is empty: it holds 0 bytes. Export the package again.")
    stream.seek(0)
    if stream.read(_LONGEST_MARK).startswith(_OTHER_ARCHIVES):
        raise Refused(
            "This is an archive of another kind (RAR, 7-Zip or gzip), whatever its name ends in. Unpack it, "
            "and make an ordinary zip of what is inside."
        )


def read_ending(stream: BinaryIO) -> Ending:
    """Refuses a file that is no zip, is cut short, or could be read in two ways."""
    size = stream.seek(0, io.SEEK_END)
    _refuse_other_kinds(stream, size)
    position, record = _end(stream, size)
    _, disk, directory_disk, count_here, count, directory_size, directory_start, _ = record
    before = position
    wide = _end64(stream, position)
    if wide is not None:
        before, count, directory_size, directory_start = wide
    elif disk or directory_disk or count_here != count:
        raise Refused("The zip archive is only a part of a split one. Make one zip file of all of it.")
    if directory_start + directory_size != before:
        raise _prefixed() if 0 < directory_start + directory_size < before else damaged()
    stream.seek(0)
    return Ending(directory_start, count, len(_SPLIT_MARKS[0]) if stream.read(4) in _SPLIT_MARKS else 0)


def _end(stream: BinaryIO, size: int) -> tuple[int, tuple[bytes, int, int, int, int, int, int, int]]:
    """The end record and its position: the only one; its comment and blanks are all that follows."""
    tail_start = max(0, size - _END_FORMAT.size - _LONGEST_COMMENT)
    stream.seek(tail_start)
    tail = stream.read()
    found = []
    place = tail.find(_END)
    while place >= 0:
        if place + _END_FORMAT.size <= len(tail):
            record = _END_FORMAT.unpack_from(tail, place)
            after = place + _END_FORMAT.size + record[-1]
            if after <= len(tail) and not tail[after:].strip(_BLANKS):
                found.append((place, record))
        place = tail.find(_END, place + 1)
    if len(found) != 1 or tail.rfind(_END) != found[0][0]:
        raise damaged()
    return tail_start + found[0][0], found[0][1]


def _end64(stream: BinaryIO, position: int) -> tuple[int, int, int, int] | None:
    """Position of the zip64 record, count, size and start of the list; None where it is an ordinary zip."""
    locator_start = position - _LOCATOR_FORMAT.size
    start = locator_start - _END64_FORMAT.size
    if start < 0:
        return None
    stream.seek(start)
    raw = stream.read(_END64_FORMAT.size + _LOCATOR_FORMAT.size)
    mark, disk, place, disks = _LOCATOR_FORMAT.unpack_from(raw, _END64_FORMAT.size)
    if mark != _LOCATOR:
        return None
    record = _END64_FORMAT.unpack_from(raw)
    if record[0] != _END64 or disk or disks > 1:
        raise damaged()
    if place != start:
        raise _prefixed() if place < start else damaged()
    count_here, count, directory_size, directory_start = record[6:]
    if count_here != count:
        raise damaged()
    return start, count, directory_size, directory_start


def _prefixed() -> Refused:
    return Refused(
        "There is something in front of the zip archive, as in a program that unpacks itself. Send an "
        "ordinary zip file."
    )


def refuse_prefix(ending: Ending, first: int) -> None:
    """`first` is where the first file starts."""
    if first != ending.files_start:
        raise _prefixed()
