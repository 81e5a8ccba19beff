"""Storing what several requests bring in one transaction: they share its commit and its questions.

A request waits until its group is committed, so that what is acknowledged is durable. A group fails as a
whole. Where the database gave way to somebody else's transaction, or its connection was lost, the group is
stored again: ids make that harmless. Where the database cannot be used, everybody is told so. Otherwise
whoever spoilt it is looked for: the others are stored, and that one is done by itself, on the ordinary way,
which says what is wrong with it.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread

import structlog

from lms.core.database import Database, Line
from lms.core.logs import Seldom
from lms.core.outages import Outage, outage, refusal_of, was_lost
from lms.core.record import store_readings
from lms.xapi.credentials import KnownClient, Stale, unchanged
from lms.xapi.metering import LastUse, flush
from tracking.errors import Refused as RefusedRecord
from tracking.statements.errors import Conflict
from tracking.statements.reading import Reading

TRIES = 3
MOST_REQUESTS = 64
PATIENCE = 0.002  # seconds for which the next one is waited for
LONGEST_PATIENCE = 10  # times as long is waited for all of them
MOST_STATEMENTS = 400  # beyond that nothing is gained, and everybody waits longer

log = structlog.get_logger()


@dataclass(slots=True)
class Errand:
    """What one request wants to have stored; `stored` is true once it is committed.

    `outage`: why the database could not be used, where that was so.
    """

    client: KnownClient
    readings: Sequence[Reading]
    stored: bool = False
    outage: Outage | None = None
    done: Lock = field(default_factory=Lock)


class Gatherer:
    """One thread that stores for all who wait; it starts with the first errand, in the serving process."""

    def __init__(
        self,
        database: Database,
        home_page: str,
        last_use: LastUse,
        *,
        crowd: int = 1,
        patience: float = PATIENCE,
    ) -> None:
        """`crowd`: how many requests are expected together; `patience`: seconds from one to the next."""
        self._database = database
        self._line = Line(database)
        self._home_page = home_page
        self._last_use = last_use
        self._seldom = Seldom()
        self._waiting: SimpleQueue[Errand | None] = SimpleQueue()
        self._crowd = crowd
        self._patience = patience
        self._thread: Thread | None = None
        self._closing = False
        self._starting = Lock()

    def store(self, client: KnownClient, readings: Sequence[Reading]) -> bool:
        """Wait until the statements are committed; False when they have to be tried on the ordinary way.

        Raises Refused where the database cannot be used.
        """
        if self._thread is None:
            self._start()
        errand = Errand(client, readings)
        errand.done.acquire()
        self._waiting.put(errand)
        errand.done.acquire()
        if errand.outage is not None:
            raise refusal_of(errand.outage)
        return errand.stored

    def close(self) -> None:
        """Store what waits, and stop."""
        if self._thread is not None:
            self._closing = True
            self._waiting.put(None)  # in case it waits
            self._thread.join()
        self._line.close()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                thread = Thread(target=self._work, name="gatherer", daemon=True)
                thread.start()
                self._thread = thread

    def _work(self) -> None:
        while not (self._closing and self._waiting.empty()):
            group = self._next_group()
            try:
                self._attend_to(group)
            except Exception:
                log.exception("group_apart", requests=len(group))
            finally:
                for errand in group:
                    errand.done.release()
            try:
                self._note_last_use(group)
            except Exception:  # nobody must ever wait for a thread that ended
                log.exception("last_use_not_written")

    def _attend_to(self, group: Sequence[Errand]) -> None:
        """Store it; or as much of it as can be, where one request spoils it for all."""
        try:
            self._persist(group)
        except RefusedRecord as error:
            log.info("group_apart", requests=len(group), error=type(error).__name__)
            parts = _without(group, error)
        except Exception:
            log.exception("group_apart", requests=len(group))
            parts = _halves(group)
        else:
            return
        for part in parts:
            self._attend_to(part)

    def _persist(self, group: Sequence[Errand]) -> None:
        """Store it; what the database did not do is tried again where that may help, or told to everybody."""
        for turn in range(1, TRIES + 1):
            try:
                self._store(group)
            except Exception as error:
                found = outage(error)
                if found is None:
                    raise
                left_out = self._seldom.count(found)
                if left_out is not None:
                    log.warning("group_failed", requests=len(group), outage=found.name, left_out=left_out)
                if turn == TRIES or not (found is Outage.COLLISION or was_lost(error)):
                    for errand in group:
                        errand.outage = found
                    return
            else:
                return

    def _next_group(self) -> list[Errand]:
        """Those who wait; and, for a moment, as many as came together the last time.

        Who was answered just now is often about to ask again. A client that is alone waits for nobody.
        """
        group: list[Errand] = []
        size, latest = 0, math.inf
        while len(group) < MOST_REQUESTS and size < MOST_STATEMENTS:
            patience = min(self._patience, latest - time.monotonic()) if group else math.inf
            errand = self._next(patience if len(group) < self._crowd else 0)
            if errand is None:
                break
            if not group:
                latest = time.monotonic() + LONGEST_PATIENCE * self._patience
            group.append(errand)
            size += len(errand.readings)
        self._crowd = len(group)
        return group

    def _next(self, patience: float) -> Errand | None:
        try:
            if patience > 0:
                return self._waiting.get(timeout=None if patience == math.inf else patience)
            return self._waiting.get_nowait()
        except Empty:
            return None

    def _store(self, group: Sequence[Errand]) -> None:
        if not group:
            return
        clients = {errand.client.key: errand.client for errand in group}
        readings = [reading for errand in group for reading in errand.readings]
        try:
            with self._line.transaction() as session:
                # Clients may be remembered for some seconds, but one that was revoked stores nothing more.
                store_readings(
                    session, readings, home_page=self._home_page, provided=unchanged(clients.values())
                )
        except Stale as stale:
            self._store([errand for errand in group if errand.client.key not in stale.keys])
        else:
            for errand in group:
                errand.stored = True

    def _note_last_use(self, group: Sequence[Errand]) -> None:
        due = [self._last_use.saw(key) for key in {errand.client.key for errand in group}]
        if any(due):
            flush(self._database, self._last_use)


def _without(group: Sequence[Errand], error: RefusedRecord) -> list[Sequence[Errand]]:
    """What is left of a group without those whom the refusal is about; its halves, where it does not tell."""
    if isinstance(error, Conflict):
        named = error.params["id"]
        rest = [one for one in group if all(str(reading.id) != named for reading in one.readings)]
        if len(rest) < len(group):
            return [rest]
    return _halves(group)


def _halves(group: Sequence[Errand]) -> list[Sequence[Errand]]:
    """The group in two parts; none of somebody who is alone."""
    middle = len(group) // 2
    return [group[:middle], group[middle:]] if middle else []
