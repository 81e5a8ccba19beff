"""Under which identifiers and names one agent is known."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.record.models import Agent


@dataclass(frozen=True, slots=True)
class Alias:
    """An identifier that statements used, and what they first called its bearer."""

    identifier: str
    name: str | None


def aliases(session: Session, identifier: str, *, united: bool) -> list[Alias]:
    """What is known of the agent with this canonical identifier; nothing, where no statement named it.

    `united`: with all other agents that are taken for the same learner.
    """
    query = select(Agent.identifier, Agent.name, Agent.learner).where(Agent.kind == "agent")
    rows = session.execute(query.where(Agent.identifier == identifier)).all()
    if united and rows and rows[0].learner is not None:
        rows = session.execute(query.where(Agent.learner == rows[0].learner).order_by(Agent.id)).all()
    return [Alias(row.identifier, row.name) for row in rows]
