"""The command that assigns."""

from datetime import date

import click

from lms.catalogue.queries import the_course
from lms.core.commands import DATE, Answer, json_option, runtime
from lms.core.i18n import show_date
from lms.enrolment.services import assign
from lms.units.queries import unit_of_code
from tracking.rates.timeline import AUDIENCES


@click.command("assign")
@click.argument("slug")
@click.option("--unit", "unit_code", required=True, metavar="UNIT", help="Code of the unit.")
@click.option("--audience", type=click.Choice(AUDIENCES), default="officer", show_default=True)
@click.option("--due", type=DATE, required=True, help="Last day, as 2026-03-31.")
@json_option
def assign_command(slug: str, unit_code: str, audience: str, due: date, answer: Answer) -> None:
    """Make the course SLUG mandatory in a unit and all below it; with another date, the date changes."""
    with runtime().database.transaction() as session:
        course, unit = the_course(session, slug), unit_of_code(session, unit_code)
        made, outcome = assign(session, course, unit, audience=audience, due=due, actor=None)
        document = {
            "id": made.id,
            "course": course.slug,
            "unit": unit.code,
            "audience": audience,
            "due": due.isoformat(),
            "outcome": outcome,
        }
    answer(document, f"{course.title}: {unit.name}, {audience}, {show_date(due)} ({outcome})")
