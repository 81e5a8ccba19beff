"""The front page, for everybody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import Account
from lms.accounts.services import add_account
from lms.core.clock import today
from lms.core.database import Database
from lms.enrolment.services import assign
from tests.factories.learning import Learner, make_course, make_person, tell
from tests.lms.conftest import PASSWORD, Cast, browser

Enter = Callable[[str], FlaskClient]


def _main(client: FlaskClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return " ".join(page[page.index("<main") : page.index("</main")].split())


def _enter(app: Flask, database: Database, learner: Learner) -> FlaskClient:
    """The browser of a person of the roster, signed in."""
    with database.transaction() as session:
        made: Account = add_account(
            session, username="thao", password=PASSWORD, name=learner.name, person=learner.id
        )
        assert made.person == learner.id
    client = browser(app)
    client.post("/sign-in", data={"username": "thao", "password": PASSWORD})
    return client


@pytest.fixture
def lessons(database: Database, cast: Cast):
    """Two courses for citizens, one for officers."""
    with database.transaction() as session:
        return [
            make_course(session, "phone", "Làm chủ điện thoại", audience="citizen", topic=1),
            make_course(session, "qr", "Quét mã QR an toàn", audience=None, topic=2),
            make_course(session, "work", "AI trong công vụ", audience="officer", topic=4),
        ]


def test_a_guest_is_invited_to_try_a_lesson_with_one_button(visitor: FlaskClient, lessons):
    page = _main(visitor)
    assert page.count("<button") == 1
    assert "Try a lesson now" in page
    assert 'action="/learn/phone/item-0"' in page
    assert page.index("Try a lesson now") < page.index("Digital awareness") < page.index("Quét mã QR an toàn")
    assert "6 minutes" in page
    assert "AI trong công vụ" not in page


def test_without_lessons_the_page_says_what_to_expect(visitor: FlaskClient, cast: Cast):
    page = _main(visitor)
    assert "No lessons yet" in page
    assert "<button" not in page


def test_a_guest_who_began_goes_on_where_they_were(visitor: FlaskClient, lessons):
    visitor.post("/learn/qr/item-0")
    page = _main(visitor)
    assert "Go on where you were" in page
    assert 'action="/learn/qr/item-0"' in page


def test_a_citizen_goes_on_with_what_is_not_done(app: Flask, database: Database, cast: Cast, lessons):
    with database.transaction() as session:
        person = make_person(session, cast.village, "Nguyễn Thị Thảo", audience="citizen")
        tell(session, person, f"{lessons[0].iri}/lessons/item-0")
    page = _main(_enter(app, database, person))
    assert "Hello, Nguyễn Thị Thảo" in page
    assert "Your next lesson: “Quét mã QR an toàn”." in page
    assert "Completed" in page


def test_an_officer_sees_the_mandatory_course_first_with_days_in_words_and_one_button(
    app: Flask, database: Database, cast: Cast, lessons
):
    with database.transaction() as session:
        person = make_person(session, cast.commune)
        due = today() + timedelta(days=3)
        assign(session, lessons[2], cast.commune, audience="officer", due=due, actor=None)
    page = _main(_enter(app, database, person))
    assert page.index("What I must complete") < page.index("AI trong công vụ") < page.index("3 days left")
    assert page.index("3 days left") < page.index("Other lessons") < page.index("Quét mã QR an toàn")
    assert page.count("<button") == 1
    assert "Not started" in page
    assert page.count("AI trong công vụ</a>") == 1


def test_a_late_course_says_by_how_much_and_a_completed_one_when(
    app: Flask, database: Database, cast: Cast, lessons
):
    with database.transaction() as session:
        person = make_person(session, cast.commune)
        late = today() - timedelta(days=2)
        for course in lessons[1:]:
            assign(session, course, cast.commune, audience="officer", due=late, actor=None)
        tell(session, person, lessons[2].iri)
    page = _main(_enter(app, database, person))
    assert page.index("2 days late") < page.index("Completed on 01/11/2025")


def test_a_mandatory_course_that_is_learned_elsewhere_says_so(
    app: Flask, database: Database, cast: Cast, lessons
):
    with database.transaction() as session:
        elsewhere = make_course(session, "one-touch", "Khóa One Touch", lessons=0)
        person = make_person(session, cast.commune)
        assign(session, elsewhere, cast.city, audience="officer", due=today(), actor=None)
    page = _main(_enter(app, database, person))
    assert "This course is learned on another platform." in page
    assert "Today is the last day" in page


def test_a_manager_sees_the_number_first_and_is_led_to_who_is_missing(
    signed_in: Enter, database: Database, cast: Cast, lessons
):
    with database.transaction() as session:
        make_person(session, cast.commune)
        tell(session, make_person(session, cast.commune), lessons[2].iri)
        assign(session, lessons[2], cast.city, audience="officer", due=today(), actor=None)
    page = _main(signed_in("manager"))
    assert page.index("1/2") < page.index("50%") < page.index("See who is missing: 1 person")
    assert "/rates?unit=10549&amp;course=work&amp;audience=officer#missing" in page
    assert "/rates/explain?unit=10549" in page
    assert "Today is the last day" in page


def test_a_manager_of_another_unit_sees_their_own_number(
    signed_in: Enter, database: Database, cast: Cast, lessons
):
    with database.transaction() as session:
        make_person(session, cast.commune)
    page = _main(signed_in("outsider"))
    assert "Phường Ái Quốc" in page
    assert "0/0" in page
    assert "Phường Chu Văn An" not in page


def test_whoever_only_learns_sees_no_number(signed_in: Enter, lessons):
    assert "app-headline" not in _main(signed_in("learner"))
