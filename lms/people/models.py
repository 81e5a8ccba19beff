"""The row of a person."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database import KEY, Base
from tracking.times import UTCDateTime


class Audience(StrEnum):
    """As whom a person is counted."""

    OFFICER = "officer"
    CITIZEN = "citizen"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


class Person(Base):
    """Somebody who is counted. `id` is random and the only name the record knows.

    `code` is NFC and never changes. `phone` is ten digits from 0 on. `search_key`: name and code, folded.
    """

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    order_key: Mapped[str] = mapped_column(KEY, index=True)
    search_key: Mapped[str] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(10))
    position: Mapped[str | None] = mapped_column(String(200))
    birth_year: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(6))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    updated: Mapped[datetime] = mapped_column(UTCDateTime)
