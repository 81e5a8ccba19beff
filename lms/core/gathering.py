"""Doing together what several requests want at the same moment: one thread does it for all who wait.

A request alone waits for nobody. Under load those who come with the last one are waited for, for a moment.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic, TypeVar

import structlog

PATIENCE = 0.002  # seconds for which the next one is waited for
LONGEST_PATIENCE = 10  # times as long is waited for all of them

log = structlog.get_logger()


@dataclass(slots=True)
class Errand:
    """What one request wants; `done` is released when it was attended to, however that went."""

    done: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)


E = TypeVar("E", bound=Errand)


class Gathering(Generic[E]):
    """One thread, which starts with the first errand, in the serving process.

    `attend` is given a group of errands, at most `most`; what it raises is logged. `weigh` tells how heavy an
    errand is: a group is complete when it is `heaviest`. `afterwards` is called when nobody waits any more.
    """

    def __init__(
        self,
        attend: Callable[[Sequence[E]], None],
        *,
        name: str,
        most: int,
        weigh: Callable[[E], int] = lambda _: 0,
        heaviest: float = math.inf,
        afterwards: Callable[[Sequence[E]], None] = lambda _: None,
        crowd: int = 1,
        patience: float = PATIENCE,
    ) -> None:
        """`crowd`: how many are expected together; `patience`: seconds from one to the next."""
        self._attend, self._afterwards = attend, afterwards
        self._name, self._most, self._weigh, self._heaviest = name, most, weigh, heaviest
        self._waiting: SimpleQueue[E | None] = SimpleQueue()
        self._crowd = crowd
        self._patience = patience
        self._thread: Thread | None = None
        self._closing = False
        self._starting = Lock()

    def wait_for(self, errand: E) -> None:
        """Return when the errand was attended to."""
        if self._thread is None:
            self._start()
        errand.done.acquire()
        self._waiting.put(errand)
        errand.done.acquire()

    def close(self) -> None:
        """Attend to what waits, and stop."""
        if self._thread is not None:
            self._closing = True
            self._waiting.put(None)  # in case it waits
            self._thread.join()

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                thread = Thread(target=self._work, name=self._name, daemon=True)
                thread.start()
                self._thread = thread

    def _work(self) -> None:
        while not (self._closing and self._waiting.empty()):
            group = self._next_group()
            try:
                if group:
                    self._attend(group)
            except Exception:
                log.exception("group_failed", group=self._name, requests=len(group))
            finally:
                for errand in group:
                    errand.done.release()
            try:
                self._afterwards(group)
            except Exception:  # nobody must ever wait for a thread that ended
                log.exception("group_not_followed", group=self._name)

    def _next_group(self) -> list[E]:
        """Those who wait; and, for a moment, as many as came together the last time.

        Who was answered just now is often about to ask again. A client that is alone waits for nobody.
        """
        group: list[E] = []
        weight, latest = 0, math.inf
        while len(group) < self._most and weight < self._heaviest:
            patience = min(self._patience, latest - time.monotonic()) if group else math.inf
            errand = self._next(patience if len(group) < self._crowd else 0)
            if errand is None:
                break
            if not group:
                latest = time.monotonic() + LONGEST_PATIENCE * self._patience
            group.append(errand)
            weight += self._weigh(errand)
        self._crowd = len(group)
        return group

    def _next(self, patience: float) -> E | None:
        try:
            if patience > 0:
                return self._waiting.get(timeout=None if patience == math.inf else patience)
            return self._waiting.get_nowait()
        except Empty:
            return None
