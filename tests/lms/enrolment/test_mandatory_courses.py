"""What a person must complete, and how far they are with it."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from lms.core.database import Database
from lms.core.i18n import using
from lms.enrolment.queries import State, days_in_words, mandatory_courses
from lms.enrolment.services import assign, withdraw
from tests.factories.learning import INITIALIZED, make_course, make_person, tell
from tests.lms.conftest import Cast
from tracking.rates.services import place

TODAY = date(2025, 11, 11)
DUE = date(2025, 11, 14)


def _assigned(session: Session, unit, *, slug="qr", due=DUE, audience="officer"):
    course = make_course(session, slug, slug)
    return assign(session, course, unit, audience=audience, due=due, actor=None)[0]


def test_what_was_assigned_to_a_unit_above_reaches_everybody_below(database: Database, cast: Cast):
    with database.transaction() as session:
        _assigned(session, cast.city)
        person = make_person(session, cast.village)
        (found,) = mandatory_courses(session, person.id, TODAY)
    assert (found.course.slug, found.due, found.days_left, found.state) == ("qr", DUE, 3, State.NOT_STARTED)
    assert not found.late


def test_neither_another_unit_nor_another_audience_must(database: Database, cast: Cast):
    with database.transaction() as session:
        _assigned(session, cast.other, slug="elsewhere")
        _assigned(session, cast.village, slug="below")
        _assigned(session, cast.commune, slug="citizens", audience="citizen")
        person = make_person(session, cast.commune)
        assert mandatory_courses(session, person.id, TODAY) == []


def test_of_two_dates_the_earlier_holds(database: Database, cast: Cast):
    with database.transaction() as session:
        course = _assigned(session, cast.city, due=DUE + timedelta(days=30)).course
        assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        person = make_person(session, cast.commune)
        (found,) = mandatory_courses(session, person.id, TODAY)
    assert found.due == DUE


def test_a_statement_about_a_lesson_means_started(database: Database, cast: Cast):
    with database.transaction() as session:
        course = _assigned(session, cast.commune).course
        person = make_person(session, cast.commune)
        tell(session, person, f"{course.iri}/lessons/item-0", verb=INITIALIZED)
        (found,) = mandatory_courses(session, person.id, TODAY)
    assert found.state == State.IN_PROGRESS


def test_what_is_completed_is_never_late_and_stands_last(database: Database, cast: Cast):
    with database.transaction() as session:
        done = _assigned(session, cast.commune, slug="done", due=TODAY - timedelta(days=9)).course
        _assigned(session, cast.commune, slug="late", due=TODAY - timedelta(days=2))
        person = make_person(session, cast.commune)
        tell(session, person, done.iri, at=datetime(2025, 11, 1, 2, tzinfo=UTC))
        found = mandatory_courses(session, person.id, TODAY)
    assert [(each.course.slug, each.late) for each in found] == [("late", True), ("done", False)]
    assert found[1].completed_on == date(2025, 11, 1)


def test_what_was_withdrawn_must_no_longer_be_done(database: Database, cast: Cast):
    with database.transaction() as session:
        withdraw(session, _assigned(session, cast.commune), actor=None)
        assert mandatory_courses(session, make_person(session, cast.commune).id, TODAY) == []


def test_whoever_moved_must_what_the_new_unit_must(database: Database, cast: Cast):
    with database.transaction() as session:
        _assigned(session, cast.commune, slug="old")
        _assigned(session, cast.other, slug="new")
        person = make_person(session, cast.commune)
        place(session, person.id, cast.other.id, "officer", TODAY)
        (before,) = mandatory_courses(session, person.id, TODAY - timedelta(days=1))
        (after,) = mandatory_courses(session, person.id, TODAY)
    assert (before.course.slug, after.course.slug) == ("old", "new")


def test_nobody_in_particular_must_nothing(database: Database, cast: Cast):
    with database.transaction() as session:
        _assigned(session, cast.city)
        assert mandatory_courses(session, uuid4(), TODAY) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [(3, "3 days left"), (1, "1 day left"), (0, "today is the last day"), (-2, "2 days late")],
)
def test_days_are_told_in_words(days: int, words: str):
    with using("en"):
        assert days_in_words(days) == words
