"""The row of a person, and the decision that two of them are two."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database import KEY, Base
from lms.people.keys import email_key, name_key
from tracking.times import UTCDateTime


class Audience(StrEnum):
    """As whom a person is counted."""

    OFFICER = "officer"
    CITIZEN = "citizen"


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


def _name_key(context: Any) -> str:
    return name_key(context.get_current_parameters()["name"])


def _email_key(context: Any) -> str | None:
    email = context.get_current_parameters().get("email")
    return email_key(email) if email else None


class Person(Base):
    """Somebody who is counted. `id` is random and the only name the record knows.

    `code` is NFC and never changes. `phone` is ten digits from 0 on. `search_key`: name and code, folded;
    `name_key` and `email_key`: see `keys`. One who was merged into another (`tracking.record.mergers`) keeps
    this row, and is counted nowhere.
    """

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    order_key: Mapped[str] = mapped_column(KEY, index=True)
    search_key: Mapped[str] = mapped_column(String(300))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(10), index=True)
    position: Mapped[str | None] = mapped_column(String(200))
    birth_year: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(6))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    updated: Mapped[datetime] = mapped_column(UTCDateTime)
    name_key: Mapped[str] = mapped_column(String(250), default=_name_key, server_default="")
    email_key: Mapped[str | None] = mapped_column(String(254), default=_email_key, index=True)


Index("ix_person_name_key_birth_year", Person.name_key, Person.birth_year)


class ToldApart(Base):
    """Two people who look like one and are two; `one` is the lesser id. `said_by` is an account."""

    __tablename__ = "told_apart"

    one: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    other: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    said: Mapped[datetime] = mapped_column(UTCDateTime)
    said_by: Mapped[int | None]
