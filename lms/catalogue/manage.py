"""The authors' pages about courses: list, upload, report, what is said of a course, download."""

from contextlib import closing

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from courses.errors import Refused
from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue import queries, services, uploads
from lms.catalogue.exporting import formats_of, package_of
from lms.catalogue.forms import OfferForm, UploadForm
from lms.catalogue.models import Course, Status
from lms.catalogue.packages import NAMES, look_over
from lms.catalogue.reporting import report_of
from lms.catalogue.tasks import IMPORT
from lms.catalogue.words import AUDIENCES, STATES, TOPICS
from lms.core.i18n import gettext as _
from lms.core.i18n import words_of
from lms.core.jobs.services import queue
from lms.core.web import runtime, session

bp = Blueprint("catalogue_manage", __name__, url_prefix="/manage/courses")


@bp.get("/")
@requires(Permission.AUTHOR_COURSES)
def index() -> str:
    """Courses with their states: all but the archived, or those in one state (`?state=draft`)."""
    state = request.args.get("state", "")
    shown = [state] if state in set(Status) else [one for one in Status if one != Status.ARCHIVED]
    found = queries.courses(session(), states=shown)
    return render_template(
        "catalogue/index.html",
        courses=found,
        state=state,
        counts=queries.courses_in_each_state(session()),
        lessons=queries.current_lessons(session()),
        waiting=queries.waiting_versions(session()),
        topics=TOPICS,
        audiences=AUDIENCES,
        names=NAMES,
        states=STATES,
    )


@bp.route("/upload", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def upload() -> str | Response | tuple[str, int]:
    """Take a package in; a job unpacks and reads it, unless it is clearly none."""
    form = UploadForm(course=request.args.get("course"))
    form.offer(queries.courses(session(), states=[one for one in Status if one != Status.ARCHIVED]))
    if not form.validate_on_submit():
        return _upload_page(form)
    files = runtime().files
    with closing(form.file.data) as sent:
        name = uploads.take_in(files, sent.stream, sent.filename or "")
    try:
        look_over(files, uploads.waiting(files, name))
    except Refused as refusal:
        uploads.forget(files, name)
        form.file.errors = [words_of(refusal)]
        return _upload_page(form), 400
    except BaseException:
        uploads.forget(files, name)
        raise
    arguments = {"upload": name, "slug": form.course.data or None}
    job = queue(session(), runtime(), IMPORT, arguments, the_account().id)
    return redirect(url_for("jobs.show", job_id=job.id))


def _upload_page(form: UploadForm) -> str:
    return render_template("catalogue/upload.html", form=form, largest=runtime().settings.max_upload_mb)


@bp.route("/<slug>", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def report(slug: str) -> str | Response:
    """What a course's package holds, what is odd about it, and what is said of it."""
    course = queries.the_course(session(), slug)
    form = OfferForm(obj=course)
    if form.validate_on_submit():
        _say(course, form)
        flash(_("Saved."), "success")
        return redirect(url_for("catalogue_manage.report", slug=slug))
    version = queries.the_version(session(), slug, course.version_number)
    return render_template(
        "catalogue/report.html",
        course=course,
        version=version,
        report=report_of(version),
        versions=queries.versions_of(session(), course),
        form=form,
        formats=formats_of(version),
        names=NAMES,
        states=STATES,
    )


def _say(course: Course, form: OfferForm) -> None:
    course.title = form.title.data
    course.topic, course.minutes = form.topic.data, form.minutes.data
    course.audience = form.audience.data or None
    course.attempt_limit, course.after_completion = form.attempt_limit.data, form.after_completion.data
    services.set_demands_passing(
        session(), course, demanded=form.demands_passing.data, public_url=runtime().settings.public_url
    )


@bp.get("/<slug>/download")
@requires(Permission.AUTHOR_COURSES)
def download(slug: str) -> Response:
    """The package on offer: as it came, or, of our own lessons, for another standard (`?format=`)."""
    version = queries.current_version(session(), queries.the_course(session(), slug))
    standard = request.args.get("format", version.standard)
    if standard not in NAMES:
        abort(404)
    package = package_of(runtime().files, version, standard)
    is_alone = package.read(1) == b"<"  # a course structure of cmi5 that came without files
    package.seek(0)
    return send_file(
        package,
        mimetype="application/xml" if is_alone else "application/zip",
        as_attachment=True,
        download_name=f"{slug}-{standard}.{'xml' if is_alone else 'zip'}",
    )
