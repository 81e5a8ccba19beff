"""Entering the agents that statements name, each resolved to its learner at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite, upsert
from tracking.identities.resolution import resolve
from tracking.listed import one_of
from tracking.record.dictionaries import check_word, key_ids
from tracking.record.models import Agent

Name = tuple[str, str]  # canonical identifier, and "agent" or "group"

_KNOWN = select(Agent.identifier, Agent.kind, Agent.id).where(one_of(Agent.identifier))
_HELD = select(Agent.id).where(one_of(Agent.id)).order_by(Agent.id).with_for_update(read=True)


@dataclass(frozen=True, slots=True)
class Described:
    """How a statement describes an agent: the key it is looked for under, and what it calls it."""

    key: str
    name: str | None


def agent_ids(session: Session, agents: Mapping[Name, Described], now: datetime) -> dict[Name, int]:
    """The numbers of the agents; those not seen before are entered and resolved."""
    for identifier, _ in agents:
        check_word(identifier)
    found = _known(session, agents)
    missing = sorted(name for name in agents if name not in found)
    if missing:
        _enter(session, {name: agents[name] for name in missing}, now)
        found |= _known(session, missing)
    return found


def hold(session: Session, ids: Iterable[int]) -> None:
    """Keep the agents from being resolved anew until the transaction ends."""
    if is_sqlite(session):
        return
    for part in batches(sorted(ids)):
        session.connection().execute(_HELD, {"wanted": part}).all()


def _known(session: Session, names: Iterable[Name]) -> dict[Name, int]:
    wanted = set(names)
    found: dict[Name, int] = {}
    for part in batches(sorted({identifier for identifier, _ in wanted})):
        rows = session.connection().execute(_KNOWN, {"wanted": part})
        found.update({(row.identifier, row.kind): row.id for row in rows})
    return {name: number for name, number in found.items() if name in wanted}


def _enter(session: Session, agents: Mapping[Name, Described], now: datetime) -> None:
    """The keys are held first: a claim of one waits until the agent is in, or is seen here."""
    keys = key_ids(session, (described.key for described in agents.values()))
    statement = upsert(session, Agent).on_conflict_do_nothing().returning(Agent.id)
    new = session.scalars(
        statement,
        [
            {
                "identifier": identifier,
                "kind": kind,
                "key_id": keys[described.key],
                "name": described.name and described.name.replace("\x00", ""),
            }
            for (identifier, kind), described in agents.items()
        ],
    ).all()
    resolve(session, new, now)
