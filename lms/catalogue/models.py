"""Courses, their versions, and the lessons in these."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database import Base
from tracking.times import UTCDateTime


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"


class Audience(StrEnum):
    OFFICER = "officer"
    CITIZEN = "citizen"


class Course(Base):
    """A course. `iri` names it in the record; `topic` is one of the movement's four, `minutes` of the whole.

    `demands_passing`: a failed lesson that has a pass mark does not complete.
    """

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    iri: Mapped[str] = mapped_column(String(500), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    standard: Mapped[str] = mapped_column(String(12))
    topic: Mapped[int | None]
    audience: Mapped[str | None] = mapped_column(String(10))
    minutes: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(12), default=Status.DRAFT.value, index=True)
    demands_passing: Mapped[bool] = mapped_column(default=False)
    version_number: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(UTCDateTime)

    versions: Mapped[list["CourseVersion"]] = relationship(
        back_populates="course", order_by="CourseVersion.number", cascade="all, delete-orphan"
    )

    @property
    def published(self) -> bool:
        return self.status == Status.PUBLISHED


class CourseVersion(Base):
    """One imported package: its zip and its unpacked files are found by `sha256`.

    `manifest` is a summary: identifier, edition, language, and `warnings` as msgid and params.
    """

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    imported: Mapped[datetime] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(back_populates="versions", lazy="joined")
    lessons: Mapped[list["Lesson"]] = relationship(
        back_populates="version", order_by="Lesson.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Lesson(Base):
    """What can be launched. `key` is the identifier as it stands in addresses; `iri` names it in the record.

    `href` is relative to the package's root, percent-encoded, parameters included. `mastery_score` is 0..100;
    `max_time_allowed` is HHHH:MM:SS.SS as the manifest has it.
    """

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    identifier: Mapped[str] = mapped_column(String(1000))
    key: Mapped[str] = mapped_column(String(200))
    iri: Mapped[str] = mapped_column(String(800), index=True)
    title: Mapped[str] = mapped_column(String(500))
    chapter: Mapped[str] = mapped_column(String(1000), default="")
    href: Mapped[str] = mapped_column(Text)
    scorm_type: Mapped[str] = mapped_column(String(5))
    minutes: Mapped[int | None]
    mastery_score: Mapped[float | None]
    data_from_lms: Mapped[str] = mapped_column(Text, default="")
    max_time_allowed: Mapped[str] = mapped_column(String(20), default="")
    time_limit_action: Mapped[str] = mapped_column(String(30), default="")
    objectives: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    version: Mapped[CourseVersion] = relationship(back_populates="lessons", lazy="joined")

    @property
    def course(self) -> Course:
        return self.version.course
