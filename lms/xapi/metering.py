"""What a process remembers of its clients between requests: how much each sent lately, when each was seen.

Both objects are held by the runtime (`runtime.held(RateLimits)`) and may be used by many threads.
"""

import math
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import cast

import structlog
from sqlalchemy import Connection, Table, bindparam, or_, update
from sqlalchemy.exc import SQLAlchemyError

from lms.core.clock import utc_now
from lms.core.database import Database
from lms.xapi.models import Client

log = structlog.get_logger()

_clients = cast("Table", Client.__table__)


class RateLimits:
    """Lets each client do `per_minute` things a minute: one number for each, until when it has paid.

    A quiet client may do a whole minute's worth at once. A batch is let in while anything is left and counts
    in full, so that one which is larger than the limit passes, and the next one waits. Each web process
    counts for itself.
    """

    PERIOD = 60.0  # seconds

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._paid_until: dict[str, float] = {}
        self._lock = Lock()

    def admit(self, key: str, per_minute: int | None) -> int:
        """Count one and answer 0; or count nothing and answer in how many seconds to come back."""
        if per_minute is None:
            return 0
        each = self.PERIOD / per_minute
        with self._lock:
            now = self._clock()
            paid = max(now, self._paid_until.get(key, now))
            over = paid + each - now - self.PERIOD
            if over > 1e-6:  # noqa: PLR2004  (below that, floating point speaks)
                return max(1, math.ceil(over))
            self._paid_until[key] = paid + each
        return 0

    def charge(self, key: str, per_minute: int | None, more: int) -> None:
        """Count so many beside the one that was admitted: the other statements of a batch."""
        if per_minute is None or more <= 0:
            return
        with self._lock:
            now = self._clock()
            paid = max(now, self._paid_until.get(key, now))
            self._paid_until[key] = paid + more * self.PERIOD / per_minute


class LastUse:
    """When clients were last seen; written at most once a minute for each, by whoever then comes by."""

    EVERY = 60.0  # seconds

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, datetime] = {}
        self._written: dict[str, float] = {}
        self._lock = Lock()

    def saw(self, key: str, now: datetime | None = None) -> bool:
        """Remember that the client was here; whether that should be written now (`take`)."""
        self._seen[key] = now or utc_now()
        return self._is_due(key)

    def take(self) -> dict[str, datetime]:
        """What is due to be written, by key; it counts as written from here on."""
        if not self._seen:
            return {}
        with self._lock:
            due = {key: at for key, at in self._seen.copy().items() if self._is_due(key)}
            moment = self._clock()
            for key in due:
                self._written[key] = moment
                self._seen.pop(key, None)
        return due

    def _is_due(self, key: str) -> bool:
        written = self._written.get(key)
        return written is None or self._clock() - written >= self.EVERY


_SEEN = (
    update(_clients)
    .where(
        _clients.c.key == bindparam("which"),
        or_(_clients.c.last_used.is_(None), _clients.c.last_used < bindparam("at")),
    )
    .values(last_used=bindparam("at"))
)


def write_last_use(connection: Connection, seen: Mapping[str, datetime]) -> None:
    """Write what `LastUse.take` gave; never an earlier time over a later one."""
    if seen:
        connection.execute(_SEEN, [{"which": key, "at": at} for key, at in sorted(seen.items())])


def flush(database: Database, last_use: LastUse) -> None:
    """Write what is due in a transaction of its own. Where that fails, the next minute writes it."""
    seen = last_use.take()
    if not seen:
        return
    try:
        with database.transaction() as session:
            write_last_use(session.connection(), seen)
    except SQLAlchemyError as error:
        log.warning("last_use_not_written", error=type(error).__name__)
