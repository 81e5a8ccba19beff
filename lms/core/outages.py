"""What an error of the database means for whoever asked: come back later, there is no room, or our own fault.

Everything that is an outage has been rolled back and may be tried again; where the connection was lost during
a commit nobody can tell, and ids that clients choose make the second try harmless.
"""

from enum import Enum, auto

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from lms.core.errors import Refused, Unavailable
from lms.core.files import no_room


class Outage(Enum):
    """Why the database did not do what it was asked."""

    AWAY = auto()  # it does not answer, or is just starting or stopping
    BUSY = auto()  # somebody else held what was wanted for too long
    FULL = auto()  # its disk is full
    COLLISION = auto()  # two transactions waited for each other; this one was ended


# PostgreSQL's SQLSTATEs (its manual, appendix A), by class or in full.
_STATES = {
    "08": Outage.AWAY,  # connection exception
    "25006": Outage.AWAY,  # read-only: a standby
    "25P03": Outage.AWAY,  # the server ended a transaction that lay idle
    "40001": Outage.COLLISION,
    "40P01": Outage.COLLISION,  # deadlock
    "53": Outage.AWAY,  # out of memory, too many connections
    "53100": Outage.FULL,
    "55P03": Outage.BUSY,  # lock_timeout
    "57014": Outage.BUSY,  # statement_timeout
    "57P": Outage.AWAY,  # stopping, crashed, starting
    "58": Outage.AWAY,  # its own system failed
}
# SQLite's primary result codes (https://sqlite.org/rescode.html).
_RESULTS = {
    5: Outage.BUSY,
    6: Outage.BUSY,  # locked within this process
    7: Outage.AWAY,  # no memory
    8: Outage.AWAY,  # read-only
    10: Outage.AWAY,  # input or output failed
    13: Outage.FULL,
    14: Outage.AWAY,  # cannot be opened
    15: Outage.BUSY,  # the locking protocol
}


def outage(error: BaseException) -> Outage | None:
    """What kind of outage an error is; None for a defect, and for what is nothing of the database's."""
    if isinstance(error, NoConnection):
        return Outage.BUSY
    if not isinstance(error, DBAPIError):
        return None
    if error.connection_invalidated:
        return Outage.AWAY
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return next((_STATES[state[:size]] for size in (5, 3, 2) if state[:size] in _STATES), None)
    result = getattr(error.orig, "sqlite_errorcode", None)
    if result is not None:
        return _RESULTS.get(result & 0xFF)
    # Without a code from the server it is the driver that speaks: nobody can be reached.
    return Outage.AWAY if isinstance(error, OperationalError) else None


def was_lost(error: BaseException) -> bool:
    """Whether the connection broke while it was used: a new one may do at once."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def refusal_of(found: Outage) -> Refused:
    """What whoever asked is told."""
    if found is Outage.FULL:
        return no_room()
    if found is Outage.AWAY:
        return Unavailable("The database is away for a moment. Send it again later.")
    return Unavailable("Others are writing at this moment, and it takes long. Send it again later.")
