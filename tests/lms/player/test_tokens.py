"""The only key on the content origin."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lms.core.clock import utc_now
from lms.core.errors import Forbidden
from lms.player.tokens import Expired, make_token, read_token

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
