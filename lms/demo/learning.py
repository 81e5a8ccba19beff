"""What the people of the demo city learned: one mandatory course, completed by some, told to the record."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.library import import_library
from lms.catalogue.models import Course, Lesson
from lms.catalogue.queries import current_lessons, the_course
from lms.core.clock import local_date
from lms.core.record import our_authority, store_statements
from lms.core.runtime import Runtime
from lms.demo.queries import CITY, UNFINISHED
from lms.demo.roster import CHU_VAN_AN, DAI_SON
from lms.enrolment.queries import assignments_for
from lms.enrolment.services import assign
from lms.people.models import Audience, Person
from lms.player.services.statements import learner_agent, lesson_statement, result
from lms.units.queries import unit_of_code
from tracking.completions.queries import completions

MANDATORY = "nhan-dien-lua-dao"
WEEKS = 3  # between loading and the due date
DAYS = 30  # before loading, in which people learned
BATCH = 250

# How far units are, of 1: the two that the first reports came from, and all others between these.
_SHARES = {CHU_VAN_AN: 1.0, DAI_SON: 0.41}
_LEAST, _MOST = 0.25, 1.15  # above 1: everybody, so that some communes are through

Tell = Callable[[str], None]


def load_learning(runtime: Runtime, tell: Tell) -> None:
    with runtime.database.transaction() as session:
        imported = import_library(session, runtime)
        course = the_course(session, MANDATORY)
        lessons = current_lessons(session, [course.id])[course.id]
        _assign(session, course)
    tell(f"{len(imported)} courses")
    done = 0
    for batch in _batches(runtime):
        with runtime.database.transaction() as session:
            statements = list(_statements(session, batch, course, lessons, runtime.settings.public_url))
            if statements:
                authority = our_authority(runtime.settings.public_url)
                store_statements(session, statements, settings=runtime.settings, authority=authority)
        done += len(batch)
    tell(f"{done} officers have completed “{course.title}”")


def _assign(session: Session, course: Course) -> None:
    city = unit_of_code(session, CITY)
    if any(known.course_id == course.id for known in assignments_for(session, city, Audience.OFFICER)):
        return
    due = local_date(course.created) + timedelta(weeks=WEEKS)
    assign(session, course, city, audience=Audience.OFFICER.value, due=due, actor=None)


def _batches(runtime: Runtime) -> Iterator[Sequence[tuple[UUID, str]]]:
    """Those who are to have completed, as (learner, code)."""
    with runtime.database.snapshot() as session:
        codes = select(Person.code, Person.id).where(Person.code.startswith("CB-")).order_by(Person.code)
        officers = session.execute(codes).all()
    learned = [(person, code) for code, person in officers if _has_learned(code)]
    for start in range(0, len(learned), BATCH):
        yield learned[start : start + BATCH]


def _has_learned(code: str) -> bool:
    """The same for the same code on every machine."""
    unit_code = code.removeprefix("CB-").rpartition("-")[0]
    if code == UNFINISHED:
        return False
    share = _SHARES.get(unit_code, Random(f"share of {unit_code}").uniform(_LEAST, _MOST))
    return Random(f"learning of {code}").random() < share


def _statements(
    session: Session,
    batch: Sequence[tuple[UUID, str]],
    course: Course,
    lessons: Sequence[Lesson],
    home_page: str,
) -> Iterator[dict[str, Any]]:
    """A completion of each lesson by each who has none; the course follows by itself."""
    known = completions(session, [lesson.iri for lesson in lessons], [learner for learner, _ in batch])
    for learner, code in batch:
        random = Random(f"day of {code}")
        at = course.created - timedelta(minutes=random.randint(10, DAYS * 24 * 60))
        for lesson in lessons:
            minutes = random.randint(5, 9)
            at += timedelta(minutes=minutes)
            if (learner, lesson.iri) not in known:
                yield _completed(learner, lesson, at, minutes, home_page)


def _completed(learner: UUID, lesson: Lesson, at: datetime, minutes: int, home_page: str) -> dict[str, Any]:
    return lesson_statement(
        lesson,
        learner_agent(learner, home_page),
        "completed",
        at,
        statement_id=uuid5(learner, f"demo {lesson.iri}"),
        registration=uuid5(learner, f"demo attempt at {lesson.iri}"),
        result=result(
            completion=True, success=None if lesson.mastery_score is None else True, seconds=minutes * 60
        ),
    )
