"""How launches end: the unit says so, or it is abandoned (cmi5 sections 9.3.6 and 9.3.8)."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cmi5.models import Launch
from lms.cmi5.services.statements import abandoned
from lms.core.clock import utc_now
from lms.core.record import our_authority, store_statements
from lms.player.models import PlaySession
from lms.player.services.statements import voiding
from lms.settings import Settings
from lms.xapi import sessions
from tracking.record.models import Statement

TERMINATED = "terminated"
ABANDONED = "abandoned"
_ENDED_AFTER_ALL = "Bài học đã được kết thúc khi không có mạng; kết quả đến sau."


def end(session: Session, launch: Launch, ending: str, at: datetime, seconds: float) -> None:
    """Close the launch, shut its credential out, and add its time to the attempt's."""
    launch.ended, launch.ending, launch.seconds = at, ending, max(0.0, seconds)
    if launch.credential is not None:
        sessions.end(session, launch.credential)
    play, attempt = launch.play, launch.play.attempt
    play.ended, play.final, play.seconds = at, True, launch.seconds
    session.flush()
    total = select(func.sum(PlaySession.seconds)).where(PlaySession.attempt_id == attempt.id)
    attempt.seconds = session.scalar(total) or 0.0
    attempt.updated = max(attempt.updated, at)
    session.flush()


def take_abandoned_back(session: Session, launch: Launch, *, settings: Settings) -> None:
    """Void that the session was abandoned: its unit had ended it, and only now we hear of it."""
    said = select(Statement.id).where(Statement.id == _abandoned_id(launch), Statement.voided_at.is_(None))
    if session.scalar(said) is None:
        return
    ours = _abandoned_id(launch)
    statement = voiding(ours, _ENDED_AFTER_ALL, utc_now(), settings.public_url, own_id=uuid5(ours, "voided"))
    store_statements(session, [statement], settings=settings, authority=our_authority(settings.public_url))


def abandon(session: Session, launch: Launch, *, settings: Settings) -> None:
    """Say for the unit that its session has ended; whoever holds the registration may do so, and once.

    Its time lasts from the launch to the last that was heard of the unit (section 9.5.4.2).
    """
    if launch.ended is not None:
        return
    now = utc_now()
    heard = launch.heard or launch.started
    end(session, launch, ABANDONED, now, (heard - launch.started).total_seconds())
    if launch.latest is not None:
        now = max(now, launch.latest)
    statement = abandoned(launch, now, settings.public_url) | {"id": str(_abandoned_id(launch))}
    store_statements(session, [statement], settings=settings, authority=our_authority(settings.public_url))


def _abandoned_id(launch: Launch) -> UUID:
    """The id of the statement that tells it."""
    return uuid5(launch.id, ABANDONED)
