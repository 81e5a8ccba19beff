"""Whom and what a statement mentions, beyond its actor, its object and its authority.

That is what the filters `agent`, `related_agents` and `related_activities` look for (Communication 2.1.3).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tracking.identities.agents import Name
from tracking.statements.agents import name_of

Activity = dict[str, Any]
Agent = dict[str, Any]

_IN_CONTEXT = ("instructor", "team")
_PEOPLE = ("Agent", "Group")
_NAMING = frozenset((*_PEOPLE, "SubStatement"))
_NAMING_AGENTS = frozenset((*_IN_CONTEXT, "contextAgents", "contextGroups"))
_EMPTY: dict[str, Any] = {}


@dataclass(slots=True)
class Mentions:
    """`direct` agents are the object, or members of an actor or object that is a group; `related` all others.

    An agent is in one of the two at most. `activities` are those of contexts and sub-statements, by IRI, each
    as often as it is described.
    """

    direct: dict[Name, Agent] = field(default_factory=dict)
    related: dict[Name, Agent] = field(default_factory=dict)
    activities: dict[str, list[Activity]] = field(default_factory=dict)

    @property
    def definitions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for iri, activities in self.activities.items():
            for activity in activities:
                if activity.get("definition"):
                    yield iri, activity["definition"]


NONE = Mentions()


def mentions(statement: dict[str, Any], authority: Agent) -> Mentions:
    """Those of a valid statement; most have none, or activities only."""
    thing = statement["object"].get("objectType", "Activity")
    context = statement.get("context", _EMPTY)
    names_agents = (
        thing in _NAMING
        or "member" in statement["actor"]
        or "member" in authority
        or not _NAMING_AGENTS.isdisjoint(context)
    )
    if not names_agents and "contextActivities" not in context:
        return NONE
    found = Mentions()
    for activity in _activities(statement):
        found.activities.setdefault(activity["id"], []).append(activity)
    if names_agents:
        _find_agents(found, statement, authority)
    return found


def _find_agents(found: Mentions, statement: dict[str, Any], authority: Agent) -> None:
    actor, vouching = name_of(statement["actor"]), name_of(authority)
    _name(found.direct, _direct(statement), {actor})
    related = [*_members(authority), *_in_context(statement)]
    if statement["object"].get("objectType") == "SubStatement":
        related += _in_sub_statement(statement["object"])
    _name(found.related, related, {actor, vouching, *found.direct})


def _name(found: dict[Name, Agent], agents: Iterable[Agent], others: set[Name | None]) -> None:
    for agent in agents:
        name = name_of(agent)
        if name is not None and name not in others:
            found[name] = agent


def _direct(statement: dict[str, Any]) -> Iterator[Agent]:
    yield from _members(statement["actor"])
    if statement["object"].get("objectType") in _PEOPLE:
        yield statement["object"]
        yield from _members(statement["object"])


def _in_sub_statement(statement: dict[str, Any]) -> Iterator[Agent]:
    yield statement["actor"]
    yield from _direct(statement)
    yield from _in_context(statement)


def _in_context(statement: dict[str, Any]) -> Iterator[Agent]:
    context = statement.get("context", {})
    named = [context[place] for place in _IN_CONTEXT if place in context]
    named += [item["agent"] for item in context.get("contextAgents", ())]
    named += [item["group"] for item in context.get("contextGroups", ())]
    for agent in named:
        yield agent
        yield from _members(agent)


def _members(agent: Agent) -> list[Agent]:
    members: list[Agent] = agent.get("member", [])
    return members


def _activities(statement: dict[str, Any]) -> Iterator[Activity]:
    for activities in statement.get("context", {}).get("contextActivities", {}).values():
        yield from activities
    about = statement["object"]
    if about.get("objectType") == "SubStatement":
        if about["object"].get("objectType", "Activity") == "Activity":
            yield about["object"]
        yield from _activities(about)
