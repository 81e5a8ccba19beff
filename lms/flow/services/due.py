"""What is to be run now, and what of it nobody needs to remember."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.jobs.models import Job
from lms.core.jobs.services import queue
from lms.core.runtime import Runtime
from lms.flow.models import RemoteStore
from lms.flow.queries import at_work, has_news, letters_again

KINDS = {"pull": "flow.pull", "forward": "flow.forward"}
REMEMBERED = timedelta(days=1)


def queue_due(runtime: Runtime) -> int:
    """Queue a job for each remote store that has something to do; returns how many."""
    with runtime.database.snapshot() as session:
        found = [remote.id for remote in _due(session)]
    for remote_id in found:
        with runtime.database.transaction() as session:
            remote = session.get(RemoteStore, remote_id, with_for_update=True)
            if remote is not None and remote in _due(session):
                queue_run(session, runtime, remote)
    return len(found)


def queue_run(session: Session, runtime: Runtime, remote: RemoteStore) -> None:
    """Queue a job for this one, unless one is under way or waiting."""
    if not at_work(session, remote):
        job = queue(session, runtime, KINDS[remote.direction], {"remote": remote.id}, owner=None)
        remote.job_id = job.id


def forget_jobs(runtime: Runtime) -> int:
    """Remove the rows of our jobs that ended more than a day ago; returns how many."""
    with runtime.database.transaction() as session:
        gone = session.execute(
            delete(Job)
            .where(Job.kind.in_(KINDS.values()), Job.finished < utc_now() - REMEMBERED)
            .execution_options(synchronize_session=False)
        )
        return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result always has it


def _due(session: Session) -> Sequence[RemoteStore]:
    ready = select(RemoteStore).where(
        RemoteStore.active, RemoteStore.removed.is_(None), RemoteStore.stopped.is_(False)
    )
    return [each for each in session.scalars(ready) if _is_due(session, each) and not at_work(session, each)]


def _is_due(session: Session, remote: RemoteStore) -> bool:
    if remote.next_try <= utc_now():
        return remote.pulls or has_news(session, remote)
    return not remote.failures and bool(letters_again(session, remote))
