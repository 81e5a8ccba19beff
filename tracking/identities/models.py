"""Tables of claims and links, and of agents that nobody need look at again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracking.tables import Base
from tracking.times import UTCDateTime


class IdentityClaim(Base):
    """Agents under this key are said to be this learner; with two learners on one key, they are neither."""

    __tablename__ = "identity_claim"

    key_id: Mapped[int] = mapped_column(ForeignKey("identity_key.id"), primary_key=True)
    learner: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    claimed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class IdentityLink(Base):
    """The agent is this learner, decided by a person."""

    __tablename__ = "identity_link"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    learner: Mapped[UUID]
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DismissedAgent(Base):
    """A person decided that the agent is nobody of ours. It is not listed; a claim or link still counts."""

    __tablename__ = "dismissed_agent"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    dismissed_at: Mapped[datetime] = mapped_column(UTCDateTime)
