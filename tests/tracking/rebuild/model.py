"""The record as a few dictionaries: everything is counted from scratch whenever it is asked for."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.tracking.cast import COMPLETED, PASSED, SATISFIED, VOIDED
from tracking.times import local_date

HORIZON = [date(2025, 10, 20) + timedelta(days=number) for number in range(60)]

Place = tuple[int, str]  # unit, audience


@dataclass
class Model:
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    claims: set[tuple[str, UUID]] = field(default_factory=set)
    links: dict[str, UUID] = field(default_factory=dict)  # by identity key, here one for each agent
    demands: dict[str, bool] = field(default_factory=dict)
    places: dict[UUID, dict[date, Place]] = field(default_factory=dict)

    def place(self, learner: UUID, unit: int, audience: str, since: date) -> None:
        days = self.places.setdefault(learner, {})
        place, before = (unit, audience), days.get(since - timedelta(days=1))
        if days.get(since) == place != before:
            return  # known already
        for day in HORIZON:
            if day >= since:
                days[day] = place

    def remove(self, learner: UUID, until: date) -> None:
        """Ends the last stay, or moves its end."""
        days = self.places[learner]
        last = days[max(days)]
        for day in HORIZON:
            if day >= until:
                days.pop(day, None)
            elif day > max(days):
                days[day] = last

    def learner(self, key: str) -> UUID | None:
        if key in self.links:
            return self.links[key]
        claimants = {learner for claimed, learner in self.claims if claimed == key}
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
