"""The versions of xAPI that this store speaks, as requests name them (xAPI 1.0.3 part 3, 3.3; xAPI 2.0)."""

import re

from tracking.statements.validation import Version

HEADER = "X-Experience-API-Version"

_ONE = re.compile(r"1\.0(\.[0-9]+)?")
_TWO = re.compile(r"2\.0(\.[0-9]+)?")

# What /about tells (2.8). Somebody who speaks 1.0.x is told the versions that 1.0.x knows of: clients made
# before 2.0 take another number for a fault.
SPOKEN_BY_ONE = ("1.0.0", "1.0.1", "1.0.2", "1.0.3")
SPOKEN = (*SPOKEN_BY_ONE, "2.0.0")


def version_named(header: str | None) -> Version | None:
    """The version in which a request with this header is answered; None when it is none of ours."""
    if not header:
        return None
    if _ONE.fullmatch(header):
        return "1.0.3"
    if _TWO.fullmatch(header):
        return "2.0.0"
    return None
