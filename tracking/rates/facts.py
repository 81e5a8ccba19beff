"""What can be said of where a learner is counted, and what it makes of their timeline."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tracking.rates.timeline import Timeline, checked, placed, removed


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


@dataclass(frozen=True, slots=True)
class Correction:
    """The learner is and was counted there, whatever was said before."""

    learner: UUID
    stays: Timeline


Fact = Placement | Removal | Correction


def applied(timeline: Timeline, fact: Fact) -> Timeline:
    """The timeline after the fact. Raises Refused for one that cannot be."""
    if isinstance(fact, Placement):
        return placed(timeline, fact.unit, fact.audience, fact.since)
    if isinstance(fact, Removal):
        return removed(timeline, fact.until)
    return checked(fact.stays)
