"""The pages on which managers assign courses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.clock import today
from lms.core.database import Database
from lms.enrolment.models import Assignment
from lms.enrolment.services import assign
from tests.factories.learning import make_course
from tests.lms.conftest import Cast

Enter = Callable[[str], FlaskClient]


@pytest.fixture
def course(database: Database, cast: Cast):
    with database.transaction() as session:
        return make_course(session)


def _made(database: Database) -> list[Assignment]:
    with database.snapshot() as session:
        return list(session.scalars(select(Assignment)))


def _form(**changes: str) -> dict[str, str]:
    due = f"{today() + timedelta(days=3):%d/%m/%Y}"
    return {"course": "qr", "unit": "10549", "audience": "officer", "due": due} | changes


def _assigned(database: Database, course, unit) -> int:
    with database.transaction() as session:
        due = today() + timedelta(days=3)
        return assign(session, course, unit, audience="officer", due=due, actor=None)[0].id


def test_a_manager_assigns_a_course_and_sees_it_on_the_list(signed_in: Enter, database: Database, course):
    client = signed_in("manager")
    answer = client.post("/assignments/new", data=_form(), follow_redirects=True)
    page = answer.get_data(as_text=True)
    assert "is now mandatory in Phường Chu Văn An" in page
    assert "3 days left" in page
    (made,) = _made(database)
    assert (made.unit.code, made.due) == ("10549", today() + timedelta(days=3))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due": ""}, "Type the last day"),
        ({"due": "soon"}, "is not a date"),
        ({"due": "01/01/2025"}, "This day has passed."),
        ({"course": ""}, "Choose the course."),
        ({"course": "none"}, "Choose a course from the list."),
        ({"audience": "robots"}, "Choose officers or citizens."),
        ({"unit": "10660"}, "Choose a unit from the list."),
        ({"unit": "31"}, "Choose a unit from the list."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_assigned(
    signed_in: Enter, database: Database, course, changes: dict[str, str], sentence: str
):
    page = signed_in("manager").post("/assignments/new", data=_form(**changes)).get_data(as_text=True)
    assert page.count(sentence) >= 2  # in the summary and beside the field
    assert _made(database) == []


def test_withdrawing_asks_first(signed_in: Enter, database: Database, cast: Cast, course):
    made = _assigned(database, course, cast.commune)
    client = signed_in("manager")
    question = client.get(f"/assignments/{made}/withdraw").get_data(as_text=True)
    assert "no longer be mandatory?" in question
    assert _made(database)[0].withdrawn is None
    answer = client.post(f"/assignments/{made}/withdraw", follow_redirects=True).get_data(as_text=True)
    assert "is no longer mandatory" in answer
    assert "Nothing is mandatory in Phường Chu Văn An yet" in answer
    assert _made(database)[0].withdrawn is not None
    assert client.post(f"/assignments/{made}/withdraw").status_code == 409


def test_what_the_city_assigned_is_shown_to_the_commune_but_not_withdrawn_there(
    signed_in: Enter, database: Database, cast: Cast, course
):
    made = _assigned(database, course, cast.city)
    client = signed_in("manager")
    page = client.get("/assignments").get_data(as_text=True)
    assert "Thành phố Hải Phòng" in page
    assert f"/assignments/{made}/withdraw" not in page
    assert client.post(f"/assignments/{made}/withdraw").status_code == 403
    assert f"/assignments/{made}/withdraw" in signed_in("administrator").get("/assignments").get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("administrator", 200), ("outsider", 403), ("reporter", 403), ("learner", 403)],
)
def test_only_those_who_may_assign_in_the_unit_come_in(
    signed_in: Enter, database: Database, cast: Cast, course, who: str, status: int
):
    made = _assigned(database, course, cast.commune)
    client = signed_in(who)
    for address in (
        "/assignments?unit=10549",
        "/assignments/new?unit=10549",
        f"/assignments/{made}/withdraw",
    ):
        assert client.get(address).status_code == status, address
    if status == 403:
        assert client.post(f"/assignments/{made}/withdraw").status_code == 403
        client.post("/assignments/new", data=_form())
        client.post("/assignments/new?unit=10549", data=_form())
        (kept,) = _made(database)
        assert kept.withdrawn is None


def test_signed_out_nobody_comes_in(visitor: FlaskClient, database: Database, cast: Cast, course):
    made = _assigned(database, course, cast.commune)
    for address in ("/assignments", "/assignments/new", f"/assignments/{made}/withdraw"):
        assert "/sign-in" in visitor.get(address).headers["Location"]
        assert visitor.post(address, data=_form()).status_code in (302, 405)
    assert len(_made(database)) == 1


def test_an_assignment_that_is_none_is_not_found(signed_in: Enter, cast: Cast):
    assert signed_in("manager").get("/assignments/999/withdraw").status_code == 404
    assert signed_in("manager").get("/assignments?unit=none").status_code == 404
