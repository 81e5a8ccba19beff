"""The list of one's long tasks, and the page of one of them."""

from flask import Blueprint, render_template

from lms.accounts.access import signed_in, the_account
from lms.core.i18n import gettext as _
from lms.core.jobs.models import Job
from lms.core.web import session
from lms.jobs.queries import job_of, recent_jobs

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/")
@signed_in
def mine() -> str:
    """The tasks that I started, the newest first."""
    jobs = recent_jobs(session(), the_account().id)
    return render_template("jobs/mine.html", jobs=jobs, title_of=title_of)


@bp.get("/<job_id>")
@signed_in
def show(job_id: str) -> str:
    """How far a task is; the page asks again by itself until it has ended."""
    job = job_of(session(), job_id, the_account().id)
    return render_template("jobs/show.html", job=job, title_of=title_of)


@bp.get("/<job_id>/progress")
@signed_in
def progress(job_id: str) -> str:
    """The part of the page that changes."""
    job = job_of(session(), job_id, the_account().id)
    return render_template("jobs/progress.html", job=job, title_of=title_of)


def title_of(job: Job) -> str:
    """What a kind of task is called."""
    titles = {
        "people.check": _("Check of a list of people"),
        "people.import": _("Import of people"),
        "units.import": _("Import of units"),
        "catalogue.import": _("Import of a course"),
        "explorer.extract": _("A file of statements"),
    }
    return titles.get(job.kind, job.kind)
