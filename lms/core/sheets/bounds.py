"""How much room the sheets of a file would take, before they are opened.

A sheet is opened as a rectangle from its first cell to its last. One stray cell in the last corner of an
otherwise empty sheet would ask for more memory than there is, and the process would be gone.
"""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from lxml import etree

CHUNK = 1 << 20
# More than any tag of a cell is long, so that one cut in two by the end of a chunk is whole in the next.
_OVERLAP = 512
# The place of a cell, and that of a cell with something in it: one that is only formatted takes no room.
_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]{1,3})(\d{1,7})["'](?:[^>]*[^/>])?>""")

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


def fits(archive: zipfile.ZipFile, most: int) -> bool:
    """Whether the rectangle of every sheet of an xlsx or ods file holds at most this many cells."""
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            # Looking at every place is quick; telling filled cells from others is needed for few files.
            if not any(_xlsx_size(archive, name, pattern) <= most for pattern in (_PLACE, _FILLED)):
                return False
        elif name == "content.xml":
            with archive.open(name) as file:
                if _ods_size(file) > most:
                    return False
    return True


def _xlsx_size(archive: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes]) -> int:
    rows = 0
    letters: set[bytes] = set()
    with archive.open(name) as file:
        for part in _parts(file):
            found = pattern.findall(part)
            letters.update(column for column, _ in found)
            rows = max(rows, max((int(row) for _, row in found), default=0))
    return rows * max(map(_column, letters), default=0)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := file.read(CHUNK):
        yield rest + chunk
        rest = chunk[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _ods_size(file: IO[bytes]) -> int:
    """All sheets together. Cells and rows may say how often they are repeated; blank ends do not count."""
    rows = blank = columns = place = width = 0
    tags = [f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell", f"{_TABLE}table-row"]
    for _, found in etree.iterparse(file, tag=tags, resolve_entities=False, no_network=True):
        if found.tag != tags[2]:
            place += _repeated(found, "columns")
            width = place if found.get(_VALUE) is not None else width
        else:
            blank += _repeated(found, "rows")
            if width:
                rows, columns, blank = rows + blank, max(columns, width), 0
            place = width = 0
        found.clear()
    return rows * columns


def _repeated(found: etree._Element, what: str) -> int:
    return int(found.get(f"{_TABLE}number-{what}-repeated", "1"))
