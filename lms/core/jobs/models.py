"""The row of a job."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.database import Base
from tracking.times import UTCDateTime


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """One long task.

    `lease` counts the times it was started: only the holder of the newest lease may write. `done` of `total`
    count what the handler counts (rows, files). `message` and `params` say why it failed, as a refusal does.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_heartbeat", "state", "heartbeat"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default=State.QUEUED.value)
    lease: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str | None] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(UTCDateTime)
    heartbeat: Mapped[datetime] = mapped_column(UTCDateTime)
    finished: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def ended(self) -> bool:
        return self.state in (State.DONE, State.FAILED)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while nobody knows the total."""
        if self.state == State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else None
