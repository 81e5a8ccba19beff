"""Entering the agents that statements name, each resolved to its learner at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.dialects import is_sqlite
from tracking.identities.keys import key_of
from tracking.identities.resolution import claimants, taken
from tracking.listed import inserted, one_of
from tracking.questions import Question, asked
from tracking.record.dictionaries import check_word, holding_keys
from tracking.record.memory import learn, remembered
from tracking.record.models import Agent
from tracking.rounds import Command, Steps, answers, beside, run
from tracking.tables import table_of

Name = tuple[str, str]  # canonical identifier, and "agent" or "group"

_KNOWN = Question(select(Agent.identifier, Agent.kind, Agent.id).where(one_of(Agent.identifier)))
_REMEMBERED = "agent"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of agents: their numbers, their keys, which are held, and who claims them."""

    agents: Mapping[Name, dict[str, Any]]
    found: dict[Name, int]
    keys_of: Mapping[Name, str]
    keys: Mapping[str, int]
    claimed: Mapping[str, UUID]


def agent_ids(
    session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str, now: datetime
) -> dict[Name, int]:
    """The numbers of agents, each given as a statement describes it; new ones are entered and resolved."""
    found = remembered_agents(session, agents)
    unknown = {name: agent for name, agent in agents.items() if name not in found}
    looked = run(session, looking(session, unknown, home_page))
    new, resolved = run(session, entering(session, looked, now))
    answers(session.connection(), resolved)
    return found | new


def remembered_agents(session: Session, names: Iterable[Name]) -> dict[Name, int]:
    """The numbers of those of the agents that need not be asked for."""
    return remembered(session, _REMEMBERED, names)


def looking(session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str) -> Steps[Looked]:
    """Look for agents, as statements describe them, and hold their keys.

    A claim of a key waits until the agent is in, or is seen here.
    """
    for identifier, _ in agents:
        check_word(identifier)
    keys_of = {name: key_of(agent, name[0], home_page) for name, agent in agents.items()}
    keys = set(keys_of.values())
    found, held, claimed = yield from beside(_known(agents), holding_keys(session, keys), claimants(keys))
    return Looked(agents, found, keys_of, held, claimed)


def entering(session: Session, looked: Looked, now: datetime) -> Steps[tuple[dict[Name, int], list[Command]]]:
    """Enter those of the agents that are new; the numbers of all, and what is still to be written of them.

    Nobody can have linked an agent that nobody knew: whom it is taken for is told by the claims alone.
    """
    missing = sorted(name for name in looked.agents if name not in looked.found)
    learners = {name: _learner(looked, name) for name in missing}
    rows = [
        {
            "identifier": name[0],
            "kind": name[1],
            "key_id": looked.keys[looked.keys_of[name]],
            "name": looked.agents[name].get("name", "").replace("\x00", "") or None,
            "learner": learners[name],
            "linked_at": now if learners[name] else None,
        }
        for name in missing
    ]
    entered: dict[Name, int] = {}
    if rows:
        entered = yield from _inserting_alone(rows) if is_sqlite(session) else _inserting_among_others(rows)
    found = looked.found | entered
    others = [name for name in missing if name not in entered]
    if others:  # somebody else was quicker
        found |= yield from _known(others)
    learn(session, _REMEMBERED, found)
    resolved = {number: learners[name] for name, number in entered.items()}
    return found, taken({agent: learner for agent, learner in resolved.items() if learner}, now)


def _learner(looked: Looked, name: Name) -> UUID | None:
    """Only an agent can be a learner, a group never."""
    return looked.claimed.get(looked.keys_of[name]) if name[1] == "agent" else None


def _known(names: Iterable[Name]) -> Steps[dict[Name, int]]:
    wanted = set(names)
    rows = yield from asked(_KNOWN, sorted({identifier for identifier, _ in wanted}))
    return {(identifier, kind): number for identifier, kind, number in rows if (identifier, kind) in wanted}


def _inserting_alone(rows: Sequence[dict[str, Any]]) -> Steps[dict[Name, int]]:
    """SQLite has one writer at a time: nobody else enters an agent meanwhile."""
    yield inserted(table_of(Agent), rows)
    return (yield from _known((row["identifier"], row["kind"]) for row in rows))


def _inserting_among_others(rows: Sequence[dict[str, Any]]) -> Steps[dict[Name, int]]:
    """The numbers of those whom nobody else has entered meanwhile."""
    [found] = yield inserted(
        table_of(Agent), rows, conflict="(identifier, kind) DO NOTHING", returning="identifier, kind, id"
    )
    return {(identifier, kind): number for identifier, kind, number in found}
