"""The row of a unit."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database import KEY, Base


class Kind(StrEnum):
    CITY = "city"
    COMMUNE = "commune"
    DEPARTMENT = "department"
    SCHOOL = "school"
    HEALTH_STATION = "health_station"
    VILLAGE = "village"
    TEAM = "team"
    MARKET = "market"


class Unit(Base):
    """A unit. `path` is `/1/7/35/`, the ids from the top down to itself: a subtree is a prefix."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(KEY, index=True)
    order_key: Mapped[str] = mapped_column(KEY)
    search_key: Mapped[str] = mapped_column(String(200))

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2

    def reaches(self, other: "Unit") -> bool:
        """Whether `other` is this unit or lies below it."""
        return other.path.startswith(self.path)
