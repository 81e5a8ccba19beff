"""Claiming keys for learners, releasing them, and linking agents by hand."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracking import learners
from tracking.batches import batches
from tracking.completions.projection import CompletionChange, reproject
from tracking.dialects import close, enter, upsert
from tracking.errors import Refused
from tracking.identities.models import IdentityClaim, IdentityLink
from tracking.identities.resolution import resolve
from tracking.record.dictionaries import check_word, key_ids
from tracking.record.mergers import standing_for
from tracking.record.models import Agent, IdentityKey, Statement
from tracking.times import utc_now

Claim = tuple[str, UUID]  # identity key, learner


def claim(session: Session, key: str, learner: UUID, now: datetime | None = None) -> list[CompletionChange]:
    """Say that agents under `key` are this learner. Saying it twice changes nothing."""
    return claim_many(session, [(key, learner)], now)


def claim_many(
    session: Session, claims: Iterable[Claim], now: datetime | None = None
) -> list[CompletionChange]:
    enter(session)
    wanted = set(claims)
    for key, _ in wanted:
        check_word(key)
    new = wanted - _claimed(session, wanted)
    if not new:
        return []
    moment = now or utc_now()
    keys = key_ids(session, (key for key, _ in new))
    statement = upsert(session, IdentityClaim).on_conflict_do_nothing()
    rows = [{"key_id": keys[key], "learner": learner, "claimed_at": moment} for key, learner in sorted(new)]
    session.execute(statement, rows)
    return _resolve_keys(session, keys.values(), (learner for _, learner in new), moment)


def release(session: Session, key: str, learner: UUID, now: datetime | None = None) -> list[CompletionChange]:
    """Say no longer that agents under `key` are this learner."""
    return release_many(session, [(key, learner)], now)


def release_many(
    session: Session, claims: Iterable[Claim], now: datetime | None = None
) -> list[CompletionChange]:
    enter(session)
    gone = _claimed(session, set(claims))
    if not gone:
        return []
    keys = key_ids(session, (key for key, _ in gone))
    for key, learner in sorted(gone):
        session.execute(
            delete(IdentityClaim)
            .where(IdentityClaim.key_id == keys[key], IdentityClaim.learner == learner)
            .execution_options(synchronize_session=False)
        )
    return _resolve_keys(session, keys.values(), (), now or utc_now())


def link(
    session: Session, identifier: str, learner: UUID, now: datetime | None = None
) -> list[CompletionChange]:
    """Link an agent that the record has seen to a learner, whatever the claims say."""
    enter(session)
    agent_id = _held_agent(session, identifier)
    moment = now or utc_now()
    values = {"learner": learner, "linked_at": moment}
    statement = upsert(session, IdentityLink).values(agent_id=agent_id, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["agent_id"], set_=values),
        execution_options={"synchronize_session": False},
    )
    return resolve_agents(session, [agent_id], [learner], moment)


def unlink(session: Session, identifier: str, now: datetime | None = None) -> list[CompletionChange]:
    """Take back a link; the claims decide again."""
    close(session)  # courses that rested on what goes may have to be voided
    agent_id = _held_agent(session, identifier)
    session.execute(
        delete(IdentityLink)
        .where(IdentityLink.agent_id == agent_id)
        .execution_options(synchronize_session=False)
    )
    return resolve_agents(session, [agent_id], (), now or utc_now())


def linked_to(session: Session, agent_id: int) -> UUID | None:
    """The learner that the agent is linked to by hand, as was said then."""
    return session.scalar(select(IdentityLink.learner).where(IdentityLink.agent_id == agent_id))


def _held_agent(session: Session, identifier: str) -> int:
    """The number of an agent, whose key is held against other links and claims."""
    check_word(identifier)
    found = session.execute(
        select(Agent.id, IdentityKey.key)
        .join(IdentityKey, IdentityKey.id == Agent.key_id)
        .where(Agent.identifier == identifier, Agent.kind == "agent")
    ).one_or_none()
    if found is None:
        raise Refused(
            "Nothing has been recorded under %(identifier)s yet, so there is nothing to link.",
            identifier=identifier,
        )
    agent_id, key = found
    key_ids(session, [key])
    return agent_id


def _claimed(session: Session, claims: set[Claim]) -> set[Claim]:
    """Those of the claims that are made already."""
    found: set[Claim] = set()
    for part in batches(sorted({key for key, _ in claims})):
        rows = session.execute(
            select(IdentityKey.key, IdentityClaim.learner)
            .join(IdentityClaim, IdentityClaim.key_id == IdentityKey.id)
            .where(IdentityKey.key.in_(part))
        )
        found.update(rows)
    return found & claims


def _resolve_keys(
    session: Session, keys: Iterable[int], claimants: Iterable[UUID], now: datetime
) -> list[CompletionChange]:
    agents: list[int] = []
    for part in batches(sorted(keys)):
        agents.extend(session.scalars(select(Agent.id).where(Agent.key_id.in_(part))))
    return resolve_agents(session, agents, claimants, now)


def resolve_agents(
    session: Session, agent_ids: Iterable[int], claimants: Iterable[UUID], now: datetime
) -> list[CompletionChange]:
    """Resolve agents whose keys are held, and draw what their statements amount to anew."""
    wanted = sorted(agent_ids)
    affected = set(claimants)
    affected.update(standing_for(session, affected).values())
    for part in batches(wanted):
        # Waits for statements of these agents that are being stored just now.
        held = select(Agent.id, Agent.learner).where(Agent.id.in_(part)).order_by(Agent.id)
        affected.update(row.learner for row in session.execute(held.with_for_update()) if row.learner)
    learners.admit(session, affected)
    # All at once: counters are written in one order, and two claims do not wait for each other's.
    return reproject(session, _completing(session, resolve(session, wanted, now)))


def _completing(session: Session, agent_ids: Sequence[int]) -> list[int]:
    seqs: list[int] = []
    for part in batches(agent_ids):
        said = select(Statement.seq).where(Statement.agent_id.in_(part), Statement.outcome.is_not(None))
        seqs.extend(session.scalars(said))
    return sorted(seqs)
