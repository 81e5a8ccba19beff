"""Courses follow their lessons."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lms.core.record import keep, our_authority
from lms.player.models import CourseCompletion
from tests.factories.learning import HOME, tell
from tests.lms.player.playing import COMPLETED, statements, verbs
from tests.profiles.ours import pretended
from tracking.completions.queries import completions_of

COURSE = f"{HOME}/courses/qr"
DAY = datetime(2025, 11, 1, 2, 0, tzinfo=UTC)
LATER = DAY + timedelta(days=3)


def course_completion(database, person):
    with database.snapshot() as session:
        return completions_of(session, person.id).get(COURSE)


def void(database, statement_id: UUID) -> None:
    statement = {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": HOME, "name": "lms"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
    }
    with database.transaction() as session:
        keep(session, pretended([statement]), home_page=HOME, authority=our_authority(HOME))


@pytest.fixture
def learned(database, person, lesson_iris):
    """Tell that a lesson was completed: `learned(0, at)`; the id of the statement."""

    def complete(number: int, at: datetime) -> UUID:
        with database.transaction() as session:
            return tell(session, person, lesson_iris[number], at=at)

    return complete


def test_the_last_lesson_completes_the_course_through_the_player(
    officer, launch, database, person, lesson_iris
):
    launch(officer, "L1").commit(end="finish", **COMPLETED)
    assert course_completion(database, person) is None
    launch(officer, "L2").commit(end="finish", lesson_status="passed", score={"raw": 80})
    done = course_completion(database, person)
    with database.snapshot() as session:
        assert verbs(session, COURSE) == ["completed"]
        (course,) = statements(session, activity=COURSE)
        lesson = completions_of(session, person.id)[lesson_iris[1]]
    assert course["context"]["statement"]["id"] == str(lesson.statement_id)
    assert course["result"] == {"completion": True}
    assert done.completed_at == lesson.completed_at


def test_lessons_from_elsewhere_complete_it_at_the_time_of_the_last(database, person, learned):
    learned(1, LATER)
    assert course_completion(database, person) is None
    learned(0, DAY)
    assert course_completion(database, person).completed_at == LATER


def test_saying_it_again_tells_nothing_new(database, person, learned):
    learned(0, DAY)
    learned(1, DAY)
    learned(1, LATER)
    with database.snapshot() as session:
        assert verbs(session, COURSE) == ["completed"]


def test_an_earlier_completion_that_arrives_late_makes_the_course_earlier(database, person, learned):
    learned(0, DAY)
    learned(1, LATER)
    learned(1, DAY + timedelta(hours=1))
    assert course_completion(database, person).completed_at == DAY + timedelta(hours=1)


@pytest.mark.parametrize("number", [0, 1])
def test_voiding_any_lesson_it_rests_on_takes_it_back(database, person, learned, number):
    made = [learned(0, DAY), learned(1, LATER)]
    void(database, made[number])
    assert course_completion(database, person) is None
    with database.snapshot() as session:
        assert verbs(session, COURSE) == []
        assert [held.voided for held in session.scalars(select(CourseCompletion))] == [True]


def test_voiding_a_lesson_that_was_completed_again_later_makes_the_course_later(database, person, learned):
    learned(0, DAY)
    first = learned(1, DAY)
    learned(1, LATER)
    void(database, first)
    assert course_completion(database, person).completed_at == LATER


def test_it_can_be_completed_again_after_it_was_taken_back(database, person, learned):
    learned(0, DAY)
    void(database, learned(1, DAY))
    learned(1, LATER)
    assert course_completion(database, person).completed_at == LATER


def test_a_statement_about_something_else_changes_nothing(database, person, course):
    with database.transaction() as session:
        tell(session, person, "https://example.org/other")
        assert verbs(session) == ["completed"]


def test_a_guest_completes_nothing_until_somebody_says_who_it_was(visitor, launch, database):
    launch(visitor, "L1").commit(end="finish", **COMPLETED)
    launch(visitor, "L2").commit(end="finish", lesson_status="passed", score={"raw": 80})
    with database.snapshot() as session:
        assert verbs(session, COURSE) == []
        names = {json.dumps(statement["actor"]) for statement in statements(session)}
    assert len(names) == 1
