"""Entering the agents that statements name, each resolved to its learner at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import upsert
from tracking.identities.keys import key_of
from tracking.identities.resolution import resolve
from tracking.listed import one_of
from tracking.record.dictionaries import check_word, key_ids
from tracking.record.memory import known, learn
from tracking.record.models import Agent

Name = tuple[str, str]  # canonical identifier, and "agent" or "group"

_KNOWN = select(Agent.identifier, Agent.kind, Agent.id).where(one_of(Agent.identifier))
_REMEMBERED = "agent"


def agent_ids(
    session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str, now: datetime
) -> dict[Name, int]:
    """The numbers of agents, each given as a statement describes it; new ones are entered and resolved."""
    remembered = known(session, _REMEMBERED)
    found = {name: remembered[name] for name in agents if name in remembered}
    if len(found) == len(agents):
        return found
    unknown = [name for name in agents if name not in found]
    for identifier, _ in unknown:
        check_word(identifier)
    new = _known(session, unknown)
    missing = sorted(name for name in unknown if name not in new)
    if missing:
        _enter(session, {name: agents[name] for name in missing}, home_page, now)
        new |= _known(session, missing)
    learn(session, _REMEMBERED, new)
    return found | new


def _known(session: Session, names: Iterable[Name]) -> dict[Name, int]:
    wanted = set(names)
    found: dict[Name, int] = {}
    for part in batches(sorted({identifier for identifier, _ in wanted})):
        rows = session.connection().execute(_KNOWN, {"wanted": part})
        found.update({(row.identifier, row.kind): row.id for row in rows})
    return {name: number for name, number in found.items() if name in wanted}


def _enter(session: Session, agents: Mapping[Name, dict[str, Any]], home_page: str, now: datetime) -> None:
    """The keys are held first: a claim of one waits until the agent is in, or is seen here."""
    keys_of = {name: key_of(agent, name[0], home_page) for name, agent in agents.items()}
    keys = key_ids(session, keys_of.values())
    statement = upsert(session, Agent).on_conflict_do_nothing().returning(Agent.id)
    new = session.scalars(
        statement,
        [
            {
                "identifier": identifier,
                "kind": kind,
                "key_id": keys[keys_of[identifier, kind]],
                "name": agent.get("name", "").replace("\x00", "") or None,
            }
            for (identifier, kind), agent in agents.items()
        ],
    ).all()
    resolve(session, new, now)
