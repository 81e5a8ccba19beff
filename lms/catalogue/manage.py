"""The authors' pages: list, upload, report, publishing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue import queries, services
from lms.catalogue.forms import OfferForm, UploadForm
from lms.catalogue.packages import NAMES
from lms.catalogue.tasks import IMPORT
from lms.catalogue.words import AUDIENCES, TOPICS
from lms.core.i18n import gettext as _
from lms.core.jobs.services import queue
from lms.core.web import runtime, session

bp = Blueprint("catalogue_manage", __name__, url_prefix="/manage/courses")


@bp.get("/")
@requires(Permission.AUTHOR_COURSES)
def index() -> str:
    """Every course with its state."""
    found = queries.courses(session())
    lessons = queries.current_lessons(session())
    return render_template(
        "catalogue/index.html",
        courses=found,
        lessons=lessons,
        topics=TOPICS,
        audiences=AUDIENCES,
        names=NAMES,
    )


@bp.route("/upload", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def upload() -> str | Response:
    """Take a package in; a job unpacks and reads it."""
    form = UploadForm()
    form.offer(queries.courses(session()))
    if not form.validate_on_submit():
        return render_template("catalogue/upload.html", form=form)
    digest = runtime().files.keep(form.file.data.stream)
    arguments = {"file": digest, "slug": form.course.data or None}
    job = queue(session(), runtime(), IMPORT, arguments, the_account().id)
    return redirect(url_for("jobs.show", job_id=job.id))


@bp.route("/<slug>", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def report(slug: str) -> str | Response:
    """What a course's package holds, what is odd about it, and what is said of it."""
    course = queries.the_course(session(), slug)
    form = OfferForm(obj=course)
    if form.validate_on_submit():
        course.title = form.title.data
        course.topic, course.minutes = form.topic.data, form.minutes.data
        course.audience = form.audience.data or None
        services.set_demands_passing(
            session(), course, demanded=form.demands_passing.data, public_url=runtime().settings.public_url
        )
        flash(_("Saved."), "success")
        return redirect(url_for("catalogue_manage.report", slug=slug))
    version = queries.current_version(session(), course)
    return render_template("catalogue/report.html", course=course, version=version, form=form, names=NAMES)


@bp.post("/<slug>/publish")
@requires(Permission.AUTHOR_COURSES)
def publish(slug: str) -> Response:
    """Put the course on the lists."""
    course = queries.the_course(session(), slug)
    services.publish(session(), course, actor=the_account().id)
    flash(_("The course is published. Everybody sees it now."), "success")
    return redirect(url_for("catalogue_manage.report", slug=slug))


@bp.post("/<slug>/unpublish")
@requires(Permission.AUTHOR_COURSES)
def unpublish(slug: str) -> Response:
    """Take the course off the lists."""
    course = queries.the_course(session(), slug)
    services.unpublish(session(), course, actor=the_account().id)
    flash(_("The course is no longer on the lists. Results stay."), "success")
    return redirect(url_for("catalogue_manage.report", slug=slug))
