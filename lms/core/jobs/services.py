"""Queueing, running and restarting jobs."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import event as sa_event
from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.core.broker import TASK
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.jobs.models import Job, State
from lms.core.outages import outage
from lms.core.runtime import Runtime

SILENT = timedelta(minutes=2)
UNSENT = timedelta(seconds=30)
MOST_STARTS = 5

log = structlog.get_logger()


class LeaseLost(Exception):
    """Another worker was given this job meanwhile; this one must stop."""


@dataclass
class Work:
    """What a handler is given: the job's arguments, and `step` to work in."""

    runtime: Runtime
    job_id: str
    lease: int
    arguments: dict[str, Any]
    owner: int | None

    @contextmanager
    def step(self, done: int, total: int | None = None) -> Iterator[Session]:
        """One transaction of the work, which also records that `done` of `total` are then finished."""
        with self.runtime.database.transaction() as session:
            yield session
            values: dict[str, Any] = {"done": done, "heartbeat": utc_now()}
            if total is not None:
                values["total"] = total
            _write(session, self.job_id, self.lease, values)


Handler = Callable[[Work], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job. Its answer becomes the job's result."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def queue(session: Session, runtime: Runtime, kind: str, arguments: dict[str, Any], owner: int | None) -> Job:
    """Queue a job; it is sent to a worker once this transaction has been committed."""
    now = utc_now()
    job = Job(
        id=secrets.token_hex(16), kind=kind, arguments=arguments, owner=owner, created=now, heartbeat=now
    )
    session.add(job)
    session.flush()
    job_id = job.id
    sa_event.listen(session, "after_commit", lambda _session: send(runtime, job_id), once=True)
    return job


def send(runtime: Runtime, job_id: str) -> None:
    """Tell a worker of the job. Where the broker is away the row waits for the sweep; nothing is lost."""
    try:
        runtime.celery.send_task(TASK, args=[job_id], retry=False)
    except Exception as error:  # noqa: BLE001  (any broker's any error means the same)
        log.warning("job_not_sent", job=job_id, error=type(error).__name__)


def run(runtime: Runtime, job_id: str) -> None:
    """Do a queued job, if nobody else has taken it."""
    work = _take(runtime, job_id)
    if work is None:
        return
    with runtime.database.snapshot() as session:
        kind = session.get_one(Job, job_id).kind
    try:
        result = _handlers[kind](work)
    except LeaseLost:
        log.warning("job_lost", job=job_id)
    except Exception as error:  # noqa: BLE001  (the row tells whoever waits for it)
        if outage(error) and work.lease < MOST_STARTS:
            _put_back(runtime, work, error)
        else:
            _fail(runtime, work, error)
    else:
        _end(runtime, work, {"state": State.DONE.value, "result": result or {}})


def sweep(runtime: Runtime) -> int:
    """Send again what was never taken, and what a dead worker left; returns how many."""
    now = utc_now()
    with runtime.database.transaction() as session:
        left = or_(
            (Job.state == State.RUNNING.value) & (Job.heartbeat < now - SILENT),
            (Job.state == State.QUEUED.value) & (Job.heartbeat < now - UNSENT),
        )
        jobs = list(session.scalars(select(Job).where(left).order_by(Job.created).limit(100)))
        for job in jobs:
            job.heartbeat = now
            if job.state == State.RUNNING and job.lease >= MOST_STARTS:
                _give_up(job)
            else:
                job.state = State.QUEUED.value
        waiting = [job.id for job in jobs if job.state == State.QUEUED]
    for job_id in waiting:
        send(runtime, job_id)
    return len(waiting)


def _give_up(job: Job) -> None:
    job.state = State.FAILED.value
    job.finished = job.heartbeat
    stopped = Refused(
        "The work stopped %(times)s times without ending. Please tell whoever runs this site.",
        times=job.lease,
    )
    job.message, job.params = stopped.message, stopped.params


def _take(runtime: Runtime, job_id: str) -> Work | None:
    with runtime.database.transaction() as session:
        taken = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == State.QUEUED.value)
            .values(state=State.RUNNING.value, lease=Job.lease + 1, heartbeat=utc_now(), done=0)
        )
        if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result always has it
            return None
        job = session.get_one(Job, job_id)
        return Work(runtime, job.id, job.lease, job.arguments, job.owner)


def _write(session: Session, job_id: str, lease: int, values: dict[str, Any]) -> None:
    mine = (Job.id == job_id) & (Job.lease == lease) & (Job.state == State.RUNNING.value)
    written = session.execute(
        update(Job).where(mine).values(**values).execution_options(synchronize_session=False)
    )
    if not written.rowcount:  # type: ignore[attr-defined]
        raise LeaseLost(job_id)


def _end(runtime: Runtime, work: Work, values: dict[str, Any]) -> None:
    now = utc_now()
    try:
        with runtime.database.transaction() as session:
            _write(session, work.job_id, work.lease, {**values, "finished": now, "heartbeat": now})
    except LeaseLost:
        log.warning("job_lost", job=work.job_id)


def _put_back(runtime: Runtime, work: Work, error: Exception) -> None:
    """The database was away, or busy for too long: the sweep sends the job again."""
    log.warning("job_put_back", job=work.job_id, error=type(error).__name__)
    try:
        with runtime.database.transaction() as session:
            values = {"state": State.QUEUED.value, "heartbeat": utc_now()}
            _write(session, work.job_id, work.lease, values)
    except LeaseLost:
        log.warning("job_lost", job=work.job_id)
    except SQLAlchemyError:
        # It is still away. Then the row says that somebody works on it, and falls silent.
        log.warning("job_left", job=work.job_id)


def _fail(runtime: Runtime, work: Work, error: Exception) -> None:
    message = getattr(error, "message", None)
    if not isinstance(message, str):
        log.error("job_failed", job=work.job_id, exc_info=error)
        message = Refused(
            "Something went wrong on our side. Nothing of the last step was kept. Please try again."
        ).message
    params = getattr(error, "params", {})
    _end(runtime, work, {"state": State.FAILED.value, "message": message, "params": params})
