"""Who did what to whom: a log that is only ever added to."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from lms.core.clock import utc_now
from lms.core.database import Base
from tracking.times import UTCDateTime


class Act(StrEnum):
    """Everything that is logged, as source:subject:action. Names are stored: add, never rename."""

    SIGNED_IN = "account:session:open"
    SIGN_IN_FAILED = "account:session:refuse"
    SIGNED_OUT = "account:session:close"
    PASSWORD_CHANGED = "account:password:change"  # noqa: S105
    PASSWORD_RESET = "account:password:reset"  # noqa: S105
    ACCOUNT_CREATED = "account:account:create"
    CODE_ISSUED = "account:code:issue"
    ROLE_GRANTED = "account:role:grant"
    ROLE_WITHDRAWN = "account:role:withdraw"
    UNITS_IMPORTED = "unit:units:import"
    PEOPLE_IMPORTED = "person:people:import"
    PERSON_CHANGED = "person:person:change"
    PERSON_MOVED = "person:person:move"
    PERSON_LEFT = "person:person:leave"
    PEOPLE_MERGED = "person:person:merge"
    PEOPLE_PARTED = "person:person:part"
    PEOPLE_TOLD_APART = "person:person:tell-apart"
    ACTOR_LINKED = "person:actor:link"
    ACTOR_UNLINKED = "person:actor:unlink"
    ACTOR_DISMISSED = "person:actor:dismiss"
    ACTOR_RESTORED = "person:actor:restore"
    COURSE_IMPORTED = "course:course:import"
    COURSE_PUBLISHED = "course:course:publish"
    COURSE_UNPUBLISHED = "course:course:unpublish"
    COURSE_ARCHIVED = "course:course:archive"
    COURSE_RESTORED = "course:course:restore"
    VERSION_OFFERED = "course:version:offer"
    VERSION_SWEPT = "course:version:sweep"
    UNIT_WAIVED = "course:unit:waive"
    COURSE_ASSIGNED = "course:assignment:create"
    ASSIGNMENT_WITHDRAWN = "course:assignment:withdraw"
    CLIENT_ADDED = "xapi:client:add"
    CLIENT_CHANGED = "xapi:client:change"
    CLIENT_ROTATED = "xapi:client:rotate"
    CLIENT_REVOKED = "xapi:client:revoke"
    DOUBT_SEEN = "player:doubt:see"
    STATEMENT_VOIDED = "record:statement:void"
    STATEMENTS_EXTRACTED = "record:statements:extract"
    REMOTE_ADDED = "flow:remote:add"
    REMOTE_CHANGED = "flow:remote:change"
    REMOTE_STARTED = "flow:remote:start"
    REMOTE_PAUSED = "flow:remote:pause"
    REMOTE_RETRIED = "flow:remote:retry"
    REMOTE_TESTED = "flow:remote:test"
    REMOTE_REMOVED = "flow:remote:remove"
    LETTERS_RETRIED = "flow:letters:retry"
    LETTERS_DROPPED = "flow:letters:drop"


class AuditEntry(Base):
    """One act. `actor` is the account's id, none for a command; `detail` holds ids and codes, never names."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    act: Mapped[str] = mapped_column(String(60), index=True)
    actor: Mapped[int | None]
    subject: Mapped[str | None] = mapped_column(String(200), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def log(session: Session, act: Act, *, actor: int | None, subject: str | None = None, **detail: Any) -> None:
    session.add(AuditEntry(at=utc_now(), act=act.value, actor=actor, subject=subject, detail=detail))
