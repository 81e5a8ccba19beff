"""Taking in the commits of several learners in one transaction: they share its commit and its questions.

Whoever comes while nobody is at work does it, in the request's own thread: a commit alone waits for nobody.
Those who come meanwhile wait, and the first of them that may go on takes all of theirs in.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import structlog

from lms.core.database import Database, Line
from lms.core.logs import Seldom
from lms.core.outages import Outage, outage, refusal_of, was_lost
from lms.player.services.committing import Answer, Sent, commit_together
from lms.settings import Settings

MOST = 32  # commits; beyond that nothing is gained, and everybody waits longer

log = structlog.get_logger()


@dataclass(slots=True)
class _Errand:
    """What one request brings; `answer` is set once it is committed, `done` when it was tried.

    `outage`: why the database could not be used, where trying again at once would not help. `turn` is
    released when it is done, or may go on.
    """

    sent: Sent
    answer: Answer | None = None
    outage: Outage | None = None
    done: bool = False
    turn: Lock = field(default_factory=Lock)


class Taker:
    """Takes in for all who wait, on a connection of its own."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._line = Line(database, plans_once=True)
        self._settings = settings
        self._waiting: deque[_Errand] = deque()
        self._at_work = False  # whether somebody is; nobody waits while nobody is
        self._seldom = Seldom()
        self._order = Lock()  # for a moment, by whoever changes these two

    def take(self, sent: Sent) -> Answer | None:
        """The answer, when it is committed; None for a commit that has to go the ordinary way.

        That may then find it taken in already: where a connection broke nobody can tell, and once is enough.
        Raises Refused where the database cannot be used.
        """
        errand = _Errand(sent)
        errand.turn.acquire()
        with self._order:
            self._waiting.append(errand)
            must_wait, self._at_work = self._at_work, True
        if must_wait:
            errand.turn.acquire()
        if not errand.done:
            self._work()
        if errand.outage is not None:
            raise refusal_of(errand.outage)
        return errand.answer

    def close(self) -> None:
        self._line.close()

    def _work(self) -> None:
        """For the first of those who wait, who is here, and as many others as may be; the next goes on."""
        with self._order:
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]
        try:
            self._attend(group)
        finally:
            for each in group:
                each.done = True
                each.turn.release()
            with self._order:
                self._at_work = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].turn.release()

    def _attend(self, group: Sequence[_Errand]) -> None:
        """All of them or none; whatever spoilt it is found out on the ordinary way, where each is alone."""
        try:
            with self._line.transaction() as session:
                answers = commit_together(session, [each.sent for each in group], settings=self._settings)
            for each, answer in zip(group, answers, strict=True):
                each.answer = answer
        except Exception as error:
            found = outage(error)
            if found is None:
                log.exception("commits_apart", requests=len(group))
            else:
                self._note(group, found, again=found is Outage.COLLISION or was_lost(error))

    def _note(self, group: Sequence[_Errand], found: Outage, *, again: bool) -> None:
        left_out = self._seldom.count(found)
        if left_out is not None:
            log.warning("commits_apart", requests=len(group), outage=found.name, left_out=left_out)
        for each in group:
            each.outage = None if again else found
