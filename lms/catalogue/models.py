"""Courses, their versions, and the lessons in these."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database import Base
from tracking.times import UTCDateTime


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    UNPUBLISHED = "unpublished"
    ARCHIVED = "archived"


class Audience(StrEnum):
    OFFICER = "officer"
    CITIZEN = "citizen"


class AfterCompletion(StrEnum):
    """What opening a completed lesson again is: a new attempt, or a look in which nothing is recorded."""

    AGAIN = "again"
    REVIEW = "review"


class Course(Base):
    """A course. `iri` names it in the record; `topic` is one of the movement's four, `minutes` of the whole.

    `standard` is that of the version on offer, `version_number` the version that new attempts get.
    `demands_passing`: a failed lesson that has a pass mark does not complete. `attempt_limit` is for each
    lesson, None for any number; `after_completion` is an `AfterCompletion`.
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
    attempt_limit: Mapped[int | None]
    after_completion: Mapped[str] = mapped_column(String(6), default="again", server_default="again")
    version_number: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(UTCDateTime)

    versions: Mapped[list["CourseVersion"]] = relationship(
        back_populates="course", order_by="CourseVersion.number", cascade="all, delete-orphan"
    )

    @property
    def published(self) -> bool:
        return self.status == Status.PUBLISHED


class CourseVersion(Base):
    """One imported package: its zip and its unpacked files are found by `sha256`, until they are `swept`.

    `manifest` is a summary: identifier, title, description, keywords, minutes, edition, language, titles and
    descriptions in all languages (lists of language and text), objectives, organizations (identifier, title,
    lessons), and `warnings` as msgid and params. `structure` is the table of contents as
    `lms.catalogue.structure` makes it.
    `sequencing` (SCORM 2004) is `{"activityTree": …}` as scorm-again takes it, `global_objectives` the ids
    for its `globalObjectiveIds`; unless they are global to the system, objectives and shared data are the
    attempt's alone. `offered` says when learners first got this version, `replaced` when another took its
    place. `size` is in bytes unpacked; it and `files` are None for what came before they were counted.
    """

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    standard: Mapped[str] = mapped_column(String(12), server_default="scorm12")
    organization: Mapped[str] = mapped_column(Text, default="", server_default="")
    manifest: Mapped[dict[str, Any]] = mapped_column(JSON)
    structure: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list, server_default="[]", deferred=True
    )
    sequencing: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    global_objectives: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    objectives_global_to_system: Mapped[bool] = mapped_column(default=True, server_default=true())
    shared_data_global_to_system: Mapped[bool] = mapped_column(default=True, server_default=true())
    files: Mapped[int | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    imported: Mapped[datetime] = mapped_column(UTCDateTime)
    imported_by: Mapped[int | None]
    offered: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replaced: Mapped[datetime | None] = mapped_column(UTCDateTime)
    swept: Mapped[datetime | None] = mapped_column(UTCDateTime)

    course: Mapped[Course] = relationship(back_populates="versions", lazy="joined")
    lessons: Mapped[list["Lesson"]] = relationship(
        back_populates="version", order_by="Lesson.position", cascade="all, delete-orphan", lazy="selectin"
    )


class Lesson(Base):
    """What can be launched. `key` is the identifier as it stands in addresses; `iri` names it in the record.

    `href` is relative to the package's root, percent-encoded, parameters included; `file` is the path of the
    same file. Of a `remote` unit (cmi5) `href` is a whole address and `file` "".
    `mastery_score` is 0..100 in SCORM 1.2, scaled -1..1 in SCORM 2004, 0..1 in cmi5. `max_time_allowed` is
    HHHH:MM:SS.SS in SCORM 1.2, ISO 8601 in SCORM 2004. `prerequisites` is SCORM 1.2's expression over
    identifiers; `hide_lms_ui` are the buttons that the player must not show (SCORM 2004).
    `titles` and `descriptions` are lists of language and text; they and the fields from
    `move_on` on are those of cmi5.
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
    file: Mapped[str] = mapped_column(Text, default="", server_default="")
    visible: Mapped[bool] = mapped_column(default=True, server_default=true())
    language: Mapped[str] = mapped_column(String(35), default="", server_default="")
    scorm_type: Mapped[str] = mapped_column(String(5))
    minutes: Mapped[int | None]
    mastery_score: Mapped[float | None]
    completion_threshold: Mapped[float | None]
    data_from_lms: Mapped[str] = mapped_column(Text, default="")
    max_time_allowed: Mapped[str] = mapped_column(String(60), default="")
    time_limit_action: Mapped[str] = mapped_column(String(30), default="")
    prerequisites: Mapped[str] = mapped_column(Text, default="", server_default="")
    hide_lms_ui: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    objectives: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    move_on: Mapped[str] = mapped_column(String(20), default="", server_default="")
    launch_method: Mapped[str] = mapped_column(String(10), default="", server_default="")
    launch_parameters: Mapped[str] = mapped_column(Text, default="", server_default="")
    entitlement_key: Mapped[str] = mapped_column(Text, default="", server_default="")
    activity_type: Mapped[str] = mapped_column(Text, default="", server_default="")
    remote: Mapped[bool] = mapped_column(default=False, server_default=false())
    titles: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")
    descriptions: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, server_default="[]")

    version: Mapped[CourseVersion] = relationship(back_populates="lessons", lazy="joined")

    @property
    def course(self) -> Course:
        return self.version.course
