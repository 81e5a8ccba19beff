"""Clients of the record store, and the credentials of learners' sessions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Integer, String, Text, Uuid
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
    """A client and its credentials; digests are keyed hashes, for the secrets are random and long.

    After a rotation `former_digest` is good until `former_until`. `per_minute` is its limit of statements (a
    request without any counts as one). `revision` rises with every change that matters to whoever remembers
    the client; `last_used` is right to a minute or so (`lms.xapi.metering`).
    """

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(40), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))
    former_digest: Mapped[str | None] = mapped_column(String(64))
    former_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    per_minute: Mapped[int | None]
    revision: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SessionCredential(Base):
    """A key for one learner's session: this agent, this registration, this activity, until it ends.

    `identifier` is the agent's canonical one; `course` the IRI of the course that the activity belongs to.
    """

    __tablename__ = "session_credential"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    secret_digest: Mapped[str] = mapped_column(String(64))
    agent: Mapped[dict[str, Any]] = mapped_column(JSON)
    identifier: Mapped[str] = mapped_column(Text)
    registration: Mapped[UUID] = mapped_column(Uuid, index=True)
    activity: Mapped[str] = mapped_column(Text)
    course: Mapped[str | None] = mapped_column(Text)
    issued: Mapped[datetime] = mapped_column(UTCDateTime)
    expires: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    ended: Mapped[datetime | None] = mapped_column(UTCDateTime)
