"""Letting a transaction in to store statements: at which instant it does, and under which numbers.

Numbers tell the order of `stored` (`tracking.record.order`). So the instant is read when the transaction
stands in the record's gate and can be seen there, not before: whoever asks how far the record is complete
(`tracking.statements.consistency`) may rely on it that what comes later bears a later instant. On PostgreSQL
it is the database's clock, one for all machines. A clock that is set back is not followed: then each
transaction takes the millisecond after the last one that was committed, until the clock has caught up.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, text
from sqlalchemy.orm import Session

from tracking.dialects import GATE, is_sqlite
from tracking.questions import Question
from tracking.record.models import Statement
from tracking.record.order import BEGINNING, COUNT_BITS, first_seq, millisecond_of, milliseconds, moment_of
from tracking.rounds import Steps
from tracking.times import utc_now

# Writers hold a lock by two numbers: this one, and the millisecond before which they store nothing, as far
# as 31 bits tell it.
PEN = 0x70656E  # "pen"
PEN_PERIOD = 2**31
CLOCK = f"(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - {int(BEGINNING.timestamp()) * 1000})"

_COUNTED = 2**COUNT_BITS
_NEWEST = f"(SELECT coalesce(max(seq), 0) >> {COUNT_BITS} FROM statement)"  # noqa: S608  (numbers of the program's own)
_COMING = f"mod(greatest({CLOCK}, {_NEWEST}), {PEN_PERIOD})::int"


def _passing(lock: str) -> Question:
    """Each step waits for the one before: go through the gate, take up the pen, look at the clock."""
    passing = text(f"""
        SELECT {CLOCK} AS millisecond, {_NEWEST} AS newest, ARRAY(
            SELECT nextval((SELECT pg_get_serial_sequence('statement', 'seq'))::regclass)
            FROM generate_series(1, :count)
        ) AS counts
        FROM (
            SELECT gate.held, pg_advisory_xact_lock_shared({PEN}, {_COMING})
            FROM (SELECT {lock}({GATE}) AS held OFFSET 0) AS gate
            OFFSET 0
        ) AS pen
    """)  # noqa: S608
    return Question(passing.columns(millisecond=BigInteger, newest=BigInteger, counts=ARRAY(BigInteger)))


_TOGETHER = _passing("pg_advisory_xact_lock_shared")
_ALONE = _passing("pg_advisory_xact_lock")
_LAST = Question(select(func.max(Statement.seq).label("seq")))
_LAST_BEFORE = Question(select(func.max(Statement.seq).label("seq")).where(Statement.seq < bindparam("seq")))


@dataclass(frozen=True, slots=True)
class Admission:
    """When statements are stored, to the millisecond, and a number for each of them, rising."""

    stored: datetime
    seqs: list[int]


def admitting(session: Session, count: int, *, alone: bool, now: datetime | None = None) -> Steps[Admission]:
    """Pass the gate until the transaction ends, together with other writers or `alone`.

    `now` is for tests, which store at times of their own choosing.
    """
    asked = None if now is None else milliseconds(now)
    if is_sqlite(session):
        return (yield from _admitting_alone(count, asked))
    return (yield from _admitting(count, asked, _ALONE if alone else _TOGETHER))


def _admitting(count: int, asked: int | None, passing: Question) -> Steps[Admission]:
    [[row]] = yield [passing(count=count)]
    millisecond = row.millisecond if asked is None else asked
    if asked is None and row.newest >= millisecond:
        # What was committed while this transaction waited at the gate was not seen in the same look.
        millisecond = millisecond_of((yield from _last())) + 1
    # The count begins anew after four million; the statements of one transaction keep their order.
    counts = sorted(number % _COUNTED for number in row.counts)
    first = first_seq(millisecond)
    return Admission(moment_of(millisecond), [first + number for number in counts])


def _admitting_alone(count: int, asked: int | None) -> Steps[Admission]:
    """SQLite has one writer at a time; each transaction has a millisecond of its own, after all before it."""
    if asked is None:
        last = yield from _last()
        millisecond = max(milliseconds(utc_now()), millisecond_of(last) + 1)
    else:
        last = yield from _last(before=asked + 1)
        millisecond = asked
    first = max(first_seq(millisecond), last + 1)
    return Admission(moment_of(millisecond), list(range(first, first + count)))


def _last(before: int | None = None) -> Steps[int]:
    [[row]] = yield [_LAST() if before is None else _LAST_BEFORE(seq=first_seq(before))]
    return row.seq or 0
