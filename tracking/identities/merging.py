"""Two learners that are one: merged, so that everything of both is counted once, and parted again.

No statement, claim or link is changed. While the merger is open, agents of the one are taken for whoever
stands for both, and memberships are joined (`rates.merging`); as known on earlier days nothing changes.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking import learners
from tracking.batches import batches
from tracking.completions.projection import CompletionChange
from tracking.dialects import close
from tracking.errors import Refused
from tracking.identities.models import IdentityClaim, IdentityLink
from tracking.identities.services import resolve_agents
from tracking.rates import merging
from tracking.record.mergers import Merger, open_merger, open_mergers, same_as, who_stands_for
from tracking.record.models import Agent
from tracking.times import utc_now


def merge(session: Session, learner: UUID, into: UUID, now: datetime | None = None) -> list[CompletionChange]:
    """Take `learner`, with all that were merged into it, to be `into`; the completions that changed.

    Call it before anything else in the transaction that writes to the record. Refused for a learner that is
    merged already, and for two that are one already.
    """
    close(session)
    moment = now or utc_now()
    if open_merger(session, learner) is not None:
        raise Refused("This record was merged into another already. Take that back first.")
    standing = who_stands_for(session, into)
    if standing == learner:
        raise Refused("These two records are one already.")
    moved, kept = same_as(session, learner), same_as(session, into)
    learners.admit(session, moved | kept)
    for each in open_mergers(session, moved):
        each.standing = standing
    merger = Merger(learner=learner, into=into, standing=standing, merged_at=moment)
    session.add(merger)
    session.flush()
    merging.unite(session, merger, moment)
    return _resolve(session, moved | kept, moment)


def part(session: Session, learner: UUID, now: datetime | None = None) -> list[CompletionChange]:
    """Take back that `learner` is another one, as if it had never been said; the completions that changed.

    What was merged into `learner` stays with it. Call it before anything else that writes to the record.
    """
    close(session)
    moment = now or utc_now()
    merger = open_merger(session, learner)
    if merger is None:
        raise Refused("This record is not merged into another, so there is nothing to take back.")
    everybody = same_as(session, learner)
    learners.admit(session, everybody)
    merger.ended_at = moment
    session.flush()
    for each in open_mergers(session, everybody):
        each.standing = _end_of_chain(session, each.into)
    session.flush()
    merging.part(session, merger, moment)
    return _resolve(session, everybody, moment)


def _end_of_chain(session: Session, learner: UUID) -> UUID:
    following = open_merger(session, learner)
    return learner if following is None else _end_of_chain(session, following.into)


def _resolve(session: Session, concerned: Collection[UUID], now: datetime) -> list[CompletionChange]:
    """Resolve every agent that is one of these learners by a claim or a link."""
    agents: set[int] = set()
    for part_of in batches(sorted(concerned)):
        claimed = (
            select(Agent.id)
            .join(IdentityClaim, IdentityClaim.key_id == Agent.key_id)
            .where(IdentityClaim.learner.in_(part_of))
        )
        linked = select(IdentityLink.agent_id).where(IdentityLink.learner.in_(part_of))
        agents.update(session.scalars(claimed))
        agents.update(session.scalars(linked))
    return resolve_agents(session, agents, concerned, now)
