"""Dead letters: what was refused, kept once with the reason, until it is taken after all or thrown away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.flow.models import DeadLetter, Letter, RemoteStore


@dataclass(frozen=True)
class Refusal:
    """A statement that one side refused, and why; see `DeadLetter`."""

    mark: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    seq: int | None = None
    status: int | None = None
    answer: str | None = None


def mark_of(item: Any, raw: bytes) -> str:
    """What tells a refused statement from others: its id, or a digest of its JSON."""
    try:
        return str(UUID(item["id"]))
    except (TypeError, KeyError, ValueError, AttributeError):
        return sha256(raw).hexdigest()


def put_aside(session: Session, remote: RemoteStore, refusals: Iterable[Refusal], now: datetime) -> int:
    """Keep what was refused; returns how many were not there before.

    What is there already stays as it is: a page that is read again refuses the same statements again.
    """
    found = {refusal.mark: refusal for refusal in refusals}
    there = session.scalars(
        select(DeadLetter.mark).where(DeadLetter.remote_id == remote.id, DeadLetter.mark.in_(found))
    ).all()
    new = [refusal for mark, refusal in found.items() if mark not in there]
    session.add_all(
        DeadLetter(
            remote_id=remote.id,
            mark=refusal.mark,
            seq=refusal.seq,
            raw=refusal.raw,
            status=refusal.status,
            message=refusal.message,
            params=refusal.params,
            answer=refusal.answer,
            first=now,
            last=now,
        )
        for refusal in new
    )
    return len(new)


def refused_again(letter: DeadLetter, refusal: Refusal, now: datetime) -> None:
    """It was tried again, and it is still refused."""
    letter.state = Letter.WAITING.value
    letter.tries += 1
    letter.last = now
    letter.message, letter.params = refusal.message, refusal.params
    letter.status, letter.answer = refusal.status, refusal.answer


def taken_after_all(session: Session, remote: RemoteStore, marks: Iterable[str]) -> None:
    """These statements got through, by whatever way."""
    session.execute(
        delete(DeadLetter)
        .where(DeadLetter.remote_id == remote.id, DeadLetter.mark.in_(list(marks)))
        .execution_options(synchronize_session=False)
    )
