"""Taking in the commits of several learners in one transaction: they share its commit and its questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from lms.core.database import Database, Line
from lms.core.gathering import Errand, Gathering
from lms.core.outages import outage
from lms.player.services.committing import Answer, Sent, commit_together
from lms.settings import Settings

MOST = 32  # commits; beyond that nothing is gained, and everybody waits longer

log = structlog.get_logger()


@dataclass(slots=True)
class _Commit(Errand):
    """What one request brings; `answer` is set once it is committed."""

    sent: Sent
    answer: Answer | None = None


class Taker:
    """Takes in for all who wait, on a connection of its own."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._line = Line(database)
        self._settings = settings
        self._gathering = Gathering[_Commit](self._attend, name="commits", most=MOST)

    def take(self, sent: Sent) -> Answer | None:
        """The answer, when it is committed; None for a commit that has to go the ordinary way.

        That may then find it taken in already: where a connection broke nobody can tell, and once is enough.
        """
        errand = _Commit(sent)
        self._gathering.wait_for(errand)
        return errand.answer

    def close(self) -> None:
        """Take in what waits, and stop."""
        self._gathering.close()
        self._line.close()

    def _attend(self, group: Sequence[_Commit]) -> None:
        """All of them or none; whatever spoilt it is found out on the ordinary way, where each is alone."""
        try:
            with self._line.transaction() as session:
                answers = commit_together(session, [each.sent for each in group], settings=self._settings)
        except Exception as error:
            found = outage(error)
            if found is None:
                raise
            log.warning("commits_apart", requests=len(group), outage=found.name)
            return
        for each, answer in zip(group, answers, strict=True):
            each.answer = answer
