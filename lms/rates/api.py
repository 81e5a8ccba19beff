"""`/api/v1/`: the same questions and answers as the commands, as JSON."""

from typing import Any

import msgspec
from flask import Blueprint, Response, request

from lms.accounts.access import public
from lms.accounts.policy import Permission
from lms.catalogue.queries import courses as all_courses
from lms.catalogue.queries import current_lessons, the_course
from lms.core.clock import today
from lms.core.errors import NotFound, Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import words_of
from lms.core.web import session
from lms.core.web.request import roll_back
from lms.core.web.security import csrf
from lms.rates import openapi
from lms.rates.answers import CourseAnswer, Problem, UnitAnswer
from lms.rates.api_access import demand, for_programs, reach
from lms.rates.queries import explanation, rate_answer
from lms.rates.questions import Question, WrongParameter, read_audience, read_day
from lms.units.queries import subtree, unit_of_code

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)

MOST_PEOPLE = 10_000  # in one answer
MOST_MEMBERS = 100_000  # in a unit whose people are put in order; `lms explain` has no such bound


@bp.get("/rates")
@for_programs(Permission.SEE_RATES)
def rates() -> Response:
    """How many of a unit's people have completed a course."""
    _only({*openapi.ASKED, "by"})
    asked = _question(Permission.SEE_RATES)
    by = request.args.get("by")
    if by not in (None, "", "unit"):
        raise WrongParameter("by", "“%(text)s” is not something to divide by. Use unit.", text=by[:40])
    return _json(rate_answer(session(), asked, by_unit=by == "unit"))


@bp.get("/explain")
@for_programs(Permission.SEE_PEOPLE)
def explain() -> Response:
    """Everybody behind a rate, with the statement that proves each completion."""
    _only({*openapi.ASKED, "offset", "limit"})
    asked = _question(Permission.SEE_PEOPLE)
    offset = _whole("offset", 0, least=0, most=10**9)
    limit = _whole("limit", MOST_PEOPLE, least=1, most=MOST_PEOPLE)
    if rate_answer(session(), asked).members > MOST_MEMBERS:
        raise WrongParameter(
            "unit",
            "%(unit)s has more people than one list can hold. Choose one of the units below it.",
            unit=asked.unit.name,
        )
    return _json(explanation(session(), asked, offset=offset, limit=limit))


@bp.get("/units")
@for_programs(Permission.SEE_RATES)
def units() -> Response:
    """The units that the asker may ask about, those above before those below."""
    _only(set())
    found = {unit.id: unit for top in reach(Permission.SEE_RATES) for unit in session().scalars(subtree(top))}
    codes = {unit.id: unit.code for unit in found.values()}
    ordered = sorted(found.values(), key=lambda unit: (unit.depth, unit.order_key, unit.code))
    return _json(
        [UnitAnswer(unit.code, unit.name, unit.kind, codes.get(unit.parent_id or 0)) for unit in ordered]
    )


@bp.get("/courses")
@for_programs(Permission.SEE_RATES)
def courses() -> Response:
    """The courses on offer, with the addresses under which statements name them."""
    _only(set())
    found = all_courses(session(), published_only=True)
    lessons = current_lessons(session())
    return _json(
        [
            CourseAnswer(
                slug=course.slug,
                iri=course.iri,
                title=course.title,
                standard=course.standard,
                topic=course.topic,
                audience=course.audience,
                minutes=course.minutes,
                lessons=len(lessons.get(course.id, ())),
            )
            for course in found
        ]
    )


@bp.get("/openapi.json")
@public
def description() -> Response:
    """What can be asked here, for programs that write programs."""
    return _json(openapi.description())


@bp.errorhandler(Refused)
def refused(refusal: Refused) -> Response:
    """Plain sentences; a wrong parameter is named."""
    roll_back()
    response = _json(Problem(words_of(refusal), getattr(refusal, "parameter", None)))
    response.status_code = refusal.status
    if refusal.status == 401:  # noqa: PLR2004
        response.headers["WWW-Authenticate"] = 'Basic realm="API", charset="UTF-8"'
    return response


def _question(permission: Permission) -> Question:
    args = request.args
    slug = args.get("course", "")
    if not slug:
        raise WrongParameter("course", "Say which course: course=SLUG. The slugs are at /api/v1/courses.")
    reached = reach(permission)
    code = args.get("unit", "")
    if not code and not reached:
        raise NotFound("There are no units yet.")
    unit = unit_of_code(session(), code) if code else next(iter(reached))
    demand(permission, unit)
    return Question(
        unit=unit,
        course=the_course(session(), slug),
        audience=read_audience(args.get("audience")),
        as_of=read_day(args, "as_of") or today(),
        known_on=read_day(args, "known_on"),
    )


def _only(known: set[str]) -> None:
    """A misspelt parameter must not give the answer to another question."""
    for name in request.args:
        if name not in known:
            raise WrongParameter(
                name[:40],
                "The parameter “%(name)s” is not known here. Known: %(known)s.",
                name=name[:40],
                known=", ".join(sorted(known)) or _("none"),
            )
        if len(request.args.getlist(name)) > 1:
            raise WrongParameter(name, "The parameter “%(name)s” stands twice.", name=name)


def _whole(name: str, default: int, *, least: int, most: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):  # noqa: PLR2004
        raise WrongParameter(
            name,
            "%(name)s must be a whole number from %(least)s to %(most)s.",
            name=name,
            least=least,
            most=most,
        )
    return int(text)


def _json(document: Any) -> Response:
    return Response(msgspec.json.encode(document), mimetype="application/json")
