"""What was tried before signing in."""

import pytest
from sqlalchemy import select

from lms.player.models import Attempt
from tests.lms.conftest import CONTENT, PASSWORD
from tests.lms.player.playing import COMPLETED
from tracking.completions.queries import completions_of


def sign_in(client):
    return client.post("/sign-in", data={"username": "officer", "password": PASSWORD, "next": "/lessons"})


@pytest.fixture
def tried(visitor, person, launch):
    """A guest who has completed the first lesson and then signs in."""
    page = launch(visitor)
    page.commit(end="finish", **COMPLETED)
    answer = sign_in(visitor)
    assert answer.headers["Location"] == "/tried?next=/lessons"
    return visitor


def learners(database):
    with database.snapshot() as session:
        return {(at.learner, at.is_guest) for at in session.scalars(select(Attempt)).unique()}


def test_the_person_is_asked_and_shown_what_was_tried(tried):
    page = tried.get("/tried?next=/lessons").get_data(as_text=True)
    assert "Did you just try these lessons?" in page
    assert "Bài một" in page


def test_yes_gives_the_person_attempts_and_completions(tried, database, person, lesson_iris):
    answer = tried.post("/tried", data={"mine": "yes", "next": "/lessons"})
    assert answer.headers["Location"] == "/lessons"
    assert learners(database) == {(person.id, False)}
    with database.snapshot() as session:
        assert completions_of(session, person.id).keys() == {lesson_iris[0]}
    assert tried.get("/tried").status_code == 302


def test_a_whole_course_that_was_tried_is_the_persons_then(visitor, person, launch, database, course):
    launch(visitor, "L1").commit(end="finish", **COMPLETED)
    launch(visitor, "L2").commit(end="finish", lesson_status="passed", score={"raw": 90})
    sign_in(visitor)
    visitor.post("/tried", data={"mine": "yes"})
    with database.snapshot() as session:
        assert course.course.iri in completions_of(session, person.id)


def test_no_leaves_it_nobodys_and_forgets_the_guest(tried, database, person):
    tried.post("/tried", data={"mine": "no"})
    assert [is_guest for _, is_guest in learners(database)] == [True]
    with database.snapshot() as session:
        assert completions_of(session, person.id) == {}
    assert tried.get("/tried").status_code == 302


def test_a_lesson_that_was_opened_but_never_saved_moves_too(visitor, person, launch, database):
    launch(visitor)
    sign_in(visitor)
    visitor.post("/tried", data={"mine": "yes"})
    assert learners(database) == {(person.id, False)}


def test_of_two_open_attempts_the_one_that_is_further_goes_on(visitor, officer, person, launch):
    further = launch(officer)
    done = {"objectives": {"0": {"id": "a", "status": "completed"}, "1": {"id": "b"}}}
    further.commit(lesson_status="incomplete", exit="suspend", cmi=done)
    launch(visitor).commit(lesson_status="incomplete", exit="suspend")
    sign_in(visitor)
    visitor.post("/tried", data={"mine": "yes"})
    assert launch(officer).attempt == further.attempt


def test_the_way_on_leads_nowhere_else(tried):
    answer = tried.post("/tried", data={"mine": "no", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/lessons"


def test_signing_out_leaves_no_guest_behind(visitor, launch, person):
    launch(visitor).commit(lesson_status="incomplete")
    visitor.post("/sign-out")
    assert sign_in(visitor).headers["Location"] == "/lessons"


def test_a_visitor_is_asked_to_sign_in_first(visitor, course):
    assert "/sign-in" in visitor.get("/tried").headers["Location"]


def test_a_guest_makes_room_for_the_next_one(visitor, launch, database):
    page = launch(visitor)
    page.commit(**COMPLETED)
    asked = visitor.get("/courses/qr/lessons/L1").get_data(as_text=True)
    assert "/somebody-else" in asked
    assert "Bài một" in visitor.get("/somebody-else").get_data(as_text=True)
    assert visitor.post("/somebody-else").headers["Location"] == "/lessons"
    assert "Nothing learned yet" in visitor.get("/my-attempts").get_data(as_text=True)
    assert page.client.get(page.address, base_url=CONTENT).status_code != 200, (
        "nor by the history of the browser"
    )
    launch(visitor)
    assert len(learners(database)) == 2


def test_nobody_makes_room_who_is_signed_in_or_has_tried_nothing(visitor, officer, launch, course):
    launch(officer)
    for client in (visitor, officer):
        assert client.get("/somebody-else").headers["Location"] == "/lessons"
        assert client.post("/somebody-else").headers["Location"] == "/lessons"
    assert "Begun" in officer.get("/my-attempts").get_data(as_text=True)
    assert "/somebody-else" not in officer.get("/courses/qr").get_data(as_text=True)
