"""Clients of the record store."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database import Base
from tracking.times import UTCDateTime


class Scope(StrEnum):
    """What a client may do: the scopes of xAPI 1.0.3 part 3, 4.2, and `rates/read` for `/api/v1/`."""

    WRITE = "statements/write"
    READ = "statements/read"
    READ_MINE = "statements/read/mine"
    STATE = "state"
    PROFILE = "profile"
    ALL = "all"
    RATES = "rates/read"


class Client(Base):
    """A client and its credentials; `secret_digest` is a keyed hash, for the secret is random and long."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked: Mapped[datetime | None] = mapped_column(UTCDateTime)

    def may(self, *any_of: Scope) -> bool:
        return Scope.ALL in self.scopes or any(scope in self.scopes for scope in any_of)
