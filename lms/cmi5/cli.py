"""The commands about cmi5: what administrators, and programs that test an LMS, do without a browser."""

from uuid import UUID

import click
from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.catalogue.queries import current_version, the_course
from lms.cmi5.models import Mode
from lms.cmi5.queries import CMI5, the_launch, the_registration, unit_at
from lms.cmi5.services.ending import abandon
from lms.cmi5.services.launching import Opened, Opening, open_again, open_unit
from lms.cmi5.services.registering import hold
from lms.cmi5.services.waiving import Reason, waive, waive_in
from lms.core.commands import Answer, json_option, runtime
from lms.core.errors import Refused
from lms.people.queries import person_of_code

_MODES = tuple(mode.value for mode in Mode)
_REASONS = tuple(reason.value for reason in Reason)


@click.group()
def cmi5() -> None:
    """cmi5 courses: opening units, letting learners off them, sessions."""


@cmi5.command("launch")
@click.argument("slug")
@click.option("--person", "code", metavar="CODE", help="Code of the learner.")
@click.option("--unit", "number", default=0, show_default=True, help="Which unit of the course, from 0.")
@click.option("--mode", type=click.Choice(_MODES), help="Normal, Browse or Review; else what fits.")
@click.option("--registration", type=click.UUID, help="Go on in just this registration.")
@click.option("--return-url", default="", help="Where the unit leads when it ends.")
@json_option
def launch(
    slug: str,
    code: str | None,
    number: int,
    mode: str | None,
    registration: UUID | None,
    return_url: str,
    answer: Answer,
) -> None:
    """Open a unit of the course SLUG for a learner, and print the address that opens it, once."""
    held = runtime()
    opening = Opening(return_url=return_url, mode=Mode(mode) if mode else None)
    with held.database.transaction() as session:
        course = _cmi5_course(session, slug)
        if registration is not None:
            going = the_registration(session, registration)
            lesson = unit_at(going.version, number)
            opened = open_again(session, going, lesson, opening, settings=held.settings)
        elif code is not None:
            lesson = unit_at(current_version(session, course), number)
            learner = person_of_code(session, code).id
            opened = open_unit(session, lesson, learner, opening, is_guest=False, settings=held.settings)
        else:
            raise Refused("Say for whom: --person CODE, or --registration ID.")
        document = _opened(opened)
    answer(document, document["url"])


@cmi5.command("abandon")
@click.argument("session_id", metavar="SESSION", type=click.UUID)
@json_option
def abandon_command(session_id: UUID, answer: Answer) -> None:
    """End a session for its unit: it may say nothing more."""
    held = runtime()
    with held.database.transaction() as session:
        found = the_launch(session, session_id)
        hold(session, found.registration)
        session.refresh(found)
        if found.ended is not None:
            raise Refused("This session has ended already (%(ending)s).", ending=found.ending)
        abandon(session, found, settings=held.settings)
    answer({"session": str(session_id), "ending": "abandoned"}, f"abandoned: {session_id}")


@cmi5.command("waive")
@click.argument("slug")
@click.option("--person", "code", metavar="CODE", help="Code of the learner.")
@click.option("--unit", "number", default=0, show_default=True, help="Which unit of the course, from 0.")
@click.option("--reason", type=click.Choice(_REASONS), required=True)
@click.option("--registration", type=click.UUID, help="In just this registration.")
@json_option
def waive_command(
    slug: str, code: str | None, number: int, reason: str, registration: UUID | None, answer: Answer
) -> None:
    """Let a learner off a unit of the course SLUG."""
    held = runtime()
    with held.database.transaction() as session:
        course = _cmi5_course(session, slug)
        if registration is not None:
            lesson = unit_at(the_registration(session, registration).version, number)
            done = waive_in(session, registration, lesson, Reason(reason), settings=held.settings, actor=None)
        elif code is not None:
            lesson = unit_at(current_version(session, course), number)
            learner = person_of_code(session, code).id
            done = waive(session, lesson, learner, Reason(reason), settings=held.settings, actor=None)
        else:
            raise Refused("Say for whom: --person CODE, or --registration ID.")
        document = {
            "registration": str(done.registration_id),
            "statement": str(done.statement_id),
            "lesson": done.lesson.iri,
            "reason": done.reason,
        }
    answer(document, f"{document['lesson']}: waived ({reason})")


def _cmi5_course(session: Session, slug: str) -> Course:
    course = the_course(session, slug)
    if current_version(session, course).standard != CMI5:
        raise Refused("“%(slug)s” is no cmi5 course.", slug=slug)
    return course


def _opened(opened: Opened) -> dict[str, str]:
    launch = opened.launch
    return {
        "url": opened.address,
        "registration": str(launch.registration_id),
        "session": str(launch.id),
        "mode": launch.mode,
        "activity": launch.lesson.iri,
    }
