"""The record as a few dictionaries: everything is counted from scratch whenever it is asked for."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.tracking.cast import COMPLETED, PASSED, SATISFIED, VOIDED
from tracking.times import local_date

HORIZON = [date(2025, 10, 20) + timedelta(days=number) for number in range(60)]
ONE_DAY = timedelta(days=1)

Place = tuple[int, str]  # unit, audience
Days = dict[date, Place]  # where somebody is counted, day by day


@dataclass
class Model:
    """`told` is all that was said of memberships and mergers; what was undone is left out of it."""

    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: set[tuple[str, UUID]] = field(default_factory=set)
    links: dict[str, UUID] = field(default_factory=dict)  # by identity key, here one for each agent
    demands: dict[str, bool] = field(default_factory=dict)
    told: list[tuple[Any, ...]] = field(default_factory=list)
    places: dict[UUID, Days] = field(default_factory=dict)
    into: dict[UUID, UUID] = field(default_factory=dict)

    def tell(self, *fact: Any) -> None:
        self.told.append(fact)
        self._say_all()

    def part(self, learner: UUID) -> None:
        self.told.remove(("merge", learner, self.into[learner]))
        self._say_all()

    def may_merge(self, learner: UUID, into: UUID) -> bool:
        return learner not in self.into and self.standing(into) != learner

    def standing(self, learner: UUID) -> UUID:
        return self.standing(self.into[learner]) if learner in self.into else learner

    def _say_all(self) -> None:
        self.places, self.into = {}, {}
        for kind, learner, *rest in self.told:
            days = self.places.setdefault(self.standing(learner), {})
            if kind == "place":
                _place(days, *rest)
            elif kind == "remove":
                _remove(days, *rest)
            else:
                other = self.standing(rest[0])
                self.places[other] = days | self.places.get(other, {})
                self.places[learner] = {}
                self.into[learner] = rest[0]

    def learner(self, key: str) -> UUID | None:
        if key in self.links:
            return self.standing(self.links[key])
        claimants = {self.standing(learner) for claimed, learner in self.claims if claimed == key}
        return claimants.pop() if len(claimants) == 1 else None

    def completed_on(self, learner: UUID, activity: str) -> date | None:
        found = [
            local_date(item["at"])
            for item in self.statements.values()
            if item["activity"] == activity and self._counts(item) and self.learner(item["key"]) == learner
        ]
        return min(found, default=None)

    def rate(self, activity: str, unit: int, audience: str | None, as_of: date) -> tuple[int, int]:
        members = [
            learner
            for learner, days in self.places.items()
            if as_of in days and days[as_of][0] == unit and audience in {None, days[as_of][1]}
        ]
        days = [self.completed_on(learner, activity) for learner in members]
        return sum(day is not None and day <= as_of for day in days), len(members)

    def _counts(self, item: dict[str, Any]) -> bool:
        if item["verb"] not in {COMPLETED, PASSED, SATISFIED} or item["result"].get("completion") is False:
            return False
        if item["result"].get("success") is False and self.demands.get(item["activity"]):
            return False
        voided = {other["target"] for other in self.statements.values() if other["verb"] == VOIDED}
        return item["id"] not in voided


def _place(days: Days, unit: int, audience: str, since: date) -> None:
    place, begins = (unit, audience), _begins(days)
    if days.get(since) == place != days.get(since - ONE_DAY):
        return  # known already
    earlier = begins[:-1] if begins and since <= begins[-1] else begins
    if earlier and since <= earlier[-1]:
        return  # it would wipe out an earlier stay
    for day in HORIZON:
        if day >= since:
            days[day] = place


def _remove(days: Days, until: date) -> None:
    """Ends the last stay, or moves its end."""
    begins = _begins(days)
    if not begins or until <= begins[-1]:
        return  # nobody leaves before they came
    last, end = days[begins[-1]], max(days)
    for day in HORIZON:
        if day >= until:
            days.pop(day, None)
        elif day > end:
            days[day] = last


def _begins(days: Days) -> list[date]:
    """The first days of stays."""
    return [day for day in sorted(days) if days.get(day - ONE_DAY) != days[day]]
