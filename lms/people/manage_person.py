"""The page of one person: contact data, where they are counted, the way to their first sign-in."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from lms.accounts import policy
from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.accounts.queries import accounts_of_people
from lms.core.clock import today
from lms.core.errors import NotFound, Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import show_date, words_of
from lms.core.web import runtime, session
from lms.people import services
from lms.people.actors import read_actor
from lms.people.exporting import audience_word, gender_word
from lms.people.forms import ContactForm, LeaveForm, MoveForm
from lms.people.manage_slips import slips_page
from lms.people.models import Person
from lms.people.queries import person_of_id, timelines, unit_of
from lms.people.same import merged_records, standing_person
from lms.units.models import Unit
from lms.units.queries import subtree, unit_of_code
from tracking.errors import Refused as RefusedRecord
from tracking.identities.queries import taken_for
from tracking.record.mergers import same_as

bp = Blueprint("person", __name__, url_prefix="/people/<uuid:person_id>")

MOST_CHOICES = 400  # units that a list to choose from may hold


@bp.get("/")
@requires(Permission.SEE_PEOPLE)
def show(person_id: UUID) -> str | Response:
    """All that is known of a person to those who look after them."""
    person, unit = _person(person_id, Permission.SEE_PEOPLE)
    if person.id != person_id:
        flash(_("This record was merged into the one that you see here."))
        return redirect(url_for("person.show", person_id=person.id))
    stays = timelines(session(), [person.id]).get(person.id, ())
    units = {stay.unit: session().get_one(Unit, stay.unit) for stay in stays}
    return render_template(
        "people/person.html",
        person=person,
        unit=unit,
        stays=[(stay, units[stay.unit]) for stay in reversed(stays)],
        accounts=accounts_of_people(session(), same_as(session(), person.id)),
        may_reset=lambda account: policy.may_reset(the_account(), account),
        merged=merged_records(session(), person),
        names=[(taken, read_actor(taken.identifier)) for taken in taken_for(session(), person.id)],
        own_names={str(each) for each in same_as(session(), person.id)},
        audience_word=audience_word,
        gender_word=gender_word,
        code_form=FlaskForm(),
    )


@bp.route("/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def edit(person_id: UUID) -> str | Response:
    """Correct name and contact data."""
    person, unit = _person(person_id, Permission.MANAGE_PEOPLE)
    form = ContactForm(obj=person)
    if not form.validate_on_submit():
        return render_template("people/edit.html", form=form, person=person, unit=unit)
    changed = services.change_person(
        session(), person, form.said, home_page=runtime().settings.public_url, actor=the_account().id
    )
    flash(_("Saved.") if changed else _("Nothing was changed."), "success")
    return redirect(url_for("person.show", person_id=person.id))


@bp.route("/move", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def move(person_id: UUID) -> str | Response:
    """Count a person elsewhere, or as another audience, from a date on."""
    person, unit = _person(person_id, Permission.MANAGE_PEOPLE)
    stays = timelines(session(), [person.id]).get(person.id, ())
    form = MoveForm(
        unit=unit.code if unit else "",
        audience=stays[-1].audience if stays else None,
        since=show_date(today()),
    )
    if form.validate_on_submit() and _moved(person, form):
        return redirect(url_for("person.show", person_id=person.id))
    return render_template("people/move.html", form=form, person=person, unit=unit, choices=_choices())


@bp.route("/leave", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def leave(person_id: UUID) -> str | Response:
    """Count a person nowhere from a date on."""
    person, unit = _person(person_id, Permission.MANAGE_PEOPLE)
    form = LeaveForm(until=show_date(today()))
    if form.validate_on_submit():
        try:
            services.let_go(session(), person, until=form.until.data, actor=the_account().id)
        except RefusedRecord as refusal:
            form.until.errors = [_in_words(refusal)]
        else:
            flash(_("%(name)s no longer counts from %(day)s on.", name=person.name,
                    day=show_date(form.until.data)), "success")  # fmt: skip
            return redirect(url_for("person.show", person_id=person.id))
    return render_template("people/leave.html", form=form, person=person, unit=unit)


@bp.post("/code")
@requires(Permission.ISSUE_CODES)
def code(person_id: UUID) -> str:
    """A one-time code for this person, shown once."""
    person, unit = _person(person_id, Permission.ISSUE_CODES)
    if unit is None:
        raise Refused("This person is counted nowhere. Move them to a unit first.")
    slips = services.issue_slips(
        session(), [(person, unit)], secret_key=runtime().settings.secret_key, actor=the_account().id
    )
    return slips_page(slips, url_for("person.show", person_id=person.id))


@bp.post("/password/<int:account_id>")
@requires(Permission.ISSUE_CODES)
def password(person_id: UUID, account_id: int) -> str:
    """A one-time code with which this person chooses a new password, shown once."""
    person, unit = _person(person_id, Permission.ISSUE_CODES)
    accounts = accounts_of_people(session(), same_as(session(), person.id))
    account = next((each for each in accounts if each.id == account_id), None)
    if account is None:
        raise NotFound("This person has no such account.")
    secret_key = runtime().settings.secret_key
    slip = services.issue_reset_slip(session(), account, unit, secret_key=secret_key, by=the_account())
    return slips_page([slip], url_for("person.show", person_id=person.id))


def _person(person_id: UUID, permission: Permission) -> tuple[Person, Unit | None]:
    """The person, or who stands for them, and where they are counted.

    Somebody who was never counted is for the whole city to see.
    """
    person = standing_person(session(), person_of_id(session(), person_id))
    unit = unit_of(session(), person.id)
    if unit is None:
        policy.demand(the_account(), Permission.MANAGE_UNITS)
    else:
        policy.demand(the_account(), permission, unit)
    return person, unit


def _moved(person: Person, form: MoveForm) -> bool:
    """Whether it could be done; else the form says why not."""
    try:
        unit = unit_of_code(session(), form.unit_code)
    except NotFound as refusal:
        form.unit.errors = [words_of(refusal)]
        return False
    policy.demand(the_account(), Permission.MANAGE_PEOPLE, unit)
    try:
        moved = services.move_person(
            session(),
            person,
            unit,
            since=form.since.data,
            audience=form.audience.data,
            actor=the_account().id,
        )
    except RefusedRecord as refusal:
        form.since.errors = [_in_words(refusal)]
        return False
    day = show_date(form.since.data)
    told = _("%(name)s counts in %(unit)s from %(day)s on.", name=person.name, unit=unit.name, day=day)
    flash(told if moved else _("Nothing was changed."), "success")
    return True


def _in_words(refusal: RefusedRecord) -> str:
    params = {name: show_date(value) for name, value in refusal.params.items()}
    return _(refusal.message, **params)


def _choices() -> list[Unit]:
    """The units that the account manages, if they fit into a list."""
    tops = policy.scopes(the_account(), Permission.MANAGE_PEOPLE)
    units: list[Unit] = []
    for top in tops:
        units += session().scalars(subtree(top).order_by(Unit.path).limit(MOST_CHOICES + 1))
    return units if len(units) <= MOST_CHOICES else []
