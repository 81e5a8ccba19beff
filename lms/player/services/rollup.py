"""Courses follow their lessons: completed when all are, and no longer when what that rested on has gone.

Where sequencing (SCORM 2004) says that fewer will do, these are enough (`services.sequenced`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from lms.catalogue.queries import CourseOnOffer, courses_with
from lms.core import record
from lms.core.clock import utc_now
from lms.core.events import StatementsStored
from lms.player.models import CourseCompletion
from lms.player.services.sequenced import completed_by_sequencing
from lms.player.services.statements import course_completed, course_withdrawn
from tracking.completions.queries import Completed, completions_of_pairs, looking_up
from tracking.listed import inserted, one_of
from tracking.questions import Question, asked
from tracking.record.mergers import Merger, same_as, who_stands_for
from tracking.rounds import Command, Steps, beside, run, telling

Concerned = tuple[UUID, CourseOnOffer]  # a learner, and a course of which they have completed something

_SAID_COLUMNS = (
    CourseCompletion.learner,
    CourseCompletion.course_id,
    CourseCompletion.completed_at,
    CourseCompletion.voided,
)
_SAID = Question(
    select(*_SAID_COLUMNS, CourseCompletion.learner.label("counted")).where(one_of(CourseCompletion.learner))
)
_SAID_OF_MERGED = Question(
    select(*_SAID_COLUMNS, Merger.standing.label("counted"))
    .join(Merger, Merger.learner == CourseCompletion.learner)
    .where(one_of(Merger.standing), Merger.ended_at.is_(None))
)


def follow_lessons(session: Session, event: StatementsStored) -> None:
    """Handle StatementsStored: make, or void, statements about the courses concerned."""
    came = _by_learner(event.completions)
    went = _by_learner(event.withdrawn)
    statements: list[dict[str, Any]] = []
    for learner in sorted(went):
        lessons = came.get(learner, set()) | went[learner]
        statements += _withdraw(session, learner, lessons, event.home_page)
    completed, written = _complete(session, _touched(came, went), event.home_page)
    statements += completed
    if statements:
        authority = record.our_authority(event.home_page)
        record.keep(
            session,
            statements,
            home_page=event.home_page,
            authority=authority,
            provided=telling(written),
        )


def _by_learner(pairs: Iterable[tuple[UUID, str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for learner, activity in pairs:
        found.setdefault(learner, set()).add(activity)
    return found


def _touched(*changed: Mapping[UUID, set[str]]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    for each in changed:
        for learner, activities in each.items():
            found.setdefault(learner, set()).update(activities)
    return found


def _complete(
    session: Session, touched: Mapping[UUID, set[str]], home_page: str
) -> tuple[list[dict[str, Any]], list[Command]]:
    """The statements that courses are completed, and what is to be written beside them.

    A few readings of the database for all learners, past the ORM: they are part of a lesson's last commit.
    """
    courses = run(session, courses_with(set().union(*touched.values())))
    concerned = [
        (learner, course)
        for learner, activities in sorted(touched.items())
        for course in courses
        if not activities.isdisjoint(course.lessons)
    ]
    if not concerned:
        return [], []
    pairs = {(learner, iri) for learner, course in concerned for iri in course.lessons}
    recorded, made = run(
        session, beside(looking_up(session, pairs), _made({learner for learner, _ in concerned}))
    )
    statements, rows = [], []
    for learner, course in _complete_of(session, concerned, recorded):
        done = [recorded[learner, iri] for iri in course.lessons if (learner, iri) in recorded]
        statement = _say(learner, course, done, made.get((learner, course.id), []), home_page)
        if statement is not None:
            statements.append(statement)
            rows.append(_row(UUID(statement["id"]), learner, course, done))
    return statements, inserted(cast("Table", CourseCompletion.__table__), rows)


def _say(
    learner: UUID, course: CourseOnOffer, done: Sequence[Completed], made: Sequence[Any], home_page: str
) -> dict[str, Any] | None:
    """The statement that the course is completed, unless it was made before."""
    last = _last(done)
    if any(not one.voided and one.completed_at <= last.completed_at for one in made):
        return None
    # Counted, because what was voided cannot be said again under the same id.
    number = sum(one.learner == learner for one in made)
    return course_completed(
        course, learner, last.completed_at, last=last.statement_id, number=number, home_page=home_page
    )


def _last(done: Sequence[Completed]) -> Completed:
    return max(done, key=lambda one: (one.completed_at, one.statement_id))


def _complete_of(
    session: Session, concerned: Sequence[Concerned], done: Collection[tuple[UUID, str]]
) -> list[Concerned]:
    """Those that are complete: all lessons are, or as many as sequencing asks for."""
    complete = [each for each in concerned if all((each[0], iri) in done for iri in each[1].lessons)]
    missing = {(learner, course.id): (learner, course) for learner, course in concerned}
    for learner, course in complete:
        del missing[learner, course.id]
    asked_for = [(learner, course.id, course.lessons) for learner, course in missing.values()]
    enough = completed_by_sequencing(session, asked_for, done)
    return complete + [missing[learner, course_id] for learner, course_id, _ in enough]


def _row(
    statement_id: UUID, learner: UUID, course: CourseOnOffer, done: Sequence[Completed]
) -> dict[str, Any]:
    """That of a `CourseCompletion`."""
    return {
        "statement_id": statement_id,
        "learner": learner,
        "course_id": course.id,
        "iri": course.iri,
        "completed_at": _last(done).completed_at,
        "rests_on": {one.activity: str(one.statement_id) for one in done},
        "voided": False,
    }


def _made(learners: Collection[UUID]) -> Steps[dict[tuple[UUID, int], list[Any]]]:
    """What was said of the learners and of those for whom they stand, by the former and the course's id."""
    own, merged = yield from beside(asked(_SAID, sorted(learners)), asked(_SAID_OF_MERGED, sorted(learners)))
    found: dict[tuple[UUID, int], list[Any]] = {}
    for one in (*own, *merged):
        found.setdefault((one.counted, one.course_id), []).append(one)
    return found


def _withdraw(session: Session, learner: UUID, lessons: set[str], home_page: str) -> list[dict[str, Any]]:
    """Void what rested on lessons that are not completed any more, or only since later."""
    statements = []
    for held in _held(session, learner):
        if held.rests_on.keys() & lessons and not _stands(session, held):
            held.voided = True
            statements.append(course_withdrawn(held.statement_id, utc_now(), home_page))
    session.flush()
    return statements


def _stands(session: Session, held: CourseCompletion) -> bool:
    learner = who_stands_for(session, held.learner)
    recorded = completions_of_pairs(session, [(learner, iri) for iri in held.rests_on])
    found = [recorded.get((learner, iri)) for iri in held.rests_on]
    return all(done is not None and done.completed_at <= held.completed_at for done in found)


def _held(session: Session, learner: UUID) -> Sequence[CourseCompletion]:
    """Our standing statements about the learner's courses, under all records of theirs."""
    wanted = select(CourseCompletion).where(
        CourseCompletion.learner.in_(same_as(session, learner)), CourseCompletion.voided.is_(False)
    )
    return session.scalars(wanted).all()
