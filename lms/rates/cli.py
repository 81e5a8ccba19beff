"""The commands that answer, explain, and check that every figure follows from the statements."""

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

import click
import msgspec
from sqlalchemy.orm import Session

from lms.catalogue.queries import the_course
from lms.core.clock import today
from lms.core.commands import DATE, Answer, json_option, runtime
from lms.core.errors import NotFound
from lms.core.i18n import gettext as _
from lms.core.i18n import percent, show_date
from lms.rates.answers import Child, Explanation, RateAnswer
from lms.rates.queries import explanation, rate_answer
from lms.rates.questions import Question, past_day
from lms.units.models import Unit
from lms.units.queries import top_unit, unit_of_code
from tracking.rates.timeline import AUDIENCES
from tracking.rebuild import rebuild as rebuild_record


def _asks(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a question; the command is given a function that puts it."""

    @click.option("--course", "slug", required=True, metavar="SLUG")
    @click.option("--unit", "code", metavar="UNIT", help="Code of the unit; without it, all units.")
    @click.option("--audience", type=click.Choice(AUDIENCES), help="Without it, all are counted.")
    @click.option("--as-of", type=DATE, help="As of the end of this day; without it, of today.")
    @click.option("--known-on", type=DATE, help="By what was recorded until the end of this day.")
    @wraps(command)
    def with_question(
        slug: str,
        code: str | None,
        audience: str | None,
        as_of: date | None,
        known_on: date | None,
        **options: Any,
    ) -> Any:
        def asked(session: Session) -> Question:
            return Question(
                unit=unit_of_code(session, code) if code else _top(session),
                course=the_course(session, slug),
                audience=audience,
                as_of=past_day("as_of", as_of or today()),
                known_on=known_on and past_day("known_on", known_on),
            )

        return command(asked=asked, **options)

    return with_question


@click.command("rates")
@_asks
@click.option("--by", type=click.Choice(["unit"]), help="Also the units directly below.")
@json_option
def rates(asked: Callable[[Session], Question], by: str | None, answer: Answer) -> None:
    """How many of a unit's people have completed a course."""
    with runtime().database.snapshot() as session:
        found = rate_answer(session, asked(session), by_unit=by == "unit")
    lines = [_figure(found), *(f"  {_figure(child)}  {child.name}" for child in found.children)]
    answer(msgspec.to_builtins(found), "\n".join([lines[0], _about(found), *lines[1:]]))


@click.command("explain")
@_asks
@json_option
def explain(asked: Callable[[Session], Question], answer: Answer) -> None:
    """Who is behind a rate: every member, and the statement that proves each completion."""
    with runtime().database.snapshot() as session:
        found = explanation(session, asked(session))
    people = (
        f"  {each.statement or '–'!s:36}  {each.unit}  {each.code or '–'}  {each.name or '–'}"
        for each in found.people
    )
    answer(msgspec.to_builtins(found), "\n".join([_figure(found), _about(found), *people]))


@click.group("tracking")
def tracking() -> None:
    """The record and what follows from it."""


@tracking.command("rebuild")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when there is a difference.")
@json_option
def rebuild(answer: Answer, *, check: bool) -> None:
    """Draw completions and counters anew from the statements."""
    database = runtime().database
    with database.snapshot() if check else database.transaction() as session:
        report = rebuild_record(session, check=check, home_page=runtime().settings.public_url)
    words = [
        f"{report.differences} differences",
        *(f"  {name}: {n}" for name, n in report.details.items() if n),
    ]
    answer({"differences": report.differences, "check": check, "details": report.details}, "\n".join(words))
    if check and report.differences:
        sys.exit(1)


def _top(session: Session) -> Unit:
    unit = top_unit(session)
    if unit is None:
        raise NotFound("There are no units yet. Import them first: lms units import FILE.csv")
    return unit


def _figure(found: RateAnswer | Explanation | Child) -> str:
    return f"{found.completed}/{found.members} ({percent(found.percent)})"


def _about(found: RateAnswer | Explanation) -> str:
    return f"{found.definition}. {_('As of %(date)s.', date=show_date(found.as_of))}"
