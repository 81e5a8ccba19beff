"""Pages for those who help learners: attempts, and what is odd about them."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.accounts import policy
from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.core.clock import local
from lms.core.i18n import gettext as _
from lms.core.web import runtime, session
from lms.people.models import Person
from lms.people.queries import people_of_ids, person_of_id, unit_of
from lms.people.same import standing_person
from lms.player.models import Attempt
from lms.player.queries import attempts_of
from lms.player.wording import result_words, score_words
from lms.support import queries
from lms.support.services import mark_seen
from lms.support.state import state_of
from lms.support.words import answer_words, outcome_words, reason, sent_words, verb_words
from lms.units.models import Unit
from tracking.record.mergers import who_stands_for

bp = Blueprint("support", __name__, url_prefix="/support")

MOST_ATTEMPTS = 200


def clock(moment: datetime) -> str:
    """To the second, on the clock in Hải Phòng."""
    return f"{local(moment):%H:%M:%S %d/%m/%Y}"


WORDS: dict[str, object] = {
    "MOST_CALLS": 300,
    "clock": clock,
    "answer_words": answer_words,
    "outcome_words": outcome_words,
    "reason": reason,
    "result_words": result_words,
    "score_words": score_words,
    "sent_words": sent_words,
    "verb_words": verb_words,
}


@bp.get("/attempts/<uuid:attempt_id>")
@requires(Permission.SEE_PEOPLE)
def attempt(attempt_id: UUID) -> str:
    """All that one attempt went through."""
    found = queries.attempt_of_id(session(), attempt_id)
    person, unit = _whose(found)
    return render_template(
        "support/attempt.html",
        attempt=found,
        person=person,
        unit=unit,
        logs=queries.logs_of(session(), found),
        doubts=queries.doubts_of(session(), [found.id]).get(found.id, []),
        state=state_of(session(), found, home_page=runtime().settings.public_url),
        statements=queries.statements_of(session(), found),
        **WORDS,
    )


@bp.get("/people/<uuid:person_id>")
@requires(Permission.SEE_PEOPLE)
def attempts(person_id: UUID) -> str:
    """Every attempt of a person, the one last worked at first."""
    person = standing_person(session(), person_of_id(session(), person_id))
    unit = _demand_reach(person)
    found = [one for one in attempts_of(session(), person.id) if not one.preview][:MOST_ATTEMPTS]
    return render_template(
        "support/attempts.html",
        person=person,
        unit=unit,
        attempts=found,
        doubts=queries.doubts_of(session(), [one.id for one in found]),
        **WORDS,
    )


@bp.get("/doubts")
@requires(Permission.SEE_PEOPLE)
def doubts() -> str:
    """What cannot be, or hardly, among the learners whom one looks after."""
    everybody = policy.allows(the_account(), Permission.OPERATE)
    tops = None if everybody else policy.scopes(the_account(), Permission.SEE_PEOPLE)
    seen = request.args.get("seen") == "yes"
    number = request.args.get("page", 1, type=int)
    page = queries.doubts_below(session(), tops, seen=seen, number=number)
    return render_template("support/doubts.html", page=page, seen=seen, **WORDS)


@bp.post("/doubts/<int:doubt_id>/seen")
@requires(Permission.SEE_PEOPLE)
def see(doubt_id: int) -> Response:
    """Note that somebody has looked at it. It stays to be found."""
    doubt = queries.doubt_of_id(session(), doubt_id)
    _whose(doubt.attempt)
    if mark_seen(session(), doubt, actor=the_account().id):
        flash(_("Marked as looked at."), "success")
    else:
        flash(_("Somebody has already looked at it."))
    if request.form.get("back") == "attempt":
        return redirect(url_for("support.attempt", attempt_id=doubt.attempt_id))
    return redirect(url_for("support.doubts"))


def _whose(found: Attempt) -> tuple[Person | None, Unit | None]:
    """Whose attempt it is, and where they are counted. Raises Forbidden out of reach.

    A guest is nobody's learner: only who runs the site may look.
    """
    learner = who_stands_for(session(), found.learner)
    person = people_of_ids(session(), [learner]).get(learner)
    if person is None:
        policy.demand(the_account(), Permission.OPERATE)
        return None, None
    return person, _demand_reach(person)


def _demand_reach(person: Person) -> Unit | None:
    """Where the person is counted. Somebody who never was is for the whole city to see."""
    unit = unit_of(session(), person.id)
    if unit is None:
        policy.demand(the_account(), Permission.MANAGE_UNITS)
    else:
        policy.demand(the_account(), Permission.SEE_PEOPLE, unit)
    return unit
