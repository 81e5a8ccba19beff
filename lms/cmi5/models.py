"""Registrations in cmi5 courses, what was reached in their units, and each opening of a unit."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import JSON, Float, ForeignKey, String, Text, UniqueConstraint, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.catalogue.models import CourseVersion, Lesson
from lms.core.database import Base
from lms.player.models import PlaySession
from tracking.times import UTCDateTime


class Mode(StrEnum):
    """How a unit is opened (section 10, launchMode)."""

    NORMAL = "Normal"
    BROWSE = "Browse"
    REVIEW = "Review"


class MoveOn(StrEnum):
    """What must have happened in a unit before it counts (section 13.1.4)."""

    NOT_APPLICABLE = "NotApplicable"
    PASSED = "Passed"
    COMPLETED = "Completed"
    BOTH = "CompletedAndPassed"
    EITHER = "CompletedOrPassed"


class Outcome(StrEnum):
    """What became of a late request. Names are stored: add, never rename."""

    TAKEN = "taken"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


class Registration(Base):
    """One learner's way through one version of a course; `id` is the xAPI registration of all its units.

    `actor` is the learner's id when it began, and stays the name under which the units know them, whatever
    record of the person the attempts belong to later. `satisfied` maps IRIs of blocks and course to the ids
    of our statements. Of a `preview` nothing counts.
    """

    __tablename__ = "cmi5_registration"
    __table_args__ = (UniqueConstraint("actor", "version_id", "number"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    actor: Mapped[UUID] = mapped_column(Uuid)
    version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    preview: Mapped[bool] = mapped_column(default=False, server_default=false())
    satisfied: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    started: Mapped[datetime] = mapped_column(UTCDateTime)

    version: Mapped[CourseVersion] = relationship()


class Reached(Base):
    """What was reached in a unit within a registration; each time is that of the statement which said so."""

    __tablename__ = "cmi5_unit"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("cmi5_registration.id", ondelete="CASCADE"), primary_key=True
    )
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True)
    completed: Mapped[datetime | None] = mapped_column(UTCDateTime)
    passed: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failed: Mapped[datetime | None] = mapped_column(UTCDateTime)
    waived: Mapped[datetime | None] = mapped_column(UTCDateTime)

    lesson: Mapped[Lesson] = relationship()


class Launch(Base):
    """One opening of a unit: a session in cmi5's sense, and the play session of the same id.

    `address` is the unit's own, without what the launch adds; `credential` the key that was fetched.
    `said` are the cmi5 verbs (last words) that were told, `latest` the timestamp of the newest statement of
    any kind, `heard` when we last heard of the unit. It ends with `terminated` or `abandoned` (`ending`).
    """

    __tablename__ = "cmi5_launch"

    id: Mapped[UUID] = mapped_column(ForeignKey("play_session.id", ondelete="CASCADE"), primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("cmi5_registration.id", ondelete="CASCADE"), index=True
    )
    mode: Mapped[str] = mapped_column(String(6))
    address: Mapped[str] = mapped_column(Text)
    return_url: Mapped[str] = mapped_column(Text, default="")
    credential: Mapped[str | None] = mapped_column(String(40), unique=True)
    started: Mapped[datetime] = mapped_column(UTCDateTime)
    expires: Mapped[datetime] = mapped_column(UTCDateTime)
    fetched: Mapped[datetime | None] = mapped_column(UTCDateTime)
    asked_preferences: Mapped[bool] = mapped_column(default=False, server_default=false())
    initialized: Mapped[datetime | None] = mapped_column(UTCDateTime)
    said: Mapped[list[str]] = mapped_column(JSON, default=list)
    latest: Mapped[datetime | None] = mapped_column(UTCDateTime)
    heard: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    ending: Mapped[str] = mapped_column(String(10), default="")

    registration: Mapped[Registration] = relationship(lazy="joined")
    play: Mapped[PlaySession] = relationship(lazy="joined")

    @property
    def lesson(self) -> Lesson:
        return self.play.attempt.lesson


class LateRequest(Base):
    """What a unit asked while there was no network, and its device delivered later; `id` is the device's.

    `happened` by our clock; `what` says what it was, `outcome` is an `Outcome`. Of a document that was
    written `place` is the key, `etag` its tag since then. What was not taken stays here for support, with
    the `reason`: `content`.
    """

    __tablename__ = "cmi5_late_request"
    __table_args__ = {"info": {"batch": 20}}  # noqa: RUF012  (how many to hold in memory at once)

    launch_id: Mapped[UUID] = mapped_column(
        ForeignKey("cmi5_launch.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    arrived: Mapped[datetime] = mapped_column(UTCDateTime)
    happened: Mapped[datetime] = mapped_column(UTCDateTime)
    what: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[UUID | None] = mapped_column(Uuid)
    etag: Mapped[str | None] = mapped_column(String(40))
    content: Mapped[bytes | None]


class Waiver(Base):
    """A unit that somebody let a learner off, and why: `reason` is one of cmi5's words (section 9.5.5.2)."""

    __tablename__ = "cmi5_waiver"

    statement_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("cmi5_registration.id", ondelete="CASCADE"), index=True
    )
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), index=True)
    learner: Mapped[UUID] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[int | None]

    lesson: Mapped[Lesson] = relationship()
