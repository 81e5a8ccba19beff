"""Help and privacy, which everybody may read."""

from flask.testing import FlaskClient

from tests.lms.conftest import Cast


def test_help_says_how_to_get_a_code_and_whom_to_ask(visitor: FlaskClient, cast: Cast):
    answer = visitor.get("/help")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in ("slip of paper with a code", "/first-sign-in", "community digital team", "OTP"):
        assert words in page


def test_privacy_says_what_is_kept_who_sees_it_and_what_one_may_ask(visitor: FlaskClient, cast: Cast):
    answer = visitor.get("/privacy")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for words in ("What is recorded", "Who can see it", "Your rights", "91/2025/QH15", "356/2025"):
        assert words in page
