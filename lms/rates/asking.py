"""What a page is asked: read from its address, with what is most likely meant where nothing was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import request

from lms.accounts import policy
from lms.accounts.access import the_account
from lms.accounts.policy import Permission
from lms.catalogue.models import Course
from lms.catalogue.queries import courses, the_course
from lms.core.clock import today
from lms.core.web import session
from lms.enrolment.queries import assignments_for, nearest_first
from lms.rates.questions import Question, WrongParameter, read_audience, read_day
from lms.units.models import Unit
from lms.units.queries import ancestors, children, unit_of_code

ALL = "all"


class NoCourses(Exception):
    """There is nothing to rate yet."""


@dataclass(frozen=True)
class Asked:
    """The question of a page, the parameters that ask it again, and what else could be chosen.

    `due` is the day by which the course must be completed in the unit, where it must.
    """

    question: Question
    params: dict[str, str]
    due: date | None
    units: Sequence[Unit] = field(repr=False)
    courses: Sequence[Course] = field(repr=False)


def asked_unit(permission: Permission = Permission.SEE_RATES) -> Unit:
    """The unit that the address names, else the first of the account's own. Raises NotFound, Forbidden."""
    code = request.args.get("unit", "").strip()
    if not code:
        return policy.scopes(the_account(), permission)[0]
    unit = unit_of_code(session(), code)
    policy.demand(the_account(), permission, unit)
    return unit


def ask(permission: Permission = Permission.SEE_RATES) -> Asked:
    """The question. Raises NotFound, Forbidden, WrongParameter, and NoCourses where there are none."""
    unit = asked_unit(permission)
    offered = list(courses(session(), published_only=True))
    course, audience, due = _course_and_audience(unit, offered)
    as_of, known_on = read_day(request.args, "as_of"), read_day(request.args, "known_on")
    params = {"unit": unit.code, "course": course.slug, "audience": audience or ALL}
    if as_of:
        params["as_of"] = as_of.isoformat()
    if known_on:
        params["known_on"] = known_on.isoformat()
    if course not in offered:
        offered.append(course)
    return Asked(
        question=Question(unit, course, audience, as_of or today(), known_on),
        params=params,
        due=due,
        units=choices(unit),
        courses=offered,
    )


def choices(unit: Unit) -> list[Unit]:
    """Units one step away: those above that the account reaches, its other tops, the unit, those below."""
    account = the_account()
    above = [
        each for each in ancestors(session(), unit) if policy.allows(account, Permission.SEE_RATES, each)
    ]
    tops = [
        each
        for each in policy.scopes(account, Permission.SEE_RATES)
        if each not in above and each.id != unit.id
    ]
    return [*above, *tops, unit, *children(session(), unit)]


def page_number() -> int:
    """`?page=`, 1 where it makes no sense."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004


def one_of(name: str, allowed: Sequence[str], default: str) -> str:
    """A parameter of which only some values mean something. Raises WrongParameter."""
    value = request.args.get(name) or default
    if value not in allowed:
        raise WrongParameter(name, "“%(text)s” cannot be chosen here. Choose from the list.", text=value[:40])
    return value


def _course_and_audience(unit: Unit, offered: Sequence[Course]) -> tuple[Course, str | None, date | None]:
    """What was chosen; else what is mandatory in the unit and due nearest; else the first course on offer."""
    slug, chosen = request.args.get("course", "").strip(), request.args.get("audience", "").strip()
    audience = read_audience(None if chosen == ALL else chosen)
    duties = nearest_first(assignments_for(session(), unit, audience), today())
    if slug:
        course = the_course(session(), slug)
        duties = [duty for duty in duties if duty.course_id == course.id]
    else:
        course = duties[0].course if duties else _first(offered)
    if not chosen:
        audience = read_audience(duties[0].audience if duties else course.audience or "officer")
    due = next((duty.due for duty in duties if duty.audience == audience), None)
    return course, audience, due if duties and duties[0].course_id == course.id else None


def _first(offered: Sequence[Course]) -> Course:
    if not offered:
        raise NoCourses
    return offered[0]
