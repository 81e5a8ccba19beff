"""The numbers of statements (`seq`) tell the order in which they were stored.

A number is the millisecond of `stored`, and below it a count that tells statements of one millisecond apart.
So a page in the order of numbers is one in the order of `stored`, and a time is a place in every index that
ends with `seq`: since, until and the next page all begin with one step into the index, at any depth.
"""

from datetime import UTC, datetime, timedelta

COUNT_BITS = 22  # four million statements in one millisecond
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
LAST_SEQ = 2**63 - 1

_MILLISECOND = timedelta(milliseconds=1)
_LAST_MILLISECOND = LAST_SEQ >> COUNT_BITS  # in the year 2089


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since the beginning of numbers; the nearest that a number can tell."""
    return min(max((moment - BEGINNING) // _MILLISECOND, 0), _LAST_MILLISECOND)


def moment_of(millisecond: int) -> datetime:
    return BEGINNING + millisecond * _MILLISECOND


def first_seq(millisecond: int) -> int:
    """The least number of what is stored in this millisecond."""
    return min(millisecond << COUNT_BITS, LAST_SEQ)


def millisecond_of(seq: int) -> int:
    return seq >> COUNT_BITS
