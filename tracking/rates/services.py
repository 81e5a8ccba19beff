"""Placing learners in units, moving them and letting them go; the counters move in the same transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from tracking import learners
from tracking.batches import batches
from tracking.dialects import enter
from tracking.errors import Refused
from tracking.rates.counters import Moves, standing
from tracking.rates.models import Membership
from tracking.rates.timeline import Stay, Timeline, checked, placed, removed
from tracking.record.completions import Completion
from tracking.tables import table_of
from tracking.times import utc_now


@dataclass(frozen=True, slots=True)
class Placement:
    """The learner is counted in `unit` for `audience` from the local date `since` on."""

    learner: UUID
    unit: int
    audience: str
    since: date


@dataclass(frozen=True, slots=True)
class Removal:
    """The learner is counted nowhere from the local date `until` on."""

    learner: UUID
    until: date


@dataclass(slots=True)
class Outcome:
    """What became of each fact, by its position: changed, or refused; the others changed nothing."""

    changed: set[int] = field(default_factory=set)
    refused: dict[int, Refused] = field(default_factory=dict)


def place(
    session: Session, learner: UUID, unit: int, audience: str, since: date, now: datetime | None = None
) -> bool:
    """Place, move or correct one learner (see `timeline.placed` for every case); whether anything changed."""
    return _single(place_many(session, [Placement(learner, unit, audience, since)], now))


def remove(session: Session, learner: UUID, until: date, now: datetime | None = None) -> bool:
    """End the learner's membership: `until` is the first local date on which they no longer count."""
    return _single(remove_many(session, [Removal(learner, until)], now))


def place_many(session: Session, placements: Iterable[Placement], now: datetime | None = None) -> Outcome:
    """Place thousands at once, in the order given. What is refused is named and leaves its learner as is."""
    return _apply(session, list(placements), now)


def remove_many(session: Session, removals: Iterable[Removal], now: datetime | None = None) -> Outcome:
    return _apply(session, list(removals), now)


def correct(session: Session, learner: UUID, stays: Iterable[Stay], now: datetime | None = None) -> bool:
    """Replace all that is recorded of where a learner is counted, for instance to take back a wrong move."""
    timeline = checked(tuple(stays))
    enter(session)
    learners.admit(session, [learner])
    book = _Book(session, [learner])
    book.now[learner] = timeline
    return bool(book.write(now or utc_now()))


def _single(outcome: Outcome) -> bool:
    if outcome.refused:
        raise outcome.refused[0]
    return bool(outcome.changed)


def _apply(session: Session, facts: Sequence[Placement | Removal], now: datetime | None) -> Outcome:
    enter(session)
    learners.admit(session, (fact.learner for fact in facts))
    book = _Book(session, [fact.learner for fact in facts])
    outcome = Outcome()
    for position, fact in enumerate(facts):
        before = book.now.get(fact.learner, ())
        try:
            after = _applied(before, fact)
        except Refused as refusal:
            outcome.refused[position] = refusal
            continue
        if after != before:
            book.now[fact.learner] = after
            outcome.changed.add(position)
    book.write(now or utc_now())
    return outcome


def _applied(timeline: Timeline, fact: Placement | Removal) -> Timeline:
    if isinstance(fact, Placement):
        return placed(timeline, fact.unit, fact.audience, fact.since)
    return removed(timeline, fact.until)


class _Book:
    """The memberships of some learners: as they are in the database, and as they shall be (`now`)."""

    def __init__(self, session: Session, wanted: list[UUID]) -> None:
        self._session = session
        self._rows = standing(session, wanted)
        self._before: dict[UUID, Timeline] = {learner: tuple(rows) for learner, rows in self._rows.items()}
        self.now = dict(self._before)

    def write(self, now: datetime) -> int:
        """Retire what no longer holds, record what does, move the counters; how many learners changed."""
        changed = [learner for learner, stays in self.now.items() if stays != self._before.get(learner, ())]
        if not changed:
            return 0
        retired = [
            {"row": self._rows[learner][stay], "at": now}
            for learner in changed
            for stay in self._before.get(learner, ())
            if stay not in self.now[learner]
        ]
        recorded = [
            _row(learner, stay, now)
            for learner in changed
            for stay in self.now[learner]
            if stay not in self._before.get(learner, ())
        ]
        self._replace(retired, recorded)
        self._recount(changed)
        return len(changed)

    def _replace(self, retired: list[dict[str, object]], recorded: list[dict[str, object]]) -> None:
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
        moves.write(self._session)


def _row(learner: UUID, stay: Stay, now: datetime) -> dict[str, object]:
    return {
        "learner": learner,
        "unit": stay.unit,
        "audience": stay.audience,
        "since": stay.since,
        "until": stay.until,
        "recorded_at": now,
    }
