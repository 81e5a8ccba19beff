"""Tables of the record: narrow statement rows, their long words kept once in dictionaries."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracking.tables import Base
from tracking.times import UTCDateTime

# SQLite numbers rows by itself only where the key is exactly INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")


class Verb(Base):
    __tablename__ = "verb"

    id: Mapped[int] = mapped_column(primary_key=True)
    iri: Mapped[str] = mapped_column(Text, unique=True)


class Activity(Base):
    """An activity and what all statements together said about it.

    `definition` is JSON, kept as bytes because PostgreSQL's text cannot hold every character JSON can.
    """

    __tablename__ = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    iri: Mapped[str] = mapped_column(Text, unique=True)
    definition: Mapped[bytes | None] = mapped_column(LargeBinary)


class IdentityKey(Base):
    """A key under which agents arrive and learners are claimed; its row is the lock between the two."""

    __tablename__ = "identity_key"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)


class Agent(Base):
    """An actor or authority by its inverse functional identifier; an Agent and a Group may share one.

    `learner` and `linked_at` repeat the open resolution, for quick reading while storing.
    """

    __tablename__ = "agent"
    __table_args__ = (UniqueConstraint("identifier", "kind"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    identifier: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)  # "agent" or "group"; only an agent can be a learner
    key_id: Mapped[int] = mapped_column(ForeignKey("identity_key.id"), index=True)
    name: Mapped[str | None] = mapped_column(Text)
    learner: Mapped[UUID | None] = mapped_column(index=True)
    linked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


# Those that are nobody yet are looked for among very many that are somebody.
Index(
    "ix_agent_unmatched",
    Agent.id,
    sqlite_where=Agent.learner.is_(None),
    postgresql_where=Agent.learner.is_(None),
)


class Resolution(Base):
    """The agent was taken to be this learner from `linked_at` until `unlinked_at` (open when null)."""

    __tablename__ = "resolution"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    learner: Mapped[UUID] = mapped_column(index=True)
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    unlinked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Statement(Base):
    """One statement. `raw` is the truth; the other columns are read out of it.

    No foreign keys to the dictionaries: their rows are never deleted, and on PostgreSQL each key would lock a
    row that every concurrent request uses (the verb "completed" above all).
    """

    __tablename__ = "statement"

    seq: Mapped[int] = mapped_column(Serial, primary_key=True)  # tracking.record.order
    id: Mapped[UUID] = mapped_column(unique=True)
    stored: Mapped[datetime] = mapped_column(UTCDateTime)
    timestamp: Mapped[datetime] = mapped_column(UTCDateTime)
    happened_on: Mapped[date]  # the local date of `timestamp`
    agent_id: Mapped[int | None] = mapped_column(BigInteger)  # null: an anonymous group
    verb_id: Mapped[int]
    activity_id: Mapped[int | None]  # null: the object is not an activity
    registration: Mapped[UUID | None]
    refers_to: Mapped[UUID | None]  # the statement that is the object
    voids: Mapped[UUID | None]  # the same, of a voiding statement
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[int | None] = mapped_column(SmallInteger)  # tracking.completions.rules.Outcome
    authority_id: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[str] = mapped_column(Text)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


Index("ix_statement_agent_id_seq", Statement.agent_id, Statement.seq)
Index("ix_statement_activity_id_seq", Statement.activity_id, Statement.seq)
Index("ix_statement_verb_id_seq", Statement.verb_id, Statement.seq)
Index(
    "ix_statement_registration_seq",
    Statement.registration,
    Statement.seq,
    sqlite_where=Statement.registration.is_not(None),
    postgresql_where=Statement.registration.is_not(None),
)
Index("ix_statement_authority_id_seq", Statement.authority_id, Statement.seq)
Index(
    "ix_statement_refers_to",
    Statement.refers_to,
    sqlite_where=Statement.refers_to.is_not(None),
    postgresql_where=Statement.refers_to.is_not(None),
)
