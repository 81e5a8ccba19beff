"""Remote stores, what came from them, and what one side refused."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database import Base
from tracking.times import UTCDateTime


class Direction(StrEnum):
    PULL = "pull"
    FORWARD = "forward"


class Letter(StrEnum):
    """What is to become of a dead letter: nothing yet, tried again in the next run, or nothing any more."""

    WAITING = "waiting"
    AGAIN = "again"
    DROPPED = "dropped"


class RemoteStore(Base):
    """Another record store: a source (`pull`) or a destination (`forward`).

    `endpoint` ends with a slash. `secret` is sealed for this endpoint alone. `inside`: it may have a private
    address. `every`: seconds between two pulls.

    The position: of a source `since` (everything stored until then was read) and `walk` (how far the walk
    that is under way has come, `walking.Walk`); of a destination `seq` (the number of the last statement that
    is done with) and `walk` (`services.forwarding.Care`). `turn` is raised by whoever moves the position or
    changes the row: a run that finds another turn than it knew stops.

    `problem` with its params is the sentence of the last failure, none once it works again; `failures` counts
    those in a row, `stopped` says that only a person can help. `moved` counts the statements that came in or
    went out through here.
    """

    __tablename__ = "remote_store"

    id: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(String(7))
    name: Mapped[str] = mapped_column(String(200))
    endpoint: Mapped[str] = mapped_column(String(1000))
    key: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(String(8))
    inside: Mapped[bool] = mapped_column(default=False)
    every: Mapped[int]
    filters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    active: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[datetime | None] = mapped_column(UTCDateTime)

    turn: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    walk: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    moved: Mapped[int] = mapped_column(BigInteger, default=0)

    tried: Mapped[datetime | None] = mapped_column(UTCDateTime)
    succeeded: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_try: Mapped[datetime] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    stopped: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(Text)
    problem_params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    job_id: Mapped[str | None] = mapped_column(String(32))

    @property
    def pulls(self) -> bool:
        return self.direction == Direction.PULL


class Arrival(Base):
    """A statement came from this source; `said` is what the source had set: its `stored` and `authority`."""

    __tablename__ = "arrival"

    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    remote_id: Mapped[int] = mapped_column(ForeignKey("remote_store.id"), index=True)
    said: Mapped[bytes] = mapped_column(LargeBinary)


class DeadLetter(Base):
    """A statement that was refused: by us (pulled: `raw` is its JSON) or by a destination (`seq`, `status`).

    `mark` is the statement's id, or a digest of the JSON where it has none; a statement is refused once.
    `message` and `params` are the reason in a sentence, `answer` what the destination said, cut short.
    """

    __tablename__ = "dead_letter"
    __table_args__ = (
        UniqueConstraint("remote_id", "mark"),
        Index("ix_dead_letter_remote_id_state", "remote_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    remote_id: Mapped[int] = mapped_column(ForeignKey("remote_store.id"))
    mark: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[int | None]
    message: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    answer: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default=Letter.WAITING.value)
    tries: Mapped[int] = mapped_column(default=1)
    first: Mapped[datetime] = mapped_column(UTCDateTime)
    last: Mapped[datetime] = mapped_column(UTCDateTime)
