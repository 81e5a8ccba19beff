"""Letting learners off lessons of cmi5 courses: an administrator's page beside the course."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue.queries import current_version, the_course
from lms.cmi5.forms import WaiveForm
from lms.cmi5.queries import CMI5, waivers_in
from lms.cmi5.services.waiving import Reason, waive
from lms.cmi5.words import REASONS
from lms.core.errors import NotFound
from lms.core.i18n import gettext as _
from lms.core.web import runtime, session
from lms.people.queries import people_of_ids

bp = Blueprint("waivers", __name__, url_prefix="/manage/courses/<slug>/waivers")


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.OPERATE)
def index(slug: str) -> str | Response:
    """Who was let off which lesson, and a form for one more, which asks once again before it is done."""
    course = the_course(session(), slug)
    version = current_version(session(), course)
    if version.standard != CMI5:
        raise NotFound("Only lessons of cmi5 courses can be waived.")
    form = WaiveForm()
    form.offer(version.lessons)
    if not form.validate_on_submit() or form.person is None:
        found = waivers_in(session(), course)
        people = people_of_ids(session(), {waiver.learner for waiver in found})
        return render_template(
            "cmi5/waivers.html", course=course, form=form, waivers=found, people=people, reasons=REASONS
        )
    lesson = next(lesson for lesson in version.lessons if lesson.key == form.lesson.data)
    reason = Reason(form.reason.data)
    if form.sure.data != "yes":
        return render_template(
            "cmi5/waive.html",
            course=course,
            form=form,
            person=form.person,
            lesson=lesson,
            reason=REASONS[reason],
        )
    waive(session(), lesson, form.person.id, reason, settings=runtime().settings, actor=the_account().id)
    flash(_("%(name)s need not learn “%(lesson)s”.", name=form.person.name, lesson=lesson.title), "success")
    return redirect(url_for("waivers.index", slug=slug))
