"""Whom agents are and were taken for, and by which keys and links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.identities.models import IdentityClaim, IdentityLink
from tracking.record.models import Agent, IdentityKey, Resolution


@dataclass(frozen=True, slots=True)
class Taken:
    """An agent was taken for a learner from then until then (open when none); `linked`: is, by hand, now."""

    agent_id: int
    identifier: str
    name: str | None
    since: datetime
    until: datetime | None
    linked: bool


def learner_of(session: Session, identifier: str) -> UUID | None:
    """The learner that the agent with this canonical identifier is taken to be."""
    return session.scalar(select(Agent.learner).where(Agent.identifier == identifier, Agent.kind == "agent"))


def taken_for(session: Session, learner: UUID, limit: int = 100) -> list[Taken]:
    """The agents that are and were taken for the learner, those that are first, the latest first."""
    linked = exists().where(IdentityLink.agent_id == Agent.id)
    rows = session.execute(
        select(Agent.id, Agent.identifier, Agent.name, Resolution.linked_at, Resolution.unlinked_at, linked)
        .join(Resolution, Resolution.agent_id == Agent.id)
        .where(Resolution.learner == learner)
        .order_by(Resolution.unlinked_at.is_not(None), Resolution.linked_at.desc(), Resolution.id.desc())
        .limit(limit)
    )
    return [Taken(*row) for row in rows]


def claimed_keys(session: Session, learners: Iterable[UUID]) -> dict[UUID, set[str]]:
    """The keys that each of the learners claims."""
    found: dict[UUID, set[str]] = {}
    for part in batches(sorted(set(learners))):
        rows = session.execute(
            select(IdentityClaim.learner, IdentityKey.key)
            .join(IdentityKey, IdentityKey.id == IdentityClaim.key_id)
            .where(IdentityClaim.learner.in_(part))
        )
        for learner, key in rows:
            found.setdefault(learner, set()).add(key)
    return found
