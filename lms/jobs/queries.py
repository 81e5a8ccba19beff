"""Finding jobs."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.errors import NotFound
from lms.core.jobs.models import Job


def job_of(session: Session, job_id: str, owner: int) -> Job:
    """The job, for whoever started it. Raises NotFound."""
    job = session.get(Job, job_id)
    if job is None or job.owner != owner:
        raise NotFound("There is no such task, or it was started by somebody else.")
    return job


def recent_jobs(session: Session, owner: int, limit: int = 50) -> list[Job]:
    """The newest first."""
    query = select(Job).where(Job.owner == owner).order_by(Job.created.desc()).limit(limit)
    return list(session.scalars(query))
