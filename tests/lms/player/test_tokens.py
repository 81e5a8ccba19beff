"""The only key on the content origin."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.core.clock import utc_now
from lms.core.errors import Forbidden
from lms.player import tokens
from lms.player.tokens import (
    Expired,
    make_delivery_key,
    make_package_key,
    make_token,
    read_delivery_key,
    read_package_key,
    read_token,
)

SESSION = uuid4()


def test_a_token_opens_its_session_and_no_other():
    token = make_token(SESSION, utc_now() + timedelta(hours=12), "key")
    assert read_token(token, "key") == SESSION


def test_an_old_token_says_that_it_is_old():
    with pytest.raises(Expired):
        read_token(make_token(SESSION, utc_now() - timedelta(seconds=2), "key"), "key")


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "x!", lambda token: "A" + token, lambda _: ""])
def test_a_token_that_was_changed_opens_nothing(change):
    token = make_token(SESSION, utc_now() + timedelta(hours=12), "key")
    with pytest.raises(Forbidden):
        read_token(change(token), "key")


def test_a_token_of_another_installation_opens_nothing():
    token = make_token(SESSION, utc_now() + timedelta(hours=12), "other key")
    with pytest.raises(Forbidden):
        read_token(token, "key")


def test_a_key_for_delivering_opens_nothing_else_and_is_good_for_a_year():
    key = make_delivery_key(SESSION, utc_now() - timedelta(days=365), "key")
    assert read_delivery_key(key, "key") == SESSION
    with pytest.raises(Forbidden):
        read_token(key, "key")
    with pytest.raises(Forbidden):
        read_delivery_key(make_token(SESSION, utc_now() + timedelta(hours=12), "key"), "key")
    with pytest.raises(Expired):
        read_delivery_key(make_delivery_key(SESSION, utc_now() - timedelta(days=367), "key"), "key")


@pytest.mark.parametrize(("seasons", "good"), [(0, True), (1, True), (2, False), (9, False)])
def test_a_packages_key_is_the_same_for_months_and_then_ends(monkeypatch, seasons, good):
    key = make_package_key("ab" * 32, "key")
    assert key == make_package_key("ab" * 32, "key")
    later = tokens._season() + seasons
    monkeypatch.setattr(tokens, "_season", lambda: later)
    if good:
        assert read_package_key(key, "key") == "ab" * 32
        return
    with pytest.raises(Expired):
        read_package_key(key, "key")


def test_what_is_no_packages_key_is_left_to_others():
    assert read_package_key("nonsense", "key") is None
    assert read_package_key(make_package_key("ab" * 32, "other"), "key") is None
