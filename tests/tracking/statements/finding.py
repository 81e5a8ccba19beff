"""Statements of every shape, and which of them a filter should find, by the words of the specification."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.tracking.cast import HOME, VOIDED, account
from tracking.statements.agents import identifier
from tracking.statements.queries import Filter

Statement = dict[str, Any]

AGENTS = [account(f"agent-{number}") for number in range(5)]
GROUP = {"objectType": "Group", "mbox": "mailto:team@example.org"}
SAME_AS_GROUP = {"objectType": "Agent", "mbox": "mailto:team@example.org"}
VERBS = [f"https://example.org/verbs/{name}" for name in ("met", "read", "praised")]
ACTIVITIES = [f"https://example.org/activities/{number}" for number in range(4)]
REGISTRATIONS = [str(UUID(int=500 + number)) for number in range(2)]
AUTHORITIES = [account("client:one", HOME), AGENTS[4]]
PAIR = {"objectType": "Group", "member": [account("application", "https://apps.example"), AGENTS[3]]}
KINDS = ("parent", "grouping", "category", "other")


@dataclass
class Maker:
    """Draws statements; ids are known beforehand, so that references may come before their targets."""

    dice: random.Random
    ids: list[str] = field(default_factory=list)

    def statement(self, statement_id: str) -> Statement:
        made = self.bare() | {"id": statement_id}
        if self.dice.random() < 0.15:
            made["object"] = self.sub_statement()
        elif self.dice.random() < 0.35:
            made["object"] = {"objectType": "StatementRef", "id": self.dice.choice(self.ids)}
            if self.dice.random() < 0.3:
                made["verb"] = {"id": VOIDED}
        return made

    def bare(self) -> Statement:
        made = {"actor": self.actor(), "verb": {"id": self.dice.choice(VERBS)}, "object": self.thing()}
        if self.dice.random() < 0.6:
            made["context"] = self.context()
        return made

    def sub_statement(self) -> Statement:
        return {"objectType": "SubStatement", **self.bare()}

    def thing(self) -> dict[str, Any]:
        if self.dice.random() < 0.2:
            return {"objectType": "Agent", **self.actor()}
        return self.activity()

    def activity(self) -> dict[str, Any]:
        return {"objectType": "Activity", "id": self.dice.choice(ACTIVITIES)}

    def actor(self) -> dict[str, Any]:
        drawn = self.dice.random()
        if drawn < 0.6:
            return self.dice.choice([*AGENTS, SAME_AS_GROUP])
        members = self.dice.sample(AGENTS, 2)
        return {**GROUP, "member": members} if drawn < 0.8 else {"objectType": "Group", "member": members}

    def group(self) -> dict[str, Any]:
        return {"objectType": "Group", "member": self.dice.sample(AGENTS, 1)}

    def context(self) -> dict[str, Any]:
        parts = {
            "registration": self.dice.choice(REGISTRATIONS),
            "instructor": self.actor(),
            "team": self.group(),
            "contextActivities": {self.dice.choice(KINDS): [self.activity(), self.activity()]},
            "contextAgents": [{"objectType": "contextAgent", "agent": self.dice.choice(AGENTS)}],
            "contextGroups": [{"objectType": "contextGroup", "group": self.group()}],
        }
        return {name: value for name, value in parts.items() if self.dice.random() < 0.4}


def a_filter(dice: random.Random) -> dict[str, Any]:
    """Arguments of a `Filter`, more often one than many."""
    drawn = {
        "agent": identifier(dice.choice([*AGENTS, GROUP])),
        "verb": dice.choice([*VERBS, VOIDED]),
        "activity": dice.choice(ACTIVITIES),
        "registration": UUID(dice.choice(REGISTRATIONS)),
        "authority": identifier(dice.choice(AUTHORITIES)),
    }
    wanted = {name: value for name, value in drawn.items() if dice.random() < 0.35}
    flags = {name: dice.random() < 0.5 for name in ("related_agents", "related_activities", "ascending")}
    return wanted | flags


@dataclass
class Shelf:
    """What is kept, in the order of storing, each with its authority."""

    kept: dict[str, Statement] = field(default_factory=dict)

    def found(self, wanted: Filter) -> list[str]:
        """Ids of all that should be found, in order."""
        ids = [one for one in self.kept if one not in self._void() and self._fits(one, wanted)]
        return ids if wanted.ascending else ids[::-1]

    def _void(self) -> set[str]:
        voiders = [one for one in self.kept.values() if one["verb"]["id"] == VOIDED]
        return {
            one["object"]["id"]
            for one in voiders
            if one["object"]["id"] in self.kept and self.kept[one["object"]["id"]]["verb"]["id"] != VOIDED
        }

    def _fits(self, statement_id: str, wanted: Filter) -> bool:
        if wanted.authority and identifier(self.kept[statement_id]["authority"]) != wanted.authority:
            return False
        return any(meets(self.kept[one], wanted) for one in self._chain(statement_id, wanted))

    def _chain(self, statement_id: str, wanted: Filter) -> Iterator[str]:
        seen: set[str] = set()
        while statement_id in self.kept and statement_id not in seen:
            authority = identifier(self.kept[statement_id]["authority"])
            if wanted.authority in (None, authority):
                yield statement_id
            seen.add(statement_id)
            about = self.kept[statement_id]["object"]
            statement_id = about["id"] if about.get("objectType") == "StatementRef" else ""


def meets(statement: Statement, wanted: Filter) -> bool:
    """By what the statement says itself."""
    context = statement.get("context", {})
    if wanted.verb and statement["verb"]["id"] != wanted.verb:
        return False
    if wanted.registration and context.get("registration") != str(wanted.registration):
        return False
    if wanted.activity and wanted.activity not in activities(statement, related=wanted.related_activities):
        return False
    return not wanted.agent or wanted.agent in agents(statement, related=wanted.related_agents)


def activities(statement: Statement, *, related: bool) -> set[str]:
    about = statement["object"]
    found = {about["id"]} if about.get("objectType", "Activity") == "Activity" else set()
    if related:
        for listed in statement.get("context", {}).get("contextActivities", {}).values():
            found |= {one["id"] for one in listed}
        if about.get("objectType") == "SubStatement":
            found |= activities(about, related=True)
    return found


def agents(statement: Statement, *, related: bool) -> set[str | None]:
    about, context = statement["object"], statement.get("context", {})
    people = [statement["actor"]]
    if about.get("objectType") in ("Agent", "Group"):
        people.append(about)
    inner: set[str | None] = set()
    if related:
        people += [statement[name] for name in ("authority",) if name in statement]
        people += [context[name] for name in ("instructor", "team") if name in context]
        people += [one["agent"] for one in context.get("contextAgents", [])]
        people += [one["group"] for one in context.get("contextGroups", [])]
        inner = agents(about, related=True) if about.get("objectType") == "SubStatement" else set()
    members = [member for one in people for member in one.get("member", [])]
    return inner | {identifier(one) for one in [*people, *members]}
