"""What the record is told of a lesson."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from tincan import Statement

from lms.catalogue.queries import the_course
from lms.catalogue.services import set_demands_passing
from lms.core.vocabulary.iris import PROGRESS, VERSION
from lms.player.rules.snapshot import Score
from lms.player.services.statements import Teller, result
from tests.factories.learning import HOME
from tests.lms.player.playing import statements, verbs
from tracking.completions.queries import completions_of


def told(database, activity=None):
    with database.snapshot() as session:
        return verbs(session, activity)


def objectives(done, total=10):
    return {
        "objectives": {
            str(at): {"id": f"o{at}", "status": "completed" if at < done else "not attempted"}
            for at in range(total)
        }
    }


def test_a_whole_lesson_is_told_in_order(officer, launch, database, person, lesson_iris):
    page = launch(officer, "L2")
    page.commit(lesson_status="incomplete", cmi=objectives(3))
    page.commit(lesson_status="incomplete", cmi=objectives(3))
    page.commit(lesson_status="incomplete", cmi=objectives(6))
    page.commit(
        end="finish", cmi=objectives(10), lesson_status="passed", score={"raw": 90}, session_time="00:00:30"
    )
    second = lesson_iris[1]
    assert told(database, second) == [
        "initialized",
        "progressed",
        "progressed",
        "passed",
        "completed",
        "terminated",
    ]
    with database.snapshot() as session:
        made = statements(session, activity=second)
        assert completions_of(session, person.id).keys() == {second}
    assert [statement["result"]["extensions"][PROGRESS] for statement in made[1:3]] == [30, 60]
    passed = made[3]
    assert passed["actor"]["account"] == {"homePage": HOME, "name": str(person.id)}
    assert passed["result"]["score"] == {"raw": 90, "scaled": 0.9}
    assert passed["result"]["success"] is True
    assert passed["result"]["duration"] == "PT30S"
    assert passed["context"]["registration"] == str(page.attempt)
    assert passed["context"]["contextActivities"]["parent"][0]["id"] == f"{HOME}/courses/qr"
    assert passed["context"]["contextActivities"]["category"] == [{"id": VERSION, "objectType": "Activity"}]
    assert passed["context"]["language"] == "vi"
    times = [datetime.fromisoformat(statement["timestamp"]) for statement in made]
    assert times == sorted(times)


def test_a_failed_check_is_told_and_told_again_only_when_better(officer, launch, database, lesson_iris):
    page = launch(officer, "L2")
    for raw in (40, 30, 60):
        page.commit(lesson_status="failed", score={"raw": raw}, exit="suspend")
    page.commit(end="finish", lesson_status="passed", score={"raw": 85})
    assert told(database, lesson_iris[1]) == [
        "initialized",
        "failed",
        "failed",
        "passed",
        "completed",
        "terminated",
    ]


def test_a_package_that_only_opens_and_closes_has_completed(officer, launch, database, lesson_iris):
    launch(officer).commit(end="finish")
    assert told(database, lesson_iris[0]) == ["initialized", "completed", "terminated"]


def test_a_package_that_was_left_before_it_said_anything_has_not(officer, launch, database, lesson_iris):
    launch(officer).commit(end="leave")
    assert told(database, lesson_iris[0]) == ["initialized", "suspended"]


def test_opening_a_page_alone_tells_nothing(officer, launch, database):
    page = launch(officer)
    page.state()
    page.content()
    assert told(database) == []


def test_a_course_that_demands_passing_does_not_count_a_completion_below_the_mark(
    officer, launch, database, person, lesson_iris
):
    with database.transaction() as session:
        set_demands_passing(session, the_course(session, "qr"), demanded=True, public_url=HOME)
    page = launch(officer, "L2")
    page.commit(lesson_status="completed", score={"raw": 50})
    assert told(database, lesson_iris[1]) == ["initialized"]
    page.commit(end="finish", lesson_status="completed", score={"raw": 50})
    assert told(database, lesson_iris[1]) == ["initialized", "failed", "completed", "terminated"]
    with database.snapshot() as session:
        assert completions_of(session, person.id) == {}


def test_one_that_does_not_demand_it_counts_it(officer, launch, database, person, lesson_iris):
    launch(officer, "L2").commit(end="finish", lesson_status="completed", score={"raw": 50})
    with database.snapshot() as session:
        assert completions_of(session, person.id).keys() == {lesson_iris[1]}


@pytest.mark.parametrize("minutes", [5, 600])
def test_what_happened_without_a_network_has_the_time_when_it_happened(officer, launch, database, minutes):
    page = launch(officer)
    now = 1_700_000_000_000  # the browser's clock is years behind
    page.send(seq=1, at=now - minutes * 60_000, now=now, cmi={"core": {"lesson_status": "completed"}})
    with database.snapshot() as session:
        initialized, completed = statements(session)[:2]
    # Never before the session began, which was just now.
    assert completed["timestamp"] == initialized["timestamp"]


def test_what_is_put_together_is_what_tincan_makes_of_the_whole():
    """Statements of a lesson share what they have in common, and none changes it for the others."""
    course = SimpleNamespace(iri=f"{HOME}/courses/qr", title="Khóa học", description="Về mã QR")
    lesson = SimpleNamespace(
        iri=f"{course.iri}/L1", title="Bài 1", course=course, version=SimpleNamespace(number=2)
    )
    attempt = SimpleNamespace(id=uuid4(), learner=uuid4(), lesson=lesson)
    at, told = datetime(2026, 3, 1, 8, tzinfo=UTC), result(success=True, score=Score(raw=90.0), seconds=75.5)
    teller = Teller(attempt, HOME)
    teller.tell("passed", at, of=attempt.id)["context"]["contextActivities"]["parent"] = []
    made = teller.tell("passed", at, of=attempt.id, number=90, result=told)
    whole = Statement(deepcopy(made))  # it changes what it is given
    assert whole.as_version("1.0.3") == made
    assert list(whole.as_version("1.0.3")) == list(made)
    assert whole.context.context_activities.parent[0].definition.description == {"vi": "Về mã QR"}
    assert whole.context.context_activities.grouping[0].id == f"{course.iri}/versions/2"
    assert (whole.actor.account.name, whole.context.registration) == (str(attempt.learner), attempt.id)
    assert (whole.timestamp, whole.result.duration) == (at, timedelta(seconds=75.5))
