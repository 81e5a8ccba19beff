"""Letting a transaction in to store statements: at which instant it does, and under which numbers.

Numbers tell the order of `stored` (`tracking.record.order`). So the instant is read when the transaction
stands in the record's gate and can be seen there, not before: whoever asks how far the record is complete
(`tracking.statements.consistency`) may rely on it that what comes later bears a later instant. On PostgreSQL
it is the database's clock, one for all machines. A clock that is set back is not followed: then each
transaction takes the millisecond after the last one that was committed, until the clock has caught up.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.orm import Session

from tracking.dialects import GATE, is_sqlite
from tracking.record.models import Statement
from tracking.record.order import BEGINNING, COUNT_BITS, first_seq, millisecond_of, milliseconds, moment_of
from tracking.times import utc_now

# Writers hold a lock by two numbers: this one, and the millisecond before which they store nothing, as far
# as 31 bits tell it.
PEN = 0x70656E  # "pen"
PEN_PERIOD = 2**31
CLOCK = f"(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint - {int(BEGINNING.timestamp()) * 1000})"

_COUNTED = 2**COUNT_BITS
_NEWEST = f"(SELECT coalesce(max(seq), 0) >> {COUNT_BITS} FROM statement)"  # noqa: S608  (numbers of the program's own)
_COMING = f"mod(greatest({CLOCK}, {_NEWEST}), {PEN_PERIOD})::int"


def _passing(lock: str) -> TextClause:
    """Each step waits for the one before: go through the gate, take up the pen, look at the clock."""
    return text(f"""
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


_TOGETHER = _passing("pg_advisory_xact_lock_shared")
_ALONE = _passing("pg_advisory_xact_lock")
_LAST = select(func.max(Statement.seq))


@dataclass(frozen=True, slots=True)
class Admission:
    """When statements are stored, to the millisecond, and a number for each of them, rising."""

    stored: datetime
    seqs: list[int]


def admit(session: Session, count: int, *, alone: bool, now: datetime | None = None) -> Admission:
    """Pass the gate until the transaction ends, together with other writers or `alone`.

    `now` is for tests, which store at times of their own choosing.
    """
    asked = None if now is None else milliseconds(now)
    if is_sqlite(session):
        return _admit_alone(session, count, asked)
    return _admit(session, count, asked, _ALONE if alone else _TOGETHER)


def _admit(session: Session, count: int, asked: int | None, passing: TextClause) -> Admission:
    row = session.connection().execute(passing, {"count": count}).one()
    millisecond = row.millisecond if asked is None else asked
    if asked is None and row.newest >= millisecond:
        # What was committed while this transaction waited at the gate was not seen in the same look.
        millisecond = millisecond_of(_last(session)) + 1
    # The count begins anew after four million; the statements of one transaction keep their order.
    counts = sorted(number % _COUNTED for number in row.counts)
    first = first_seq(millisecond)
    return Admission(moment_of(millisecond), [first + number for number in counts])


def _admit_alone(session: Session, count: int, asked: int | None) -> Admission:
    """SQLite has one writer at a time; each transaction has a millisecond of its own, after all before it."""
    if asked is None:
        last = _last(session)
        millisecond = max(milliseconds(utc_now()), millisecond_of(last) + 1)
    else:
        last = _last(session, before=asked + 1)
        millisecond = asked
    first = max(first_seq(millisecond), last + 1)
    return Admission(moment_of(millisecond), list(range(first, first + count)))


def _last(session: Session, before: int | None = None) -> int:
    latest = _LAST if before is None else _LAST.where(Statement.seq < first_seq(before))
    return session.connection().execute(latest).scalar() or 0
