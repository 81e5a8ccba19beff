"""What errors of the databases mean for whoever asked."""

import sqlite3

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnection

from lms.core.database import Database
from lms.core.files import DiskFull
from lms.core.outages import Outage, outage, refusal_of

STATES: dict[str, tuple[type[DBAPIError], Outage | None]] = {
    "08006": (OperationalError, Outage.AWAY),
    "57P01": (OperationalError, Outage.AWAY),
    "57P02": (OperationalError, Outage.AWAY),
    "57P03": (OperationalError, Outage.AWAY),
    "53300": (OperationalError, Outage.AWAY),
    "53200": (OperationalError, Outage.AWAY),
    "25006": (InternalError, Outage.AWAY),
    "58030": (OperationalError, Outage.AWAY),
    "53100": (OperationalError, Outage.FULL),
    "40001": (OperationalError, Outage.COLLISION),
    "40P01": (OperationalError, Outage.COLLISION),
    "55P03": (OperationalError, Outage.BUSY),
    "57014": (OperationalError, Outage.BUSY),
    "23505": (IntegrityError, None),
    "22P05": (DataError, None),
    "42P01": (ProgrammingError, None),
    "25P02": (InternalError, None),
    "XX000": (InternalError, None),
}


@pytest.mark.parametrize("state", STATES)
def test_postgresql_says_it_by_its_state(state):
    kind, expected = STATES[state]
    original = psycopg.errors.lookup(state)("x")
    assert outage(kind("SELECT 1", {}, original)) is expected


def sqlite_error(code: int) -> OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, Outage.BUSY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Outage.BUSY),
        (sqlite3.SQLITE_LOCKED, Outage.BUSY),
        (sqlite3.SQLITE_FULL, Outage.FULL),
        (sqlite3.SQLITE_IOERR_WRITE, Outage.AWAY),
        (sqlite3.SQLITE_CANTOPEN, Outage.AWAY),
        (sqlite3.SQLITE_READONLY, Outage.AWAY),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CORRUPT, None),
    ],
)
def test_sqlite_says_it_by_its_result_code(code, expected):
    assert outage(sqlite_error(code)) is expected


def test_a_driver_that_reaches_nobody_and_a_lost_connection_are_outages():
    assert outage(OperationalError("SELECT 1", {}, psycopg.OperationalError("refused"))) is Outage.AWAY
    gone = psycopg.InterfaceError("the connection is closed")
    assert outage(DBAPIError("SELECT 1", {}, gone, connection_invalidated=True)) is Outage.AWAY
    assert outage(NoConnection("QueuePool limit")) is Outage.BUSY
    assert outage(ValueError("ours")) is None


def test_a_defect_on_either_database_is_none(database: Database):
    with pytest.raises(DBAPIError) as caught, database.snapshot() as session:
        session.execute(text("SELECT nothing FROM nowhere"))
    assert outage(caught.value) is None


def test_who_waits_too_long_for_what_others_hold_is_told_so(settings):
    first, second = Database(settings.database_url), Database(settings.database_url, patience=1)
    lock = "SELECT 1" if settings.embedded_database else "SELECT pg_advisory_xact_lock(1)"
    with first.transaction() as holder:
        holder.execute(text(lock))
        with pytest.raises(OperationalError) as caught, second.transaction() as waiting:
            waiting.execute(text(lock))
    assert outage(caught.value) is Outage.BUSY
    first.close()
    second.close()


def test_every_outage_has_a_status_and_a_sentence():
    assert isinstance(refusal_of(Outage.FULL), DiskFull)
    for found in Outage:
        refusal = refusal_of(found)
        assert refusal.status == (507 if found is Outage.FULL else 503)
        assert "again later" in str(refusal)
