"""The memberships of some learners: as they are in the database, and as they shall be."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.rates.counters import Moves, standing
from tracking.rates.models import Membership
from tracking.rates.timeline import Timeline
from tracking.record.completions import Completion
from tracking.rounds import run
from tracking.tables import table_of


class Book:
    """The timelines of locked learners. Change `now`, then `write`."""

    def __init__(self, session: Session, wanted: list[UUID]) -> None:
        self._session = session
        self._rows = run(session, standing(wanted))
        self._before: dict[UUID, Timeline] = {learner: tuple(rows) for learner, rows in self._rows.items()}
        self.now = dict(self._before)

    def write(self, now: datetime) -> int:
        """Retire what no longer holds, record what does, move the counters; how many learners changed."""
        changed = [learner for learner, stays in self.now.items() if stays != self._before.get(learner, ())]
        if not changed:
            return 0
        retired: list[dict[str, Any]] = [
            {"row": self._rows[learner][stay], "at": now}
            for learner in changed
            for stay in self._before.get(learner, ())
            if stay not in self.now[learner]
        ]
        recorded: list[dict[str, Any]] = [
            {
                "learner": learner,
                "unit": stay.unit,
                "audience": stay.audience,
                "since": stay.since,
                "until": stay.until,
                "recorded_at": now,
            }
            for learner in changed
            for stay in self.now[learner]
            if stay not in self._before.get(learner, ())
        ]
        self._replace(retired, recorded)
        self._recount(changed)
        return len(changed)

    def _replace(self, retired: list[dict[str, Any]], recorded: list[dict[str, Any]]) -> None:
        table = table_of(Membership)
        connection = self._session.connection()
        if retired:
            statement = update(table).where(table.c.id == bindparam("row"))
            connection.execute(statement.values(retired_at=bindparam("at")), retired)
        if recorded:
            connection.execute(insert(table), recorded)

    def _recount(self, changed: list[UUID]) -> None:
        moves = Moves()
        for part in batches(sorted(changed)):
            completed: dict[UUID, dict[int, date]] = {}
            for learner, activity_id, day in self._session.execute(
                select(Completion.learner, Completion.activity_id, Completion.completed_on).where(
                    Completion.learner.in_(part)
                )
            ):
                completed.setdefault(learner, {})[activity_id] = day
            for learner in part:
                before, after = set(self._before.get(learner, ())), set(self.now[learner])
                moves.add(before - after, completed.get(learner, {}), -1)
                moves.add(after - before, completed.get(learner, {}), 1)
        moves.hand_in(self._session)
