"""Marking a doubt as looked at."""

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.player.traces import Doubt


def mark_seen(session: Session, doubt: Doubt, *, actor: int) -> bool:
    """Note who looked at it first; False where somebody had before."""
    if doubt.seen is not None:
        return False
    doubt.seen, doubt.seen_by = utc_now(), actor
    log(session, Act.DOUBT_SEEN, actor=actor, subject=str(doubt.attempt_id), kind=doubt.kind)
    session.flush()
    return True
