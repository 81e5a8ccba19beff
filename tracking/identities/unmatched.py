"""Agents that are nobody yet: listing them, what waits for them, and setting aside those who are not ours.

Every answer costs the same however many statements there are: agents are read through an index of those
without a learner, and of what one has said at most `MOST` statements are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, delete, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from tracking.completions.rules import Outcome
from tracking.dialects import upsert
from tracking.identities.models import DismissedAgent, IdentityClaim
from tracking.record.completions import ActivityRule
from tracking.record.models import Activity, Agent, IdentityKey, Statement
from tracking.tables import Query
from tracking.times import utc_now

PAGE = 25
MOST = 1_000  # statements of one agent that are counted; more are "1,000 or more"
MOST_AGENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    r"""Which agents. `text` is looked for in identifier and name, as it is written.

    `guests`: the pattern (SQL LIKE, `\` escapes) of identifiers under which visitors try lessons; those are
    left out, or with `only_guests` nothing else is listed.
    """

    text: str = ""
    completing: bool = False  # only those with a statement that completes something
    dismissed: bool = False  # those that were set aside, instead of those that were not
    guests: str | None = None
    only_guests: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What an agent has said that is not void: statements, those that complete, and when the last was stored.

    `capped`: there are more than were counted.
    """

    statements: int
    completing: int
    last_stored: datetime | None
    capped: bool


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An agent that is no learner; `claimants` learners claim its key: none, or too many."""

    id: int
    identifier: str
    key: str
    name: str | None
    claimants: int
    tally: Tally


def unmatched(
    session: Session, wanted: Wanted, *, before: int | None = None, limit: int = PAGE
) -> list[Unmatched]:
    """Those seen last first; `before` is the id of the last one on the page before."""
    claimants = (
        select(func.count())
        .select_from(IdentityClaim)
        .where(IdentityClaim.key_id == Agent.key_id)
        .scalar_subquery()
    )
    query = (
        _listed(wanted)
        .with_only_columns(Agent.id, Agent.identifier, IdentityKey.key, Agent.name, claimants)
        .join(IdentityKey, IdentityKey.id == Agent.key_id)
        .order_by(Agent.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Agent.id < before)
    return [
        Unmatched(number, identifier, key, name, claiming, tally(session, number))
        for number, identifier, key, name, claiming in session.execute(query).all()
    ]


def count_unmatched(session: Session, wanted: Wanted) -> int:
    """How many there are, counted up to `MOST_AGENTS` + 1."""
    some = _listed(wanted).with_only_columns(Agent.id).limit(MOST_AGENTS + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def the_agent(session: Session, agent_id: int) -> Agent | None:
    """One agent that can be a learner, matched or not."""
    found = session.get(Agent, agent_id)
    return found if found is not None and found.kind == "agent" else None


def is_dismissed(session: Session, agent_id: int) -> bool:
    return session.get(DismissedAgent, agent_id) is not None


def tally(session: Session, agent_id: int) -> Tally:
    latest = (
        select(Statement.outcome, Statement.stored)
        .where(Statement.agent_id == agent_id, Statement.voided_at.is_(None))
        .order_by(Statement.seq.desc())
        .limit(MOST + 1)
    )
    rows = session.execute(latest).all()
    counted = rows[:MOST]
    return Tally(
        statements=len(counted),
        completing=sum(row.outcome is not None for row in counted),
        last_stored=counted[0].stored if counted else None,
        capped=len(rows) > MOST,
    )


def would_complete(session: Session, agent_id: int) -> list[tuple[str, str | None, datetime]]:
    """What the latest `MOST` statements of an agent complete: activity, its title, when first; by IRI.

    The title is in any language in which the activity was named.
    """
    demanded = exists().where(
        ActivityRule.activity_id == Statement.activity_id,
        ActivityRule.until.is_(None),
        ActivityRule.demands_passing.is_(True),
    )
    said = (
        select(Statement.activity_id, Statement.timestamp)
        .where(
            Statement.agent_id == agent_id,
            Statement.voided_at.is_(None),
            or_(Statement.outcome == Outcome.COMPLETES, Statement.outcome.is_not(None) & ~demanded),
        )
        .order_by(Statement.seq.desc())
        .limit(MOST)
        .subquery()
    )
    first = func.min(said.c.timestamp, type_=Statement.timestamp.type)
    rows = session.execute(
        select(Activity.iri, Activity.definition, first)
        .join(said, said.c.activity_id == Activity.id)
        .group_by(Activity.iri, Activity.definition)
        .order_by(Activity.iri)
    )
    return [(iri, _title(definition), at) for iri, definition, at in rows]


def dismiss(session: Session, agent_id: int, now: datetime | None = None) -> bool:
    """Set an agent aside; whether it was not before."""
    statement = upsert(session, DismissedAgent).values(agent_id=agent_id, dismissed_at=now or utc_now())
    found = session.execute(statement.on_conflict_do_nothing().returning(DismissedAgent.agent_id))
    return found.first() is not None


def restore(session: Session, agent_id: int) -> bool:
    """List an agent again; whether it was set aside."""
    gone = delete(DismissedAgent).where(DismissedAgent.agent_id == agent_id)
    found = session.execute(
        gone.returning(DismissedAgent.agent_id).execution_options(synchronize_session=False)
    )
    return found.first() is not None


def _title(definition: bytes | None) -> str | None:
    names = orjson.loads(definition).get("name", {}) if definition else {}
    return next(iter(names.values()), None)


def _listed(wanted: Wanted) -> Query:
    said: Sequence[Any] = [Statement.agent_id == Agent.id]
    if wanted.completing:
        said = [*said, Statement.outcome.is_not(None), Statement.voided_at.is_(None)]
    set_aside = exists().where(DismissedAgent.agent_id == Agent.id)
    query = select(Agent).where(
        Agent.learner.is_(None),
        Agent.kind == "agent",
        set_aside if wanted.dismissed else ~set_aside,
        exists().where(*said),
        *_of_guests(wanted),
    )
    if wanted.text:
        text = wanted.text.replace("\x00", "")
        query = query.where(
            or_(
                Agent.identifier.icontains(text, autoescape=True), Agent.name.icontains(text, autoescape=True)
            )
        )
    return query


def _of_guests(wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.guests is None:
        return []
    is_guest = Agent.identifier.like(literal(wanted.guests), escape="\\")
    return [is_guest if wanted.only_guests else ~is_guest]
