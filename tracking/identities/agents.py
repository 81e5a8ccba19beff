"""Entering the agents that statements name, each resolved to its learner at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.dialects import is_sqlite
from tracking.identities.keys import key_of
from tracking.identities.resolution import claimed, taken
from tracking.listed import inserted, one_of
from tracking.questions import Question, asked
from tracking.record.dictionaries import check_word, holding_keys
from tracking.record.memory import learn, remembered
from tracking.record.models import Agent
from tracking.rounds import Steps, run
from tracking.tables import table_of

Name = tuple[str, str]  # canonical identifier, and "agent" or "group"

_KNOWN = Question(select(Agent.identifier, Agent.kind, Agent.id).where(one_of(Agent.identifier)))
_REMEMBERED = "agent"


def agent_ids(
    session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str, now: datetime
) -> dict[Name, int]:
    """The numbers of agents, each given as a statement describes it; new ones are entered and resolved."""
    found = remembered_agents(session, agents)
    if len(found) == len(agents):
        return found
    unknown = [name for name in agents if name not in found]
    for identifier, _ in unknown:
        check_word(identifier)
    new = run(session, _entering(session, {name: agents[name] for name in unknown}, home_page, now))
    learn(session, _REMEMBERED, new)
    return found | new


def remembered_agents(session: Session, names: Iterable[Name]) -> dict[Name, int]:
    """The numbers of those of the agents that need not be asked for."""
    return remembered(session, _REMEMBERED, names)


def _entering(
    session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str, now: datetime
) -> Steps[dict[Name, int]]:
    found = yield from _known(agents)
    missing = sorted(name for name in agents if name not in found)
    if missing:
        found |= yield from _inserting(session, {name: agents[name] for name in missing}, home_page, now)
    others = [name for name in missing if name not in found]
    if others:  # somebody else was quicker
        found |= yield from _known(others)
    return found


def _known(names: Iterable[Name]) -> Steps[dict[Name, int]]:
    wanted = set(names)
    rows = yield from asked(_KNOWN, sorted({identifier for identifier, _ in wanted}))
    return {(identifier, kind): number for identifier, kind, number in rows if (identifier, kind) in wanted}


def _inserting(
    session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str, now: datetime
) -> Steps[dict[Name, int]]:
    """The keys are held first: a claim of one waits until the agent is in, or is seen here.

    Nobody can have linked an agent that nobody knew: whom it is taken for is told by the claims alone.
    """
    keys_of = {name: key_of(agent, name[0], home_page) for name, agent in agents.items()}
    keys = yield from holding_keys(session, keys_of.values())
    claims = yield from claimed(keys.values())
    learners = {name: claims.get(keys[keys_of[name]]) if name[1] == "agent" else None for name in agents}
    rows = [
        {
            "identifier": name[0],
            "kind": name[1],
            "key_id": keys[keys_of[name]],
            "name": agent.get("name", "").replace("\x00", "") or None,
            "learner": learners[name],
            "linked_at": now if learners[name] else None,
        }
        for name, agent in agents.items()
    ]
    found = yield from _inserting_alone(rows) if is_sqlite(session) else _inserting_among_others(rows)
    resolved = taken(
        {found[name]: learner for name, learner in learners.items() if learner and name in found}, now
    )
    if resolved:
        yield resolved
    return found


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
