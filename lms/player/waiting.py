"""Play sessions of which something may still wait in a browser."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from lms.core.clock import utc_now
from lms.player.models import Attempt, PlaySession
from tracking.record.mergers import same_as

_LATELY = timedelta(days=92)


_Later = aliased(PlaySession)
Unheard = Callable[[Session, Sequence[UUID]], AbstractSet[UUID]]
_unheard: list[Unheard] = []


def also(unheard: Unheard) -> None:
    """Ask this room as well, which of these sessions may have something waiting although they are over."""
    if unheard not in _unheard:
        _unheard.append(unheard)


def ended_sessions(session: Session, ids: Iterable[UUID]) -> Sequence[UUID]:
    """Those of the sessions that are over and whose pages were not opened again since, as tabs come back."""
    goes_on = exists().where(
        _Later.attempt_id == PlaySession.attempt_id,
        _Later.number >= PlaySession.number,
        _Later.opened.is_(True) | (_Later.last_seq > 0),  # a lesson that began again has no page of its own
        _Later.final.is_(False),
    )
    wanted = select(PlaySession.id).where(
        PlaySession.id.in_(list(ids)), PlaySession.final.is_(True), ~goes_on
    )
    found = session.scalars(wanted).all()
    still = set[UUID]().union(*(unheard(session, found) for unheard in _unheard))
    return [one for one in found if one not in still]


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
