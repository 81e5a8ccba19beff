"""Pages for managers: what is assigned, assigning, withdrawing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from lms.accounts import policy
from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue.queries import courses, the_course
from lms.core.clock import today
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, show_date
from lms.core.web import session
from lms.enrolment import queries, services
from lms.enrolment.forms import AssignForm
from lms.units.models import Unit
from lms.units.queries import ancestors, children, unit_of_code

bp = Blueprint("enrolment", __name__, url_prefix="/assignments")

OUTCOMES = {
    "created": lazy("“%(course)s” is now mandatory in %(unit)s, until %(due)s."),
    "changed": lazy("“%(course)s” was mandatory in %(unit)s already. Its last day is now %(due)s."),
    "unchanged": lazy("“%(course)s” was mandatory in %(unit)s until %(due)s already. Nothing was changed."),
}


@bp.get("")
@requires(Permission.ASSIGN_COURSES)
def index() -> str:
    """The assignments that touch a unit, next due first."""
    unit = _asked_unit()
    return render_template(
        "enrolment/index.html",
        unit=unit,
        units=_choices(unit),
        assignments=queries.assignments_in(session(), unit),
        days_in_words=lambda due: queries.days_in_words((due - today()).days),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.ASSIGN_COURSES)
def new() -> str | Response:
    """Assign a course to a unit of one's own."""
    unit = _asked_unit()
    form = AssignForm(courses(session(), published_only=True), _choices(unit))
    if not form.is_submitted():
        form.unit.data = unit.code
        form.audience.data = "officer"
        form.course.data = request.args.get("course", "")
    if not form.validate_on_submit() or form.due.data is None:
        return render_template("enrolment/new.html", form=form, unit=unit)
    chosen = unit_of_code(session(), form.unit.data)
    policy.demand(the_account(), Permission.ASSIGN_COURSES, chosen)
    course = the_course(session(), form.course.data)
    made, outcome = services.assign(
        session(),
        course,
        chosen,
        audience=form.audience.data,
        due=form.due.data,
        actor=the_account().id,
    )
    flash(
        OUTCOMES[outcome] % {"course": course.title, "unit": chosen.name, "due": show_date(made.due)},
        "success",
    )
    return redirect(url_for("enrolment.index", unit=unit.code))


@bp.route("/<int:assignment_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ASSIGN_COURSES)
def withdraw(assignment_id: int) -> str | Response:
    """Ask whether an assignment shall hold no longer, and do it."""
    found = queries.assignment(session(), assignment_id)
    policy.demand(the_account(), Permission.ASSIGN_COURSES, found.unit)
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template("enrolment/withdraw.html", form=form, assignment=found)
    services.withdraw(session(), found, actor=the_account().id)
    flash(
        _(
            "“%(course)s” is no longer mandatory in %(unit)s.",
            course=found.course.title,
            unit=found.unit.name,
        ),
        "success",
    )
    return redirect(url_for("enrolment.index", unit=found.unit.code))


def _asked_unit() -> Unit:
    """The unit that the address names, else the first of the account's own."""
    code = request.args.get("unit")
    if not code:
        return policy.scopes(the_account(), Permission.ASSIGN_COURSES)[0]
    unit = unit_of_code(session(), code)
    policy.demand(the_account(), Permission.ASSIGN_COURSES, unit)
    return unit


def _choices(unit: Unit) -> list[Unit]:
    """The units to choose from: this one, those above as far as the account reaches, those below."""
    account = the_account()
    above = [
        each for each in ancestors(session(), unit) if policy.allows(account, Permission.ASSIGN_COURSES, each)
    ]
    others = [each for each in policy.scopes(account, Permission.ASSIGN_COURSES) if each not in above]
    line = [*above, *(each for each in others if each.id != unit.id), unit]
    return [*line, *children(session(), unit)]
