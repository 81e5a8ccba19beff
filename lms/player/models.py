"""Attempts, their play sessions, and the course completions that rest on lessons."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.catalogue.models import CourseVersion, Lesson
from lms.core.database import Base
from tracking.times import UTCDateTime


class Mode(StrEnum):
    """How a session is played: for a result; or, with nothing recorded, looking again at what is done, or an
    author's look before others see it.
    """

    NORMAL = "normal"
    REVIEW = "review"
    BROWSE = "browse"


class Attempt(Base):
    """One learner's way through one lesson, on the version with which it began; `id` is the registration.

    `state` is what the next session begins with, from the session numbered `state_session`. `completion`,
    `success` and the score are the best ever reached; `scaled` is -1..1, `progress` 0..1. `told` remembers
    which statements were made, so that each is made once. In cmi5 the attempt is part of a `registration` (a
    course's); elsewhere it is one itself. Of a `preview` nothing is kept or told, and its
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
    registration: Mapped[UUID | None] = mapped_column(Uuid, index=True)
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

    `snapshot` is the run-time data of the last commit, `seconds` the learning time that it told. `mode` is
    a `Mode`, `language` that of the page. In a course with sequencing the session is the opening numbered
    `opening` of the course's `run`.
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
    language: Mapped[str] = mapped_column(String(5), default="vi", server_default="vi")
    mode: Mapped[str] = mapped_column(String(6), default="normal", server_default="normal")
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("course_run.id"), index=True)
    opening: Mapped[int] = mapped_column(default=0, server_default="0")

    attempt: Mapped[Attempt] = relationship(back_populates="sessions", lazy="joined")
    run: Mapped["CourseRun | None"] = relationship()


class CourseRun(Base):
    """One learner's way through a version of a course with sequencing (SCORM 2004), over all its lessons.

    `state` is scorm-again's own text, which only the browser reads; `objectives` (global ones by id) and
    `shared` (adl.data by store) outlast the run where the manifest says so. `current` is the lesson
    (identifier) at which the learner is, `open` those that may be chosen from there. The page opened last,
    numbered `openings`, is the one whose word counts.
    """

    __tablename__ = "course_run"
    __table_args__ = (UniqueConstraint("learner", "version_id", "number"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    learner: Mapped[UUID] = mapped_column(Uuid)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    openings: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(Text, default="")
    objectives: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    shared: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    current: Mapped[str] = mapped_column(String(1000), default="")
    open: Mapped[list[str]] = mapped_column(JSON, default=list)
    updated: Mapped[datetime] = mapped_column(UTCDateTime)
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime)

    version: Mapped[CourseVersion] = relationship()


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
