"""What playing leaves behind for those who help: answers, the log of each session, and doubts."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.database import Base
from lms.player.models import Attempt
from tracking.record.models import Serial
from tracking.times import UTCDateTime

LONGEST_ITEM, LONGEST_PROMPT = 250, 500


class Answered(Base):
    """An answer within a lesson; `id` is that of the statement which tells it.

    `item` is the package's name for the question, `prompt` its text where the package tells it (SCORM 2004),
    `position` the place among the attempt's interactions. `kind`, `response` and `correct` are as in xAPI
    (`rules.answers`); `right` is None where nobody judged, `seconds` the time that it took.
    """

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_lesson_id_item", "lesson_id", "item"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(LONGEST_ITEM))
    prompt: Mapped[str] = mapped_column(String(LONGEST_PROMPT), default="")
    kind: Mapped[str] = mapped_column(String(12))
    response: Mapped[str] = mapped_column(Text, default="")
    correct: Mapped[list[str]] = mapped_column(JSON, default=list)
    right: Mapped[bool | None]
    seconds: Mapped[float | None] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Arrival(Base):
    """A commit that came, for support: kept for 90 days, and of each session the newest 60.

    `seq` is its number in the session, `arrived` when it came, `happened` when the data was taken, `answer`
    how it was answered, `ending` how the session ended with it ("" if it did not), `device` where it was
    played, in two words. `calls` are the package's calls since the last one, as `rules.calls` reads them.
    """

    __tablename__ = "arrival_log"
    __table_args__ = (Index("ix_arrival_log_session_id_seq", "session_id", "seq"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("play_session.id", ondelete="CASCADE"))
    seq: Mapped[int]
    arrived: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    happened: Mapped[datetime] = mapped_column(UTCDateTime)
    answer: Mapped[str] = mapped_column(String(12))
    ending: Mapped[str] = mapped_column(String(12), default="")
    device: Mapped[str] = mapped_column(String(80), default="")
    calls: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)


class DoubtKind(StrEnum):
    """What cannot be, or hardly. Names are stored: add, never rename."""

    TOO_QUICK = "too_quick"
    AFTER_THE_END = "after_the_end"
    MORE_THAN_PASSED = "more_than_passed"
    SCORE_OUT_OF_RANGE = "score_out_of_range"
    BEFORE_THE_LAST = "before_the_last"
    LEFT_OUT = "left_out"


class Doubt(Base):
    """Something impossible that an attempt tells, once for each kind. The attempt counts all the same.

    `detail` holds the figures; `seen_by` is the account that looked at it.
    """

    __tablename__ = "doubt"
    __table_args__ = (UniqueConstraint("attempt_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seen: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_by: Mapped[int | None]

    attempt: Mapped[Attempt] = relationship(lazy="joined")
