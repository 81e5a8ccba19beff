"""Tables of what statements amount to: evidence, completions, and what an activity demands."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracking.record.models import Serial
from tracking.tables import Base
from tracking.times import UTCDateTime


class ActivityRule(Base):
    """Whether an activity demanded passing, from `since` until `until` (open when null).

    The rows of an activity follow each other without a gap; one without rows has never demanded passing.
    """

    __tablename__ = "activity_rule"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id"), index=True)
    demands_passing: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Evidence(Base):
    """A statement that completed an activity for a learner, as far as was known from `known_at` on.

    `withdrawn_at`: it counted no longer, being voided, unlinked from the learner, or too little by a new
    rule. `timestamp` and `happened_on` (its local date) tell when it happened.
    """

    __tablename__ = "completion_evidence"

    statement_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    known_at: Mapped[datetime] = mapped_column(UTCDateTime, primary_key=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    learner: Mapped[UUID]
    activity_id: Mapped[int]
    timestamp: Mapped[datetime] = mapped_column(UTCDateTime)
    happened_on: Mapped[date]
    statement_id: Mapped[UUID]


Index("ix_completion_evidence_learner_activity_id", Evidence.learner, Evidence.activity_id)
Index("ix_completion_evidence_activity_id", Evidence.activity_id)


class Completion(Base):
    """A learner has completed an activity: by the earliest of the evidence that still counts."""

    __tablename__ = "completion"

    learner: Mapped[UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_on: Mapped[date]  # the local date of `completed_at`
    statement_id: Mapped[UUID]


# Whoever looks for a pair finds it at once by this one too, which a planner takes that has no statistics yet.
Index("ix_completion_activity_id_learner", Completion.activity_id, Completion.learner)
