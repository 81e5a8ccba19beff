"""Placing learners in units, moving them and letting them go; the counters move in the same transaction.

What is said of a learner that was merged into another holds for whoever stands for it (see `merging`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tracking import learners
from tracking.dialects import enter
from tracking.errors import Refused
from tracking.rates.book import Book
from tracking.rates.facts import Correction, Fact, Placement, Removal, applied
from tracking.rates.merging import Merged
from tracking.rates.timeline import Stay
from tracking.times import utc_now

__all__ = [
    "Outcome",
    "Placement",
    "Removal",
    "correct",
    "place",
    "place_many",
    "remove",
    "remove_many",
]


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
    return _single(_apply(session, [Correction(learner, tuple(stays))], now))


def _single(outcome: Outcome) -> bool:
    if outcome.refused:
        raise outcome.refused[0]
    return bool(outcome.changed)


def _apply(session: Session, facts: Sequence[Fact], now: datetime | None) -> Outcome:
    enter(session)
    merged = Merged(session, (fact.learner for fact in facts))
    counted = [merged.stands_for(fact.learner) for fact in facts]
    learners.admit(session, counted)
    book = Book(session, counted)
    outcome = Outcome()
    for position, (fact, learner) in enumerate(zip(facts, counted, strict=True)):
        before = book.now.get(learner, ())
        try:
            after = applied(before, fact)
        except Refused as refusal:
            outcome.refused[position] = refusal
            continue
        merged.note(fact.learner, fact)
        if after != before:
            book.now[learner] = after
            outcome.changed.add(position)
    session.flush()
    book.write(now or utc_now())
    return outcome
