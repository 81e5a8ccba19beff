"""A cmi5 course structure sent by itself, without a zip (cmi5 specification, section 14.2)."""

import re
from typing import BinaryIO

NAME = "cmi5.xml"
_HEAD = 64 * 1024
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Also the manifest of SCORM, so that whoever reads it can say what is missing.
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:courseStructure|manifest)\b", re.IGNORECASE)


def is_alone(stream: BinaryIO) -> bool:
    """Whether the file is XML that describes a course, in whatever encoding."""
    stream.seek(0)
    head = stream.read(_HEAD)
    for mark in _MARKS:
        head = head.removeprefix(mark)
    letters = head.replace(b"\0", b"").lstrip()
    return letters.startswith(b"<") and _ROOT.search(letters) is not None
