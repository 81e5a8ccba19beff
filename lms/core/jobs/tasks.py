"""The Celery tasks: do a job, do a chore, and sweep up."""

from celery import Celery

from lms.core import chores
from lms.core.broker import SWEEP, TASK
from lms.core.jobs import services
from lms.core.runtime import Runtime


def register(celery: Celery, runtime: Runtime) -> None:
    """Let this process's worker do jobs."""

    @celery.task(name=TASK)  # type: ignore[untyped-decorator]
    def run_job(job_id: str) -> None:
        services.run(runtime, job_id)

    @celery.task(name=SWEEP)  # type: ignore[untyped-decorator]
    def sweep_jobs() -> None:
        services.sweep(runtime)

    @celery.task(name=chores.TASK)  # type: ignore[untyped-decorator]
    def do_chore(name: str) -> None:
        chores.do_chore(runtime, name)
