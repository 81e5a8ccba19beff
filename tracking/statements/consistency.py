"""How far the record is complete: whoever reads on from there will have missed nothing.

A statement's `stored` is read when its writer stands in the gate, where it is seen here until it has
committed (`tracking.statements.admission`). So all that was stored before the earliest of those who are
writing now came, and before now, is committed. On SQLite writers come one after the other; there the question
is only whether one is at work.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from tracking.dialects import is_sqlite
from tracking.record.models import Statement
from tracking.record.order import COUNT_BITS, first_seq, millisecond_of, milliseconds, moment_of
from tracking.statements.admission import CLOCK, PEN, PEN_PERIOD
from tracking.times import utc_now

# A clock may be so far behind what is stored because it was read a little earlier; beyond, it was set back.
_SET_BACK = 1_000  # milliseconds

# The clock is read before the pens are counted: a writer that is not among them comes after that.
_WRITING = text(f"""
    SELECT clock.millisecond, (SELECT coalesce(max(seq), 0) >> {COUNT_BITS} FROM statement) AS newest, ARRAY(
        SELECT objid::bigint FROM pg_locks
        WHERE locktype = 'advisory' AND classid = {PEN} AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND clock.millisecond IS NOT NULL
    ) AS pens
    FROM (SELECT {CLOCK} AS millisecond OFFSET 0) AS clock
""")  # noqa: S608  (numbers of the program's own)
_LAST = select(func.max(Statement.seq))


@dataclass(frozen=True, slots=True)
class Horizon:
    """All statements whose number is less than `seq` can be read now; `through` is the last such instant."""

    millisecond: int

    @property
    def seq(self) -> int:
        return first_seq(self.millisecond)

    @property
    def through(self) -> datetime:
        return moment_of(self.millisecond - 1)


def horizon(session: Session) -> Horizon:
    """Ask before reading: it holds for what the session sees afterwards.

    On SQLite the session must not have begun to read, for a transaction there goes on seeing what it saw.
    """
    return Horizon(_among_others(session) if not is_sqlite(session) else _beside_one(session))


def _among_others(session: Session) -> int:
    row = session.connection().execute(_WRITING).one()
    now: int = row.millisecond
    if row.newest >= now + _SET_BACK:
        now = row.newest + 1  # what comes is numbered behind it
    return min([now, *(_came(pen, now) for pen in row.pens)])


def _came(pen: int, now: int) -> int:
    """The millisecond nearest to now of which the pen tells the lower bits."""
    behind = (now - pen) % PEN_PERIOD
    return now - behind if behind < PEN_PERIOD // 2 else now + PEN_PERIOD - behind


def _beside_one(session: Session) -> int:
    bind = session.get_bind()
    now = milliseconds(utc_now())  # before the question: whoever comes after it comes later than this
    idle = _nobody_writes(bind if isinstance(bind, Engine) else bind.engine)
    newest: int = session.connection().execute(_LAST).scalar() or 0
    # Each transaction has a millisecond of its own, behind all that were committed before it.
    following = millisecond_of(newest) + 1
    return max(now, following) if idle else following


def _nobody_writes(engine: Engine) -> bool:
    """Whether the one lock for writing is free: taken and let go again, without waiting for it."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        except sqlite3.OperationalError:
            return False
        else:
            return True
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
