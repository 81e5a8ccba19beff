"""Actors of the record who are nobody yet: finding out who they are, and setting aside who is none of ours.

An unmatched actor belongs to no unit, and may be anybody of any unit. So these pages are for those who see
the whole record, and linking also needs that they manage the unit of the person.
"""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.accounts import policy
from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext
from lms.core.web import runtime, session
from lms.core.web.forms import PageForm
from lms.people import linking
from lms.people.actors import guests_of, read_actor
from lms.people.finding import find_people, where_counted
from lms.people.models import Person
from lms.people.queries import person_of_id, unit_of
from lms.people.same import standing_person
from lms.people.suggesting import suggestions
from tracking.identities.services import linked_to
from tracking.identities.unmatched import (
    MOST_AGENTS,
    PAGE,
    Wanted,
    count_unmatched,
    is_dismissed,
    tally,
    unmatched,
)
from tracking.record.models import Agent

bp = Blueprint("identities", __name__, url_prefix="/people/unmatched")

SHOW = ("waiting", "dismissed", "guests")


@bp.get("/")
@requires(Permission.SEE_RECORD)
def index() -> str:
    """Who is listed, the newest first, each with the likeliest suggestion."""
    show = request.args.get("show", "waiting")
    wanted = _wanted(show)
    before = min(request.args.get("before", linking.LARGEST, int), linking.LARGEST)
    found = unmatched(session(), wanted, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    suggested = suggestions(session(), shown) if show == "waiting" else {}
    best = {agent: each[0] for agent, each in suggested.items() if each}
    return render_template(
        "people/unmatched.html",
        agents=[(agent, read_actor(agent.identifier), best.get(agent.id)) for agent in shown],
        units=where_counted(session(), [each.person.id for each in best.values()]),
        total=count_unmatched(session(), wanted),
        most=MOST_AGENTS,
        before=found[PAGE - 1].id if len(found) > PAGE else None,
        show=show if show in SHOW else "waiting",
        wanted=wanted,
    )


@bp.get("/<int:agent_id>/")
@requires(Permission.SEE_RECORD)
def show(agent_id: int) -> str:
    """One actor: what is known of it, who it may be, and a search for who it is."""
    agent = linking.agent_of_id(session(), agent_id)
    text = request.args.get("q", "").strip()
    candidates = suggestions(session(), [agent])[agent.id] if agent.learner is None else []
    finding = find_people(session(), text, policy.scopes(the_account(), Permission.MANAGE_PEOPLE))
    return render_template(
        "people/actor.html",
        agent=agent,
        actor=read_actor(agent.identifier),
        tally=tally(session(), agent.id),
        person=session().get(Person, agent.learner) if agent.learner else None,
        linked=linked_to(session(), agent.id) is not None,
        dismissed=is_dismissed(session(), agent.id),
        candidates=candidates,
        units=where_counted(session(), [each.person.id for each in candidates]),
        text=text,
        finding=finding,
        form=PageForm(),
    )


@bp.route("/<int:agent_id>/link/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.SEE_RECORD)
def link(agent_id: int, person_id: UUID) -> str | Response:
    """Say what will count for the person, and, once confirmed, let it count."""
    agent, person = linking.agent_of_id(session(), agent_id), _person(person_id)
    form = PageForm()
    if not form.validate_on_submit():
        return render_template(
            "people/link.html",
            form=form,
            agent=agent,
            actor=read_actor(agent.identifier),
            person=person,
            unit=unit_of(session(), person.id),
            effect=linking.effect_of(session(), agent, person),
        )
    counted = tally(session(), agent.id).statements
    linking.link_agent(
        session(), agent, person, home_page=runtime().settings.public_url, actor=the_account().id
    )
    told = ngettext(
        "%(n)s statement counts for %(name)s from now on.",
        "%(n)s statements count for %(name)s from now on.",
        counted,
        name=person.name,
    )
    flash(told, "success")
    return redirect(url_for("person.show", person_id=person.id))


@bp.route("/<int:agent_id>/unlink", methods=["GET", "POST"])
@requires(Permission.SEE_RECORD)
def unlink(agent_id: int) -> str | Response:
    """Take a link back."""
    agent = linking.agent_of_id(session(), agent_id)
    named = linked_to(session(), agent.id)
    person = _person(named) if named else None
    form = PageForm()
    if not form.validate_on_submit() and person is not None:
        return render_template(
            "people/unlink.html", form=form, agent=agent, actor=read_actor(agent.identifier), person=person
        )
    linking.unlink_agent(session(), agent, home_page=runtime().settings.public_url, actor=the_account().id)
    flash(_("The link was taken back."), "success")
    return redirect(url_for("identities.show", agent_id=agent.id))


@bp.post("/<int:agent_id>/dismiss")
@requires(Permission.SEE_RECORD)
def dismiss(agent_id: int) -> Response:
    """Set aside who is none of ours."""
    agent = linking.agent_of_id(session(), agent_id)
    linking.set_aside(session(), agent, actor=the_account().id)
    flash(_("“%(name)s” is no longer listed. You find it under “Set aside”.", name=_called(agent)), "success")
    return redirect(url_for("identities.index"))


@bp.post("/<int:agent_id>/restore")
@requires(Permission.SEE_RECORD)
def restore(agent_id: int) -> Response:
    """List them again."""
    agent = linking.agent_of_id(session(), agent_id)
    linking.bring_back(session(), agent, actor=the_account().id)
    flash(_("“%(name)s” is listed again.", name=_called(agent)), "success")
    return redirect(url_for("identities.show", agent_id=agent.id))


def _wanted(show: str) -> Wanted:
    guests = guests_of(runtime().settings.public_url)
    return Wanted(
        text=request.args.get("q", "").strip(),
        completing=request.args.get("completing") == "yes",
        dismissed=show == "dismissed",
        guests=guests,
        only_guests=show == "guests",
    )


def _person(person_id: UUID) -> Person:
    """The person to link to, or who stands for them, within the reach of whoever asks."""
    person = standing_person(session(), person_of_id(session(), person_id))
    unit = unit_of(session(), person.id)
    policy.demand(the_account(), Permission.MANAGE_PEOPLE if unit else Permission.MANAGE_UNITS, unit)
    return person


def _called(agent: Agent) -> str:
    return agent.name or read_actor(agent.identifier).name
