"""Whom agents are taken for, and which are nobody yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.identities.models import IdentityClaim
from tracking.record.models import Agent, IdentityKey, Statement


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An agent that is no learner: what it is called, and the statements that wait for it to be matched."""

    identifier: str
    key: str
    name: str | None
    statements: int
    completing: int  # of these, statements that complete an activity
    last_stored: datetime
    claimants: int  # learners that claim its key: none, or too many


def unmatched(session: Session, *, limit: int = 100, offset: int = 0) -> list[Unmatched]:
    """Agents that are no learner, those with most completing statements first."""
    claimants = (
        select(func.count())
        .select_from(IdentityClaim)
        .where(IdentityClaim.key_id == Agent.key_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Agent.identifier,
            IdentityKey.key,
            Agent.name,
            func.count(),
            func.count(Statement.outcome),
            func.max(Statement.stored, type_=Statement.stored.type),
            claimants,
        )
        .join(IdentityKey, IdentityKey.id == Agent.key_id)
        .join(Statement, Statement.agent_id == Agent.id)
        .where(Agent.learner.is_(None), Agent.kind == "agent", Statement.voided_at.is_(None))
        .group_by(Agent.id, Agent.identifier, IdentityKey.key, Agent.name, Agent.key_id)
        .order_by(func.count(Statement.outcome).desc(), func.count().desc(), Agent.id)
        .limit(limit)
        .offset(offset)
    )
    return [Unmatched(*row) for row in rows]


def learner_of(session: Session, identifier: str) -> UUID | None:
    """The learner that the agent with this canonical identifier is taken to be."""
    return session.scalar(select(Agent.learner).where(Agent.identifier == identifier, Agent.kind == "agent"))


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
