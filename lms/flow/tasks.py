"""The jobs of pulling and forwarding, and the chores that queue them."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lms.core.chores import chore
from lms.core.jobs.services import LeaseLost, Work, handles
from lms.core.runtime import Runtime
from lms.flow.models import RemoteStore
from lms.flow.outcomes import Kind, Trouble
from lms.flow.services.due import forget_jobs, queue_due, queue_run
from lms.flow.services.forwarding import forward
from lms.flow.services.pulling import pull
from lms.flow.services.running import Overtaken, Report, Run, ill, load, move

# A run ends after so long and the next one is queued, so that other long tasks have their turn.
SHIFT = 30.0  # seconds


@handles("flow.pull")
def pull_job(work: Work) -> dict[str, Any]:
    """Go on reading a source."""
    return _run(work, pull)


@handles("flow.forward")
def forward_job(work: Work) -> dict[str, Any]:
    """Go on sending to a destination."""
    return _run(work, forward)


@chore("flow.queue_due", every=timedelta(seconds=15))
def queue_what_is_due(runtime: Runtime) -> dict[str, int]:
    return {"queued": queue_due(runtime)}


@chore("flow.forget_jobs", every=timedelta(hours=6))
def forget_what_was_done(runtime: Runtime) -> dict[str, int]:
    return {"jobs": forget_jobs(runtime)}


def _run(work: Work, do: Callable[[Run, int], Report]) -> dict[str, Any]:
    end = time.monotonic() + SHIFT
    run = Run(work.runtime, work.step, goes_on=lambda: time.monotonic() < end)
    remote_id: int = work.arguments["remote"]
    try:
        report = do(run, remote_id)
    except LeaseLost:
        raise
    except Exception:
        _note_defect(run, remote_id)
        raise
    if not report.finished and report.trouble is None:
        _queue_next(work, remote_id)
    return {"new": report.new, "known": report.known, "refused": report.refused}


def _note_defect(run: Run, remote_id: int) -> None:
    """Something is wrong on our side: do not try again at once for ever."""
    defect = Trouble(
        Kind.BROKEN, "Something went wrong on our side; it stands in the log. It is tried again."
    )
    try:
        remote = load(run, remote_id)
        with run.runtime.database.transaction() as session:
            move(session, remote, **ill(run, remote, defect))
    except Overtaken:
        pass


def _queue_next(work: Work, remote_id: int) -> None:
    """The next shift, where there is one: somebody may have stopped it meanwhile."""
    with work.runtime.database.transaction() as session:
        remote = session.get(RemoteStore, remote_id)
        if remote is not None and remote.active and remote.job_id == work.job_id:
            remote.job_id = None
            queue_run(session, work.runtime, remote)
