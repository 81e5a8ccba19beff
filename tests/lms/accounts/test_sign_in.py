"""Signing in and out."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts.models import Account
from lms.core.audit import Act, AuditEntry
from lms.core.database import Database
from lms.core.web.security import limiter
from tests.lms.conftest import PASSWORD, Cast, browser

Enter = Callable[[str], FlaskClient]


def test_the_right_password_opens_a_session(signed_in: Enter):
    page = signed_in("manager").get("/account")
    assert page.status_code == 200
    assert "Phường Chu Văn An" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("username", "password"), [("manager", "wrong password"), ("nobody", PASSWORD), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_plain_answer(
    visitor: FlaskClient, cast: Cast, username: str, password: str
):
    answer = visitor.post("/sign-in", data={"username": username, "password": password})
    text = answer.get_data(as_text=True)
    if username:
        assert answer.status_code == 401
        assert "The user name or the password is not right" in text
    else:
        assert "Type your user name." in text
    assert visitor.get("/account").status_code == 302


def test_a_user_name_is_found_whatever_its_capitals(visitor: FlaskClient, cast: Cast):
    answer = visitor.post("/sign-in", data={"username": " Manager ", "password": PASSWORD})
    assert answer.status_code == 302


def test_after_signing_in_one_is_where_one_wanted_to_be(visitor: FlaskClient, cast: Cast):
    assert visitor.get("/account").headers["Location"].endswith("/sign-in?next=%2Faccount")
    answer = visitor.post("/sign-in", data={"username": "manager", "password": PASSWORD, "next": "/account"})
    assert answer.headers["Location"] == "/account"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_the_way_back_never_leads_to_another_site(visitor: FlaskClient, cast: Cast, target: str):
    answer = visitor.post("/sign-in", data={"username": "manager", "password": PASSWORD, "next": target})
    assert answer.headers["Location"] == "/"


def test_signing_out_ends_the_session(signed_in: Enter):
    client = signed_in("manager")
    client.post("/sign-out")
    assert client.get("/account").status_code == 302


def test_an_account_that_was_closed_is_shut_out_at_once(signed_in: Enter, database: Database, cast: Cast):
    client = signed_in("manager")
    with database.transaction() as session:
        session.get_one(Account, cast.manager.id).active = False
    assert client.get("/account").status_code == 302
    assert client.post("/sign-in", data={"username": "manager", "password": PASSWORD}).status_code == 401


def test_who_guesses_too_often_must_wait(app: Flask, cast: Cast):
    limiter.enabled = True
    limiter.reset()
    client = browser(app)
    answers = [
        client.post("/sign-in", data={"username": "manager", "password": f"guess {number}"}).status_code
        for number in range(11)
    ]
    assert answers == [401] * 10 + [429]
    refused = client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers


def test_both_success_and_failure_are_logged_without_the_name_that_was_typed(
    signed_in: Enter, database: Database, visitor: FlaskClient
):
    signed_in("manager")
    visitor.post("/sign-in", data={"username": "Nguyễn Văn A", "password": "x"})
    with database.snapshot() as session:
        entries = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    acts = [entry.act for entry in entries]
    assert Act.SIGNED_IN in acts
    assert acts[-1] == Act.SIGN_IN_FAILED
    assert entries[-1].subject is None


def test_the_session_cookie_is_out_of_reach_of_scripts(visitor: FlaskClient, cast: Cast):
    answer = visitor.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    cookie = next(
        value for name, value in answer.headers if name == "Set-Cookie" and value.startswith("lms=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
