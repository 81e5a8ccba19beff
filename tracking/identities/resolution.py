"""Deciding which learner an agent is, and keeping the history of those decisions.

Links and claims name learners; where one was merged into another, the agent is whoever stands for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import and_, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.identities.models import IdentityClaim, IdentityLink
from tracking.listed import inserted, one_of
from tracking.questions import Question, asked
from tracking.record.mergers import Merger
from tracking.record.models import Agent, IdentityKey, Resolution
from tracking.rounds import Command, Steps, run
from tracking.tables import table_of

Key = TypeVar("Key")


class Verdict(NamedTuple):
    """Which learner an agent is taken to be, and which it should be by the links and claims there are."""

    agent_id: int
    taken: UUID | None
    should_be: UUID | None


_AGENTS = (
    select(
        Agent.id,
        Agent.key_id,
        Agent.learner,
        func.coalesce(Merger.standing, IdentityLink.learner).label("linked"),
    )
    .outerjoin(IdentityLink, IdentityLink.agent_id == Agent.id)
    .outerjoin(Merger, and_(Merger.learner == IdentityLink.learner, Merger.ended_at.is_(None)))
    .where(one_of(Agent.id), Agent.kind == "agent")
)
_CLAIMS = Question(
    select(IdentityClaim.key_id, func.coalesce(Merger.standing, IdentityClaim.learner))
    .outerjoin(Merger, and_(Merger.learner == IdentityClaim.learner, Merger.ended_at.is_(None)))
    .where(one_of(IdentityClaim.key_id))
)


_CLAIMANTS = Question(
    select(IdentityKey.key, func.coalesce(Merger.standing, IdentityClaim.learner))
    .join(IdentityClaim, IdentityClaim.key_id == IdentityKey.id)
    .outerjoin(Merger, and_(Merger.learner == IdentityClaim.learner, Merger.ended_at.is_(None)))
    .where(one_of(IdentityKey.key))
)


def verdicts(session: Session, agent_ids: Sequence[int]) -> list[Verdict]:
    """For those of the agents that can be learners: groups are left out."""
    rows = session.connection().execute(_AGENTS, {"wanted": agent_ids}).all()
    learners = run(session, claimed({row.key_id for row in rows}))
    return [Verdict(row.id, row.learner, row.linked or learners.get(row.key_id)) for row in rows]


def resolve(session: Session, agent_ids: Iterable[int], now: datetime) -> list[int]:
    """Take the agents to be whom links and claims say; the agents for which that is someone else than before.

    The caller holds the agents' keys, so that no claim can come in between.
    """
    changed: list[Verdict] = []
    for part in batches(sorted(agent_ids)):
        changed.extend(found for found in verdicts(session, part) if found.taken != found.should_be)
    _leave(session, [found.agent_id for found in changed if found.taken], now)
    _take(session, changed, now)
    return [found.agent_id for found in changed]


def claimed(key_ids: Iterable[int]) -> Steps[dict[int, UUID]]:
    """The learners of keys that exactly one learner claims."""
    return _only((yield from asked(_CLAIMS, sorted(set(key_ids)))))


def claimants(keys: Iterable[str]) -> Steps[dict[str, UUID]]:
    """`claimed` by the keys themselves."""
    return _only((yield from asked(_CLAIMANTS, list(set(keys)))))


def _only(claims: Iterable[tuple[Key, UUID]]) -> dict[Key, UUID]:
    learners: dict[Key, set[UUID]] = {}
    for key, learner in claims:
        learners.setdefault(key, set()).add(learner)
    return {key: claiming.pop() for key, claiming in learners.items() if len(claiming) == 1}


def taken(learners: Mapping[int, UUID], now: datetime) -> list[Command]:
    """What writes down that agents (by number) were taken for these learners as soon as they were known."""
    rows = [
        {"agent_id": agent, "learner": learner, "linked_at": now}
        for agent, learner in sorted(learners.items())
    ]
    return inserted(table_of(Resolution), rows)


def _leave(session: Session, agent_ids: list[int], now: datetime) -> None:
    table = table_of(Resolution)
    for part in batches(agent_ids):
        session.connection().execute(
            update(table).where(table.c.agent_id.in_(part), table.c.unlinked_at.is_(None)),
            {"unlinked_at": now},
        )


def _take(session: Session, changed: list[Verdict], now: datetime) -> None:
    if not changed:
        return
    agents, connection = table_of(Agent), session.connection()
    connection.execute(
        update(agents)
        .where(agents.c.id == bindparam("row"))
        .values(learner=bindparam("who"), linked_at=bindparam("at")),
        [
            {"row": found.agent_id, "who": found.should_be, "at": now if found.should_be else None}
            for found in changed
        ],
    )
    taken = [
        {"agent_id": found.agent_id, "learner": found.should_be, "linked_at": now}
        for found in changed
        if found.should_be
    ]
    if taken:
        connection.execute(insert(table_of(Resolution)), taken)
