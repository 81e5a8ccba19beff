"""One run through a remote store: its steps, its position, and what is noted when it does not work."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.runtime import Runtime
from lms.core.sealing import Unreadable, unseal
from lms.flow.models import RemoteStore
from lms.flow.outcomes import Kind, Trouble
from lms.flow.remote import Remote
from lms.flow.transport import Exchange, Limits, exchange

FIRST_PAUSE = 30.0  # seconds after the first failure; then twice as many each time
LONGEST_PAUSE = 3600.0
MOST_DOUBLINGS = 10  # the longest pause is reached before


class Overtaken(Exception):
    """Somebody else moved this position, or stopped, changed or removed the remote store."""


class Step(Protocol):
    """A transaction of the run, after which so many statements are done, of so many where that is known."""

    def __call__(self, done: int, total: int | None = None) -> AbstractContextManager[Session]: ...


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Run:
    """What a run works with. `goes_on` says whether there is time for one more page or batch."""

    runtime: Runtime
    step: Step
    goes_on: Callable[[], bool] = _always
    send: Exchange = exchange
    limits: Limits = field(default_factory=Limits)
    now: Callable[[], datetime] = utc_now
    luck: Callable[[], float] = random.random


@dataclass
class Report:
    """What a run did: statements that were `new` to the other side, `known` to it, `refused`.

    `finished`: there was nothing more to do. `trouble`: why it ended before.
    """

    new: int = 0
    known: int = 0
    refused: int = 0
    finished: bool = False
    trouble: Trouble | None = None

    @property
    def done(self) -> int:
        return self.new + self.known + self.refused


def load(run: Run, remote_id: int) -> RemoteStore:
    """The remote store as it is now. Raises Overtaken where it is not to be run."""
    with run.runtime.database.snapshot() as session:
        remote = session.get(RemoteStore, remote_id)
    if remote is None or not remote.active:
        raise Overtaken
    return remote


def open_remote(
    remote: RemoteStore, *, secret_key: str, send: Exchange = exchange, limits: Limits | None = None
) -> Remote | Trouble:
    """Whoever answers at the address, with our credentials."""
    try:
        secret = unseal(remote.secret, secret_key=secret_key, use=sealed_for(remote.endpoint))
    except Unreadable:
        return Trouble(
            Kind.BLOCKED,
            "The secret cannot be read any more, because LMS_SECRET_KEY of this installation was changed. "
            "Enter the secret again.",
        )
    return Remote(
        remote.endpoint,
        key=remote.key,
        secret=secret,
        version=remote.version,
        inside=remote.inside,
        limits=limits,
        send=send,
    )


def sealed_for(endpoint: str) -> str:
    """The secret opens for the address that it was entered for: nobody can have it sent elsewhere."""
    return f"remote store {endpoint}"


def move(session: Session, remote: RemoteStore, **values: Any) -> None:
    """Write the new position, as the first thing of a step. Raises Overtaken.

    It also locks the row, so that nobody else moves the same position until the step ends.
    """
    mine = (RemoteStore.id == remote.id) & (RemoteStore.turn == remote.turn)
    written = session.execute(
        update(RemoteStore)
        .where(mine, RemoteStore.active, RemoteStore.removed.is_(None))
        .values(turn=RemoteStore.turn + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not written.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result always has it
        raise Overtaken


def well(now: datetime) -> dict[str, Any]:
    """What is noted when it worked."""
    return {"tried": now, "succeeded": now, "failures": 0, "problem": None, "problem_params": {}}


def ill(run: Run, remote: RemoteStore, trouble: Trouble) -> dict[str, Any]:
    """What is noted when it did not: why, and when it is tried again."""
    now, failures = run.now(), remote.failures + 1
    pause = max(1.0, trouble.pause) if trouble.pause is not None else backoff(failures, run.luck())
    return {
        "tried": now,
        "failures": failures,
        "problem": trouble.message,
        "problem_params": trouble.params,
        "stopped": trouble.hopeless,
        "next_try": now + timedelta(seconds=pause),
    }


def backoff(failures: int, luck: float) -> float:
    """Seconds to wait after so many failures in a row: doubled each time, up to an hour.

    A quarter more or less by `luck` (0 to 1), so that not everybody comes back at the same moment.
    """
    pause = FIRST_PAUSE * float(1 << min(failures - 1, MOST_DOUBLINGS))
    return min(pause, LONGEST_PAUSE) * (0.75 + 0.5 * luck)
