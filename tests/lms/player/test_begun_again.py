"""A lesson that has ended and begins again on its page: a session more, and never somebody else's place."""

from uuid import UUID

import pytest
from sqlalchemy import select

from lms.core.clock import utc_now
from lms.player.models import Attempt
from lms.player.waiting import ended_sessions
from tests.lms.player.playing import COMPLETED, launch, verbs
from tests.lms.player.test_preparing import prepared

SUSPENDED = {"exit": "suspend", "lesson_status": "incomplete"}


@pytest.fixture
def page(app, officer, course):
    return launch(app, officer)


@pytest.fixture
def attempt(database, page):
    def found():
        with database.snapshot() as session:
            return session.get_one(Attempt, page.attempt)

    return found


def begun():
    return round(utc_now().timestamp() * 1000)


def again(page, run, seq=1, end=None, **core):
    """A commit of the session that the page began at that moment."""
    return page.send(seq=seq, end=end, run=run, cmi={"core": core})


def test_it_has_a_session_of_its_own_however_often_the_network_repeats(page, attempt, database):
    page.commit(end="finish", session_time="00:00:05", **COMPLETED)
    assert attempt().ended is not None
    run = begun()
    for _ in range(2):
        answer = again(page, run, session_time="00:00:07", lesson_location="4", **COMPLETED)
        assert answer.status_code == 200
    with database.snapshot() as session:
        assert ended_sessions(session, [UUID(page.config["session"])]) == [], "something may still wait"
    again(page, run, seq=2, end="finish", session_time="00:00:08", lesson_location="5", **SUSPENDED)
    assert again(page, run, seq=3, **COMPLETED).status_code == 410
    found = attempt()
    assert (found.completion, found.seconds, found.state["core"]["lesson_location"]) == (True, 13, "5")
    assert found.ended is None, "it wants to be resumed"
    with database.snapshot() as session:
        told = [verb for verb in verbs(session) if verb != "completed"]
    assert told == ["initialized", "terminated", "initialized", "suspended"]


def test_a_page_that_was_opened_since_keeps_the_place(page, attempt, app, officer):
    page.commit(end="finish", lesson_location="1", **SUSPENDED)
    later = launch(app, officer)
    assert later.config["attempt"] == page.config["attempt"]
    run = begun()
    answer = again(page, run, lesson_location="9", lesson_status="completed")
    assert answer.status_code == 409
    assert later.commit(lesson_location="2").status_code == 200
    found = attempt()
    assert (found.completion, found.state["core"]["lesson_location"]) == (True, "2")


def test_an_attempt_that_was_followed_by_another_stays_over(page, attempt, app, officer):
    page.commit(end="finish", **COMPLETED)
    other = launch(app, officer)
    assert other.config["attempt"] != page.config["attempt"]
    assert again(page, begun(), end="finish", **SUSPENDED).status_code == 200
    assert attempt().ended is not None


def test_on_a_page_that_a_device_keeps_it_is_the_same_attempt(app, officer, course, database):
    page = prepared(app, officer)
    opened = begun() - 50_000
    assert page.send(seq=1, run=opened, end="finish", cmi={"core": COMPLETED}).status_code == 200
    for seq, end in ((1, None), (2, "finish")):
        answer = page.send(seq=seq, run=opened + 20_000, page=opened, end=end, cmi={"core": SUSPENDED})
        assert answer.status_code == 200
    with database.snapshot() as session:
        (found,) = session.scalars(select(Attempt)).unique()
        assert (found.completion, found.ended) == (True, None)
        assert [one.number for one in found.sessions] == [-1, 1, 2]
