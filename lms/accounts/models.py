"""Accounts, their grants, and first-sign-in codes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database import Base
from lms.units.models import Unit
from tracking.times import UTCDateTime


class Role(StrEnum):
    LEARNER = "learner"
    FACILITATOR = "facilitator"
    MANAGER = "manager"
    REPORTER = "reporter"
    AUTHOR = "author"
    ADMINISTRATOR = "administrator"


class Account(Base):
    """Somebody who can sign in. `person` is the person's id, none for an account of the site itself.

    `name` is what the pages greet with. `epoch` is raised to end every session of the account.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    person: Mapped[UUID | None] = mapped_column(Uuid, unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(UTCDateTime)

    grants: Mapped[list["Grant"]] = relationship(
        back_populates="account", cascade="all, delete-orphan", lazy="selectin"
    )

    # What flask-login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return f"{self.id}.{self.epoch}"


class Grant(Base):
    """A role of an account on a unit and all below it."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("account_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    granted: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship(lazy="joined")


class SignInCode(Base):
    """A one-time code; only a keyed hash of it is kept.

    It lets one person make their account; or, where `account_id` names one, choose a new password for that.
    """

    __tablename__ = "sign_in_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[UUID] = mapped_column(Uuid, index=True)
    name: Mapped[str] = mapped_column(String(200))
    suggestion: Mapped[str] = mapped_column(String(100))
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    expires: Mapped[datetime] = mapped_column(UTCDateTime)
    used: Mapped[datetime | None] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
