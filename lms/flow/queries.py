"""Finding remote stores and dead letters, and how far behind a position is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lms.core.errors import NotFound
from lms.core.jobs.models import Job
from lms.flow.filters import going_to
from lms.flow.models import DeadLetter, Letter, RemoteStore
from tracking.record.models import Statement
from tracking.statements.consistency import horizon

MOST_COUNTED = 10_000  # statements behind; beyond that nobody needs the exact number
LETTERS_SHOWN = 50


def the_remote(session: Session, remote_id: int, *, lock: bool = False) -> RemoteStore:
    """`lock`: it is going to be changed, and no run shall move it meanwhile. Raises NotFound."""
    remote = session.get(RemoteStore, remote_id, with_for_update=lock)
    if remote is None or remote.removed is not None:
        raise NotFound("There is no such platform here, or it was removed.")
    return remote


def remotes(session: Session) -> Sequence[RemoteStore]:
    """Sources and destinations that were not removed, by name."""
    found = select(RemoteStore).where(RemoteStore.removed.is_(None))
    return session.scalars(found.order_by(RemoteStore.name, RemoteStore.id)).all()


def at_work(session: Session, remote: RemoteStore) -> bool:
    """Whether a job is under way or waiting for its turn."""
    job = session.get(Job, remote.job_id) if remote.job_id else None
    return job is not None and not job.ended


@dataclass(frozen=True)
class Lag:
    """How far a destination is behind: statements (`more` than those, where `more`), and since when."""

    statements: int
    more: bool
    since: datetime | None


def lag_of(session: Session, remote: RemoteStore) -> Lag:
    """What a destination has not got yet."""
    waiting = select(Statement.seq).where(Statement.seq > remote.seq, going_to(session, remote))
    counted = session.scalar(select(func.count()).select_from(waiting.limit(MOST_COUNTED + 1).subquery()))
    first = session.scalar(waiting.order_by(Statement.seq).limit(1))
    since = session.scalar(select(Statement.stored).where(Statement.seq == first)) if first else None
    return Lag(min(counted or 0, MOST_COUNTED), (counted or 0) > MOST_COUNTED, since)


def settled(session: Session) -> int:
    """The number of the last statement before which none can appear any more.

    Behind it, one who is slow may still commit a lower number than what is there already. It is that of a
    statement and not of the horizon itself: numbers follow the clock, and clocks are set back.
    """
    end = horizon(session).seq
    return session.scalar(select(func.max(Statement.seq)).where(Statement.seq < end)) or 0


def has_news(session: Session, remote: RemoteStore) -> bool:
    """Whether a run of a destination would find anything."""
    newest = session.scalar(select(func.max(Statement.seq))) or 0
    return newest > remote.seq or bool(letters_again(session, remote))


def letter_of(session: Session, remote: RemoteStore, letter_id: int) -> DeadLetter:
    """A dead letter that is not dropped. Raises NotFound."""
    letter = session.get(DeadLetter, letter_id)
    if letter is None or letter.remote_id != remote.id or letter.state == Letter.DROPPED:
        raise NotFound("This statement is not among the refused ones any more.")
    return letter


def letters(session: Session, remote: RemoteStore, *, page: int = 1) -> Sequence[DeadLetter]:
    """The dead letters that are not dropped, the latest first, a page of them."""
    query = _open_letters(remote).order_by(DeadLetter.id.desc())
    return session.scalars(query.limit(LETTERS_SHOWN).offset(LETTERS_SHOWN * (page - 1))).all()


def count_letters(session: Session, remote: RemoteStore) -> int:
    return session.scalar(select(func.count()).select_from(_open_letters(remote).subquery())) or 0


def pages_of_letters(session: Session, remote: RemoteStore) -> int:
    return max(1, -(-count_letters(session, remote) // LETTERS_SHOWN))


def raw_of(session: Session, letter: DeadLetter) -> bytes:
    """The JSON of a dead letter: its own, or that of our statement that a destination refused."""
    if letter.raw is not None:
        return letter.raw
    return session.scalar(select(Statement.raw).where(Statement.seq == letter.seq)) or b"null"


def letters_again(session: Session, remote: RemoteStore) -> Sequence[DeadLetter]:
    """Those to be tried again, in the order in which the statements came."""
    query = select(DeadLetter).where(
        DeadLetter.remote_id == remote.id, DeadLetter.state == Letter.AGAIN.value
    )
    return session.scalars(query.order_by(DeadLetter.seq, DeadLetter.id).limit(LETTERS_SHOWN)).all()


def _open_letters(remote: RemoteStore) -> Select[DeadLetter]:
    return select(DeadLetter).where(
        DeadLetter.remote_id == remote.id, DeadLetter.state != Letter.DROPPED.value
    )
