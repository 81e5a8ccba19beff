"""The first sign-in with a code from a slip of paper."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import services
from lms.accounts.models import SignInCode
from lms.core.clock import utc_now
from lms.core.database import Database
from lms.core.errors import Conflict

PERSON = uuid4()


@pytest.fixture
def code(database: Database) -> str:
    with database.transaction() as session:
        return issue(session)


def issue(session):
    return services.issue_code(
        session,
        person=PERSON,
        name="Trần Thị Bưởi",
        suggestion="CVA-017",
        secret_key="a test's key",
        actor=None,
    )


def choose(visitor: FlaskClient, code: str, **changes: str):
    data = {"username": "ba-buoi", "password": "hoa phượng đỏ"} | changes
    return visitor.post(f"/first-sign-in/{code}", data=data)


def test_the_code_leads_to_an_account_of_ones_own(visitor: FlaskClient, code: str):
    page = visitor.post("/first-sign-in", data={"code": code}, follow_redirects=True)
    text = page.get_data(as_text=True)
    assert "Hello, Trần Thị Bưởi" in text
    assert "CVA-017" in text
    assert choose(visitor, code).status_code == 302
    assert "ba-buoi" in visitor.get("/account").get_data(as_text=True)


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_the_code_may_be_typed_as_people_type(visitor: FlaskClient, code: str, typed):
    answer = visitor.post("/first-sign-in", data={"code": typed(code)}, follow_redirects=True)
    assert "Hello, Trần Thị Bưởi" in answer.get_data(as_text=True)


def test_a_code_works_once(visitor: FlaskClient, code: str, database: Database):
    choose(visitor, code)
    visitor.post("/sign-out")
    again = choose(visitor, code, username="another")
    assert again.status_code == 404
    assert "used already" in again.get_data(as_text=True)


def test_a_newer_code_ends_the_older_one(visitor: FlaskClient, code: str, database: Database):
    with database.transaction() as session:
        newer = issue(session)
    assert visitor.get(f"/first-sign-in/{code}").status_code == 404
    assert visitor.get(f"/first-sign-in/{newer}").status_code == 200


def test_a_code_expires(visitor: FlaskClient, code: str, database: Database):
    with database.transaction() as session:
        session.scalars(select(SignInCode)).one().expires = utc_now() - timedelta(seconds=1)
    assert visitor.get(f"/first-sign-in/{code}").status_code == 404


def test_a_code_that_was_never_issued_is_refused_in_plain_words(visitor: FlaskClient, code: str):
    answer = visitor.get("/first-sign-in/AAAAA-AAAAA")
    assert answer.status_code == 404
    assert "This code is not valid" in answer.get_data(as_text=True)


def test_a_taken_name_or_a_weak_password_leaves_the_code_as_it_was(visitor: FlaskClient, code: str, cast):
    assert "is taken" in choose(visitor, code, username="manager").get_data(as_text=True)
    assert "at least 8" in choose(visitor, code, password="short").get_data(as_text=True)
    assert "3 to 100 letters" in choose(visitor, code, username="a b").get_data(as_text=True)
    assert choose(visitor, code).status_code == 302


def test_somebody_with_an_account_gets_no_code(visitor: FlaskClient, code: str, database: Database):
    choose(visitor, code)
    with pytest.raises(Conflict), database.transaction() as session:
        issue(session)


def test_the_code_itself_is_kept_nowhere(code: str, database: Database):
    with database.snapshot() as session:
        row = session.scalars(select(SignInCode)).one()
    assert code not in str(vars(row))
    assert code.replace("-", "") not in str(vars(row))
