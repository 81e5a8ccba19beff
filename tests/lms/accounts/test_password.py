"""Changing the password."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.lms.conftest import PASSWORD, browser

Enter = Callable[[str], FlaskClient]
NEW = "sông biển quê ta"


def change(client: FlaskClient, **changes: str):
    return client.post("/account", data={"old": PASSWORD, "new": NEW, "again": NEW} | changes)


def test_the_new_password_works_and_the_old_one_no_longer(signed_in: Enter, app: Flask):
    assert change(signed_in("manager")).status_code == 302
    client = browser(app)
    assert client.post("/sign-in", data={"username": "manager", "password": PASSWORD}).status_code == 401
    assert client.post("/sign-in", data={"username": "manager", "password": NEW}).status_code == 302


def test_other_devices_are_signed_out_and_this_one_is_not(signed_in: Enter):
    here, elsewhere = signed_in("manager"), signed_in("manager")
    change(here)
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_a_wrong_present_password_changes_nothing(signed_in: Enter):
    answer = change(signed_in("manager"), old="not it at all")
    assert "present password is not right" in answer.get_data(as_text=True)
    signed_in("manager")


def test_two_different_new_passwords_are_refused(signed_in: Enter):
    answer = change(signed_in("manager"), again="sông biển quê người")
    assert "differ" in answer.get_data(as_text=True)


def test_a_short_one_is_refused(signed_in: Enter):
    answer = change(signed_in("manager"), new="ngắn", again="ngắn")
    assert "at least 8 characters" in answer.get_data(as_text=True)
