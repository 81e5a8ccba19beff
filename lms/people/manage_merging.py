"""Two records of one person: finding them, comparing, merging, and taking a merger back."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from lms.accounts import policy
from lms.accounts.access import requires, the_account
from lms.accounts.models import Account
from lms.accounts.policy import Permission
from lms.accounts.queries import accounts_of_people
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.web import runtime, session
from lms.people import merging
from lms.people.asked import asked_unit, near, trail
from lms.people.duplicates import is_large, probable_duplicates, tell_apart
from lms.people.exporting import audience_word, gender_word
from lms.people.finding import find_people, where_counted
from lms.people.models import Person
from lms.people.queries import person_of_id, timelines, unit_of
from lms.people.same import standing_person
from lms.units.models import Unit
from tracking.completions.queries import completions_of
from tracking.rates.timeline import Timeline
from tracking.record.mergers import same_as

bp = Blueprint("merging", __name__, url_prefix="/people")

Stays = list[tuple[object, Unit]]


@dataclass(frozen=True)
class Side:
    """One of two records that are compared; `after`: where both would be counted if this one stays."""

    person: Person
    unit: Unit | None
    stays: Stays
    accounts: list[Account]
    completed: int
    after: Stays


@bp.get("/duplicates/")
@requires(Permission.MANAGE_PEOPLE)
def duplicates() -> str:
    """People of a unit who may be in the roster twice."""
    unit = asked_unit(Permission.MANAGE_PEOPLE)
    pairs = probable_duplicates(session(), unit)
    people = [person.id for pair in pairs for person in (pair.one, pair.other)]
    return render_template(
        "people/duplicates.html",
        unit=unit,
        pairs=pairs,
        units=where_counted(session(), people),
        large=is_large(session(), unit),
        trail=trail(unit, Permission.MANAGE_PEOPLE),
        near=near(unit, Permission.MANAGE_PEOPLE),
    )


@bp.get("/<uuid:person_id>/same/")
@requires(Permission.MANAGE_PEOPLE)
def search(person_id: UUID) -> str | Response:
    """Find the other record of a person."""
    person, unit = _reached(person_id)
    if person.id != person_id:
        return redirect(url_for("merging.search", person_id=person.id))
    text = request.args.get("q", person.name).strip()
    finding = find_people(session(), text, policy.scopes(the_account(), Permission.MANAGE_PEOPLE))
    return render_template(
        "people/same.html",
        person=person,
        unit=unit,
        text=text,
        finding=finding,
        others=[found for found in finding.people if found.person.id != person.id],
    )


@bp.route("/<uuid:person_id>/same/<uuid:other_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def compare(person_id: UUID, other_id: UUID) -> str | Response:
    """The two side by side; merge them, or say that they are two."""
    (person, _unit), (other, _other_unit) = _reached(person_id), _reached(other_id)
    merging.demand_two(session(), person, other)
    form = FlaskForm()
    if form.validate_on_submit():
        return _decided(person, other, request.form.get("keep", ""))
    sides = [_side(person, other), _side(other, person)]
    return render_template(
        "people/compare.html",
        sides=sides,
        form=form,
        audience_word=audience_word,
        gender_word=gender_word,
        asked=request.method == "POST",
    )


@bp.route("/<uuid:person_id>/part", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def part(person_id: UUID) -> str | Response:
    """Take back that a record is another person's."""
    record = person_of_id(session(), person_id)
    person, _unit = _reached(person_id)
    if person.id == record.id:
        raise Refused("This record is not merged into another, so there is nothing to take back.")
    _demand_return(record)
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template("people/part.html", record=record, person=person, form=form)
    merging.part_people(session(), record, home_page=runtime().settings.public_url, actor=the_account().id)
    flash(_("The two records are counted apart again."), "success")
    return redirect(url_for("person.show", person_id=record.id))


def _decided(person: Person, other: Person, keep: str) -> Response:
    if keep == "both":
        tell_apart(session(), person, other, actor=the_account().id)
        flash(_("Noted: they are two people. They are not suggested again."), "success")
        return redirect(url_for("merging.duplicates"))
    kept = {str(person.id): person, str(other.id): other}.get(keep)
    if kept is None:
        raise Refused("Choose which of the two records stays.")
    gone = other if kept is person else person
    merging.merge_people(
        session(), gone, kept, home_page=runtime().settings.public_url, actor=the_account().id
    )
    flash(_("The two records are one now. You can take this back on this page at any time."), "success")
    return redirect(url_for("person.show", person_id=kept.id))


def _reached(person_id: UUID) -> tuple[Person, Unit | None]:
    """The person, or who stands for them, within the reach of whoever asks. Raises Forbidden, NotFound."""
    person = standing_person(session(), person_of_id(session(), person_id))
    unit = unit_of(session(), person.id)
    _demand(unit)
    return person, unit


def _demand_return(record: Person) -> None:
    """Where the record will be counted again must be within reach too."""
    for unit in merging.units_after_parting(session(), record):
        _demand(unit)


def _demand(unit: Unit | None) -> None:
    policy.demand(the_account(), Permission.MANAGE_PEOPLE if unit else Permission.MANAGE_UNITS, unit)


def _side(person: Person, other: Person) -> Side:
    return Side(
        person=person,
        unit=unit_of(session(), person.id),
        stays=_named(timelines(session(), [person.id]).get(person.id, ())),
        accounts=accounts_of_people(session(), same_as(session(), person.id)),
        completed=len(completions_of(session(), person.id)),
        after=_named(merging.joined_timeline(session(), person, other)),
    )


def _named(timeline: Timeline) -> Stays:
    return [(stay, session().get_one(Unit, stay.unit)) for stay in reversed(timeline)]
