"""Tables of memberships and of the counters that follow from memberships and completions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracking.record.models import Serial
from tracking.tables import Base
from tracking.times import UTCDateTime


class Membership(Base):
    """A learner counted in a unit on the local dates from `since` until before `until` (null: still).

    Rows are never changed but for `retired_at`: a correction or a move retires a row and records another, so
    that what was known at any earlier time can be read back. Rows not retired of one learner never overlap.
    """

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    learner: Mapped[UUID] = mapped_column(index=True)
    unit: Mapped[int]
    audience: Mapped[str] = mapped_column(String(8))
    since: Mapped[date]
    until: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


Index("ix_membership_unit_learner", Membership.unit, Membership.learner)
_standing = Membership.retired_at.is_(None) & Membership.until.is_(None)
Index(
    "uq_membership_learner_standing",
    Membership.learner,
    unique=True,
    sqlite_where=_standing,
    postgresql_where=_standing,
)


class MemberTotal(Base):
    __tablename__ = "member_total"

    audience: Mapped[str] = mapped_column(String(8), primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    members: Mapped[int]


class MemberChange(Base):
    """On `day`, `delta` more (or fewer) members than the day before."""

    __tablename__ = "member_change"

    audience: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    delta: Mapped[int]


class CompletedTotal(Base):
    __tablename__ = "completed_total"

    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audience: Mapped[str] = mapped_column(String(8), primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    completed: Mapped[int]


class CompletedChange(Base):
    """On `day`, `delta` more (or fewer) members who have completed than the day before."""

    __tablename__ = "completed_change"

    activity_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audience: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    unit: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    delta: Mapped[int]
