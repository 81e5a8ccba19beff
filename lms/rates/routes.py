"""The pages of figures: the number first, then who is missing, by unit, by course, over time."""

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request

from lms.accounts import policy
from lms.accounts.access import current_account, requires, the_account
from lms.accounts.policy import Permission
from lms.core.errors import Forbidden, NotFound
from lms.core.i18n import words_of
from lms.core.web import session
from lms.core.web.request import roll_back
from lms.enrolment.queries import days_in_words
from lms.rates import exports, figures, wording
from lms.rates.asking import Asked, NoCourses, ask, one_of, page_number
from lms.rates.headlines import Headline, headlines
from lms.rates.people import MOST_NAMES, everybody, missing_people
from lms.rates.proofs import proof
from lms.rates.queries import rate_answer
from lms.rates.questions import WrongParameter
from lms.rates.sheets import SHEETS, sheet
from lms.units.models import Unit
from tracking.rates.members import memberships_of

bp = Blueprint("rates", __name__, url_prefix="/rates")

MOST_UNITS = 3  # on the front page
FEW = 10  # rows of a table that the first page shows; the table's own page has them all


@bp.app_context_processor
def words() -> dict[str, object]:
    return {
        "own_headlines": own_headlines,
        "audience_words": wording.audience_words,
        "days_in_words": days_in_words,
        "kind_words": wording.kind_words,
        "unit_words": wording.unit_words,
    }


def own_headlines() -> list[tuple[Unit, list[Headline]]]:
    """For the front page: the numbers of the units whose figures the account may see, by unit."""
    account = current_account()
    units = policy.scopes(account, Permission.SEE_RATES) if account else []
    return [(unit, headlines(session(), unit)) for unit in units[:MOST_UNITS]]


@bp.get("")
@requires(Permission.SEE_RATES)
def overview() -> str:
    """The number of a unit, and the most telling rows of every table under it."""
    asked = ask()
    question, answer = asked.question, rate_answer(session(), asked.question)
    names = _names_allowed(asked) and answer.members <= MOST_NAMES
    units = figures.unit_rows(session(), question)
    shown = [row for row in units if row.figure.members]
    # Of many units, those that are furthest behind: they are what a day can change.
    furthest = figures.sorted_rows(shown, "percent")[:FEW] if len(shown) > FEW else shown
    return render_template(
        "rates/overview.html",
        asked=asked,
        answer=answer,
        people=missing_people(session(), question, size=FEW) if names else None,
        units=furthest,
        units_counted=len(shown),
        units_all=len(units),
        courses=figures.course_rows(session(), question),
        weeks=figures.week_rows(session(), question) if question.known_on is None else [],
    )


@bp.get("/missing")
@requires(Permission.SEE_PEOPLE)
def missing() -> str:
    """Everybody who has not completed."""
    asked = ask(Permission.SEE_PEOPLE)
    answer = rate_answer(session(), asked.question)
    few_enough = answer.members <= MOST_NAMES
    return render_template(
        "rates/missing.html",
        asked=asked,
        answer=answer,
        people=missing_people(session(), asked.question, page_number()) if few_enough else None,
    )


@bp.get("/units")
@requires(Permission.SEE_RATES)
def units() -> str:
    """Every unit directly below, with its rank."""
    asked = ask()
    everywhere = figures.unit_rows(session(), asked.question)
    kinds = sorted({row.unit.kind for row in everywhere if not row.itself})
    kind = one_of("kind", ["", *kinds], "")
    sort = one_of("sort", [*figures.SORTS, *(f"-{name}" for name in figures.SORTS)], "rank")
    rows = figures.unit_rows(session(), asked.question, kind) if kind else everywhere
    text = request.args.get("q", "").strip()[:100]
    return render_template(
        "rates/units.html",
        asked=asked,
        answer=rate_answer(session(), asked.question),
        rows=figures.sorted_rows(rows, sort, text),
        sort=sort,
        text=text,
        kinds=kinds,
        kind=kind,
    )


@bp.get("/explain")
@requires(Permission.SEE_RATES)
def explain() -> str:
    """Where a number comes from: every member and every proof, or the units for those who see no names."""
    asked = ask()
    answer = rate_answer(session(), asked.question)
    names = _names_allowed(asked) and answer.members <= MOST_NAMES
    return render_template(
        "rates/explain.html",
        asked=asked,
        answer=answer,
        people=everybody(session(), asked.question, page_number()) if names else None,
        units=[] if names else figures.unit_rows(session(), asked.question),
        too_many=answer.members > MOST_NAMES,
    )


@bp.get("/statements/<uuid:statement_id>")
@requires(Permission.SEE_PEOPLE)
def statement(statement_id: UUID) -> str:
    """A proof in words, for those who may see the person; without a person, for those who see the record."""
    found = proof(session(), statement_id)
    account = the_account()
    if not policy.allows(account, Permission.SEE_RECORD):
        stays = memberships_of(session(), found.learner) if found.learner else []
        units = [session().get(Unit, stay.unit) for stay in stays]
        if not any(unit and policy.allows(account, Permission.SEE_PEOPLE, unit) for unit in units):
            raise Forbidden("This statement is about somebody outside your units.")
    return render_template("rates/statement.html", proof=found)


@bp.get("/files/<name>.<kind>")
@requires(Permission.SEE_RATES)
def file(name: str, kind: str) -> Response:
    """A table as xlsx or csv."""
    if name not in SHEETS or kind not in exports.MIMETYPES:
        raise NotFound("There is no such file. Go back and choose one of the links.")
    names_people = SHEETS[name][1]
    asked = ask(Permission.SEE_PEOPLE if names_people else Permission.SEE_RATES)
    table = sheet(session(), asked.question, name)
    response = make_response(exports.as_file(table, kind))
    response.headers["Content-Type"] = exports.MIMETYPES[kind]
    day = asked.question.as_of.isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="{table.file_name}-{day}.{kind}"'
    return response


@bp.errorhandler(WrongParameter)
def wrong(refusal: WrongParameter) -> tuple[str, int]:
    """The filters again, with the sentence beside the one that is wrong; no number of another day."""
    roll_back()
    return (
        render_template("rates/wrong.html", parameter=refusal.parameter, sentence=words_of(refusal)),
        400,
    )


@bp.errorhandler(NoCourses)
def no_courses(_error: NoCourses) -> str:
    return render_template("rates/no_courses.html")


def _names_allowed(asked: Asked) -> bool:
    return policy.allows(the_account(), Permission.SEE_PEOPLE, asked.question.unit)
