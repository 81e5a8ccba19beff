"""The row of an assignment."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.catalogue.models import Course
from lms.core.database import Base
from lms.units.models import Unit
from tracking.times import UTCDateTime


class Assignment(Base):
    """A course that the audience of a unit, and of all below it, must complete by the end of `due`.

    `due` is a local date; `created_by` and `withdrawn_by` are accounts, none for a command.
    """

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    audience: Mapped[str] = mapped_column(String(8))
    due: Mapped[date]
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]
    withdrawn: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by: Mapped[int | None]

    course: Mapped[Course] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship(lazy="joined")


_open = Assignment.withdrawn.is_(None)
Index(
    "uq_assignment_open",
    Assignment.course_id,
    Assignment.unit_id,
    Assignment.audience,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
