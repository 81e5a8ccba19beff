"""How launches end: the unit says so, or it is abandoned (cmi5 sections 9.3.6 and 9.3.8)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cmi5.models import Launch
from lms.cmi5.services.statements import abandoned
from lms.core.clock import utc_now
from lms.core.record import our_authority, store_statements
from lms.player.models import PlaySession
from lms.settings import Settings
from lms.xapi import sessions

TERMINATED = "terminated"
ABANDONED = "abandoned"


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
    statement = abandoned(launch, now, settings.public_url)
    store_statements(session, [statement], settings=settings, authority=our_authority(settings.public_url))
