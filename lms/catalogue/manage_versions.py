"""The authors' pages about a course's versions: all of them, one with what it would change, offering it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue import offering, queries
from lms.catalogue.comparing import compare
from lms.catalogue.models import CourseVersion
from lms.catalogue.packages import NAMES
from lms.catalogue.reporting import report_of
from lms.core.i18n import gettext as _
from lms.core.web import session
from lms.core.web.forms import PageForm

bp = Blueprint("catalogue_versions", __name__, url_prefix="/manage/courses/<slug>/versions")


@bp.get("/")
@requires(Permission.AUTHOR_COURSES)
def index(slug: str) -> str:
    """Every version of the course, the newest first."""
    course = queries.the_course(session(), slug)
    return render_template(
        "catalogue/versions.html",
        course=course,
        versions=queries.versions_of(session(), course),
        names=NAMES,
    )


@bp.get("/<int:number>")
@requires(Permission.AUTHOR_COURSES)
def show(slug: str, number: int) -> str:
    """What a version holds, and what it changes against the one on offer."""
    version = queries.the_version(session(), slug, number)
    return render_template(
        "catalogue/version.html",
        course=version.course,
        version=version,
        report=report_of(version),
        comparison=_against_the_offered(version),
        form=PageForm(),
        names=NAMES,
    )


@bp.post("/<int:number>/offer")
@requires(Permission.AUTHOR_COURSES)
def offer(slug: str, number: int) -> Response:
    """Let learners who begin get this version; of a draft, publish it."""
    version = queries.the_version(session(), slug, number)
    offering.demand_not_archived(version.course)
    offering.offer(session(), version.course, version, actor=the_account().id)
    flash(_("Whoever begins now gets version %(number)s.", number=number), "success")
    return redirect(url_for("catalogue_manage.report", slug=slug), 303)


def _against_the_offered(version: CourseVersion) -> object:
    """None where it is the one on offer."""
    if version.number == version.course.version_number:
        return None
    return compare(queries.current_version(session(), version.course), version)
