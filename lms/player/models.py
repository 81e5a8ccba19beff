"""Attempts, their play sessions, and the course completions that rest on lessons."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Float, ForeignKey, Index, String, UniqueConstraint, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.catalogue.models import Lesson
from lms.core.database import Base
from tracking.times import UTCDateTime


class Attempt(Base):
    """One learner's way through one lesson, on the version with which it began; `id` is the registration.

    `state` is what the next session begins with, from the session numbered `state_session`. `completion`,
    `success` and the score are the best ever reached; `scaled` is -1..1, `progress` 0..1. `told` remembers
    which statements were made, so that each is made once. Of a `preview` nothing is kept or told, and its
    `learner` is nobody.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("learner", "lesson_id", "number"),
        Index("ix_attempt_learner_updated", "learner", "updated"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    learner: Mapped[UUID] = mapped_column(Uuid)
    is_guest: Mapped[bool]
    preview: Mapped[bool] = mapped_column(default=False, server_default=false())
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    number: Mapped[int]
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state_session: Mapped[int] = mapped_column(default=0)
    completion: Mapped[bool] = mapped_column(default=False)
    success: Mapped[bool | None]
    score_raw: Mapped[float | None] = mapped_column(Float)
    score_min: Mapped[float | None] = mapped_column(Float)
    score_max: Mapped[float | None] = mapped_column(Float)
    score_scaled: Mapped[float | None] = mapped_column(Float)
    progress: Mapped[float] = mapped_column(Float, default=0.0)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    started: Mapped[datetime] = mapped_column(UTCDateTime)
    updated: Mapped[datetime] = mapped_column(UTCDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime)

    lesson: Mapped[Lesson] = relationship(lazy="joined")
    sessions: Mapped[list["PlaySession"]] = relationship(
        back_populates="attempt", order_by="PlaySession.number", cascade="all, delete-orphan"
    )


class PlaySession(Base):
    """One opening of the player. Commits count upwards in `last_seq`; `ended` says when, `final` that the
    browser said so itself and nothing more may come.

    `snapshot` is the run-time data of the last commit, `seconds` the learning time that it told.
    """

    __tablename__ = "play_session"
    __table_args__ = (UniqueConstraint("attempt_id", "number"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    number: Mapped[int]
    opened: Mapped[bool] = mapped_column(default=False)
    started: Mapped[datetime] = mapped_column(UTCDateTime)
    expires: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    final: Mapped[bool] = mapped_column(default=False)
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime)

    attempt: Mapped[Attempt] = relationship(back_populates="sessions", lazy="joined")


class CourseCompletion(Base):
    """A statement of ours that a learner completed a course, and the lesson statements it rests on.

    `rests_on` maps lesson IRIs to statement ids.
    """

    __tablename__ = "course_completion"
    __table_args__ = (Index("ix_course_completion_learner_course_id", "learner", "course_id"),)

    statement_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    learner: Mapped[UUID] = mapped_column(Uuid)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    iri: Mapped[str] = mapped_column(String(500))
    completed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    rests_on: Mapped[dict[str, str]] = mapped_column(JSON)
    voided: Mapped[bool] = mapped_column(default=False)
