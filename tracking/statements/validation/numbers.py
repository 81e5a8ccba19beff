"""Integers of more than 64 bits, which the parser would make floats of, fewer digits and all.

In a statement that was read such a number stands as the JSON it came in (`Long`), so that it is written as it
was sent (Data 2.2.s4.b3 demands less). Other numbers are what Python makes of them: fractions are IEEE 754
doubles.
"""

import json
from typing import Any

import orjson

Long = orjson.Fragment

_LEAST, _MOST = -(1 << 63), (1 << 64) - 1
_LONGEST_WORD = len(str(_LEAST))  # characters
# What makes all digits alike, and the shortest integer then that may be too long.
ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
SUSPICIOUS = b"0" * (_LONGEST_WORD - 1)


def has_long(text: bytes) -> bool:
    """Tell whether a JSON text has so many digits in a row that they may be too many for a machine word."""
    zeros = text.translate(ZEROS)
    return SUSPICIOUS in zeros and SUSPICIOUS in outside_strings(zeros)


def outside_strings(text: bytes) -> bytes:
    """A JSON text without what stands between quotation marks.

    Escaped backslashes go first, then escaped quotation marks, so that every mark left opens or closes.
    """
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


def read_exactly(text: bytes) -> Any:
    """The value of a JSON text that orjson takes, with long integers as `Long`."""
    return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> Any:
    """An int as the parser gives it; of more digits than a machine word has, they themselves."""
    if len(digits) <= _LONGEST_WORD and _LEAST <= (value := int(digits)) <= _MOST:
        return value
    return Long(digits.encode())


def quantity(value: Any) -> Any:
    """The number that a `Long` is; any other value as it is."""
    return int(orjson.dumps(value)) if type(value) is Long else value
