"""Anything that can happen to the record, done to the record and to the model of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tests.tracking.cast import COURSE, HOME, NOON, OTHER_COURSE, VOIDED, account, keep, said
from tests.tracking.rebuild.model import Model
from tracking.completions.services import demand_passing
from tracking.errors import Refused
from tracking.identities.keys import key_of
from tracking.identities.merging import merge, part
from tracking.identities.services import claim, link, release, unlink
from tracking.rates.queries import rates
from tracking.rates.services import place, remove
from tracking.statements.agents import identifier
from tracking.times import local_date

UNITS, AUDIENCES, COURSES = (1, 2, 3), ("officer", "citizen"), (COURSE, OTHER_COURSE)
AGENTS: list[dict[str, Any]] = [
    account("A-1"),
    account("b-2", HOME + "/"),
    {"mbox": "mailto:Chi@Example.org"},
    account("chi", "https://elsewhere.example"),
]
KEYS = [key_of(agent, identifier(agent) or "", HOME) for agent in AGENTS]
IDS = [str(UUID(int=1000 + number)) for number in range(20)]
MAY_FAIL = [{}, {"success": True}, {"success": False}, {"completion": False}]


@dataclass
class History:
    """`answers` are those of the model at the end of each local day, to be found again by `known_on`."""

    session: Session
    model: Model = field(default_factory=Model)
    now: datetime = NOON
    answers: dict[date, dict[Any, tuple[int, int]]] = field(default_factory=dict)

    def pass_time(self, hours: int) -> None:
        later = self.now + timedelta(hours=hours)
        day = local_date(self.now)
        while day < local_date(later):
            self.answers[day] = self.model_answers(day)
            day += timedelta(days=1)
        self.now = later

    def store(self, items: list[tuple[Any, ...]]) -> None:
        """Each item: (id, agent, verb, course, result, days back). What has a known id is sent again."""
        batch: dict[str, dict[str, Any]] = {}
        for number, agent, verb, course, result, back in items:
            statement_id = IDS[number]
            if statement_id not in self.model.statements:
                self.model.statements[statement_id] = {
                    "id": statement_id,
                    "key": KEYS[agent],
                    "agent": AGENTS[agent],
                    "verb": verb,
                    "activity": course,
                    "result": result,
                    "at": self.now - timedelta(days=back),
                }
            batch[statement_id] = _sent(self.model.statements[statement_id])
        keep(self.session, *batch.values(), now=self.now)

    def void(self, number: int, target: int) -> None:
        """By a statement of its own id; the target may not have arrived yet, or be a voiding statement."""
        item = {"id": IDS[number], "agent": AGENTS[0], "verb": VOIDED, "target": IDS[target], "result": {}}
        item |= {"key": KEYS[0], "activity": None, "at": self.now}
        self.model.statements.setdefault(IDS[number], item)
        keep(self.session, _sent(self.model.statements[IDS[number]]), now=self.now)

    def claim(self, key: int, learner: UUID) -> None:
        self.model.claims.add((KEYS[key], learner))
        claim(self.session, KEYS[key], learner, self.now)

    def release(self, key: int, learner: UUID) -> None:
        self.model.claims.discard((KEYS[key], learner))
        release(self.session, KEYS[key], learner, self.now)

    def link(self, agent: int, learner: UUID | None) -> None:
        name = identifier(AGENTS[agent]) or ""
        try:
            if learner is None:
                unlink(self.session, name, self.now)
                self.model.links.pop(KEYS[agent], None)
            else:
                link(self.session, name, learner, self.now)
                self.model.links[KEYS[agent]] = learner
        except Refused:
            assert all(item["agent"] != AGENTS[agent] for item in self.model.statements.values())

    def place(self, learner: UUID, unit: int, audience: str, back: int) -> None:
        since = local_date(self.now) - timedelta(days=back)
        try:
            place(self.session, learner, unit, audience, since, self.now)
        except Refused:
            return
        self.model.tell("place", learner, unit, audience, since)

    def remove(self, learner: UUID, back: int) -> None:
        until = local_date(self.now) - timedelta(days=back)
        try:
            remove(self.session, learner, until, self.now)
        except Refused:
            return
        self.model.tell("remove", learner, until)

    def merge(self, learner: UUID, into: UUID) -> None:
        allowed = self.model.may_merge(learner, into)
        try:
            merge(self.session, learner, into, self.now)
        except Refused:
            assert not allowed
            return
        assert allowed
        self.model.tell("merge", learner, into)

    def part(self, learner: UUID) -> None:
        try:
            part(self.session, learner, self.now)
        except Refused:
            assert learner not in self.model.into
            return
        self.model.part(learner)

    def demand(self, course: str, demanded: bool) -> None:  # noqa: FBT001 - drawn by position
        demand_passing(self.session, course, demanded=demanded, now=self.now)
        self.model.demands[course] = demanded

    def model_answers(self, today: date) -> dict[Any, tuple[int, int]]:
        return {question: self.model.rate(*question) for question in questions(today)}

    def record_answers(self, today: date, known_on: date | None) -> dict[Any, tuple[int, int]]:
        answers = {}
        for course, audience, as_of in {(course, *rest) for course, _, *rest in questions(today)}:
            found = rates(
                self.session,
                activity=course,
                units={unit: [unit] for unit in UNITS},
                audience=audience,
                as_of=as_of,
                known_on=known_on,
            )
            for unit, rate in found.items():
                answers[course, unit, audience, as_of] = rate.completed, rate.members
        return answers


def questions(today: date) -> list[tuple[str, int, str | None, date]]:
    return [
        (course, unit, audience, today + timedelta(days=back))
        for course in COURSES
        for unit in UNITS
        for audience in ("officer", None)
        for back in (-6, -2, 0, 3)
    ]


def _sent(item: dict[str, Any]) -> dict[str, Any]:
    about = (
        {"objectType": "StatementRef", "id": item["target"]}
        if item["verb"] == VOIDED
        else {"objectType": "Activity", "id": item["activity"]}
    )
    result = {"result": item["result"]} if item["result"] else {}
    return said(item["agent"], item["verb"], at=item["at"], **result) | {"id": item["id"], "object": about}
