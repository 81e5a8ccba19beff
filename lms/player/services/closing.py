"""Closing the pages of whoever has left a device: their addresses stay in its history."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.events import SignedOut
from lms.player.models import Attempt, PlaySession
from lms.player.services.preparing import was_prepared
from tracking.record.mergers import same_as


def close_pages(session: Session, event: SignedOut) -> None:
    """Handle SignedOut."""
    close_pages_of(session, event.person)


def close_pages_of(session: Session, learner: UUID) -> None:
    """The keys of the learner's player pages end. What they still have to send is let in.

    Pages that were saved for learning without a network stay: they may lie on another device, and with a
    network they lead to the application.
    """
    now = utc_now()
    wanted = select(PlaySession).join(Attempt, Attempt.id == PlaySession.attempt_id)
    wanted = wanted.where(Attempt.learner.in_(same_as(session, learner)), PlaySession.expires > now)
    for play in session.scalars(wanted).unique():
        if not was_prepared(play):
            play.expires = now
    session.flush()
