"""Learners that were merged into another: one of several records of somebody stands for all of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Uuid, func, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracking.batches import batches
from tracking.record.models import Serial
from tracking.tables import Base
from tracking.times import UTCDateTime


class Merger(Base):
    """`learner` was taken to be `into`, from `merged_at` until `ended_at` (open when null).

    `into` may itself be merged on; `standing` is the last of that chain as it is now: whoever counts for all
    of them. It follows from the open rows, and means nothing in a row that has ended.
    """

    __tablename__ = "merger"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    learner: Mapped[UUID]
    into: Mapped[UUID]
    standing: Mapped[UUID]
    merged_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


_open = Merger.ended_at.is_(None)
Index("uq_merger_open", Merger.learner, unique=True, sqlite_where=_open, postgresql_where=_open)
Index("ix_merger_standing", Merger.standing, sqlite_where=_open, postgresql_where=_open)


class MergedFact(Base):
    """What was said of where a learner is counted, since they first had to do with an open merger, in order.

    `said` is the timeline as it stood then, or a placement, a removal, a correction (see `rates.merging`);
    or `merger_id` names the merger of this learner into another. Said again without a merger that was undone,
    the facts tell what would be if it had never been.
    """

    __tablename__ = "merged_fact"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    learner: Mapped[UUID] = mapped_column(index=True)
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    merger_id: Mapped[int | None] = mapped_column(ForeignKey("merger.id"))


def standing_for(session: Session, learners: Iterable[UUID]) -> dict[UUID, UUID]:
    """Those of the learners that are merged into another, each with whoever stands for it."""
    found: dict[UUID, UUID] = {}
    for part in batches(sorted(set(learners))):
        query = select(Merger.learner, Merger.standing).where(Merger.learner.in_(part), _open)
        found.update((learner, standing) for learner, standing in session.execute(query))
    return found


def merged_into(session: Session, learners: Iterable[UUID]) -> dict[UUID, UUID]:
    """The learners for which those given stand, each with whoever stands for it."""
    found: dict[UUID, UUID] = {}
    for part in batches(sorted(set(learners))):
        query = select(Merger.learner, Merger.standing).where(Merger.standing.in_(part), _open)
        found.update((learner, standing) for learner, standing in session.execute(query))
    return found


def who_stands_for(session: Session, learner: UUID) -> UUID:
    """The learner under which everything of this one is counted: itself, unless it was merged."""
    return standing_for(session, [learner]).get(learner, learner)


def same_as(session: Session, learner: UUID) -> set[UUID]:
    """The learner with all that are taken to be the same one."""
    own = select(Merger.standing).where(Merger.learner == learner, _open).scalar_subquery()
    query = select(Merger.learner, Merger.standing).where(
        Merger.standing == func.coalesce(own, literal(learner, Uuid())), _open
    )
    return {learner}.union(*session.execute(query))


def open_merger(session: Session, learner: UUID) -> Merger | None:
    """By which the learner is merged into another."""
    return session.scalars(select(Merger).where(Merger.learner == learner, _open)).one_or_none()


def open_mergers(session: Session, learners: Iterable[UUID]) -> list[Merger]:
    """The mergers that hold among these learners, in the order in which they were made."""
    wanted = sorted(set(learners))
    query = select(Merger).where(Merger.learner.in_(wanted), _open).order_by(Merger.id)
    return list(session.scalars(query))
