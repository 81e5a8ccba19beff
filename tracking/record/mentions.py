"""Tables of whom and what statements mention, beyond what their own rows say.

A statement by one agent about one activity, without a context, has no row in any of them.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracking.tables import Base

_BY_KEY = {"sqlite_with_rowid": False}  # nothing but the key is ever asked for


class StatementAgent(Base):
    """The statement names the agent elsewhere than as its actor.

    `direct`: as its object, or as a member of the group that acts or is the object, where the filter `agent`
    looks; otherwise anywhere else but as its authority (`related_agents`).
    """

    __tablename__ = "statement_agent"
    __table_args__ = _BY_KEY

    agent_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direct: Mapped[bool] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class StatementActivity(Base):
    """The statement names the activity in its context or in its sub-statement (`related_activities`)."""

    __tablename__ = "statement_activity"
    __table_args__ = _BY_KEY

    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class StatementReference(Base):
    """The statement refers to `source`, or to one that refers to it, and so on (Communication 2.1.3.s3).

    Whoever looks for what the source says finds the statement too; so the source's columns stand here again,
    in the order of the statements that refer. Those with many values for one source follow below.
    `authority_id` is that of the statement itself, for those who look among what one authority vouches for.
    """

    __tablename__ = "statement_reference"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    verb_id: Mapped[int]
    registration: Mapped[UUID | None]
    authority_id: Mapped[int | None] = mapped_column(BigInteger)


Index("ix_statement_reference_authority_id_seq", StatementReference.authority_id, StatementReference.seq)
Index("ix_statement_reference_verb_id_seq", StatementReference.verb_id, StatementReference.seq)
Index(
    "ix_statement_reference_registration_seq",
    StatementReference.registration,
    StatementReference.seq,
    sqlite_where=StatementReference.registration.is_not(None),
    postgresql_where=StatementReference.registration.is_not(None),
)


class ReferredAgent(Base):
    """An agent that the source names: `direct` as its actor or as in `StatementAgent`."""

    __tablename__ = "referred_agent"
    __table_args__ = _BY_KEY

    agent_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direct: Mapped[bool] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class ReferredActivity(Base):
    """An activity that the source names: `direct` as its object."""

    __tablename__ = "referred_activity"
    __table_args__ = _BY_KEY

    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    direct: Mapped[bool] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
