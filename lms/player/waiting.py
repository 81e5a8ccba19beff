"""Play sessions of which something may still wait in a browser."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from lms.core.clock import utc_now
from lms.player.models import Attempt, PlaySession
from tracking.record.mergers import same_as

_LATELY = timedelta(days=92)


_Later = aliased(PlaySession)


def ended_sessions(session: Session, ids: Iterable[UUID]) -> Sequence[UUID]:
    """Those of the sessions that are over and whose pages were not opened again since, as tabs come back."""
    goes_on = exists().where(
        _Later.attempt_id == PlaySession.attempt_id,
        _Later.number >= PlaySession.number,
        _Later.opened.is_(True),
        _Later.final.is_(False),
    )
    wanted = select(PlaySession.id).where(
        PlaySession.id.in_(list(ids)), PlaySession.final.is_(True), ~goes_on
    )
    return session.scalars(wanted).all()


def unfinished_sessions(session: Session, learner: UUID | None, *, most: int) -> Sequence[PlaySession]:
    """The learner's newest sessions of the last months that no browser has said to be over."""
    if learner is None:
        return []
    wanted = (
        select(PlaySession)
        .join(Attempt, Attempt.id == PlaySession.attempt_id)
        .where(
            Attempt.learner.in_(same_as(session, learner)),
            Attempt.updated >= utc_now() - _LATELY,
            PlaySession.final.is_(False),
            PlaySession.opened.is_(True),
        )
        .order_by(PlaySession.started.desc())
        .limit(most)
    )
    return session.scalars(wanted).unique().all()
