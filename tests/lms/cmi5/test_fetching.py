"""The key of a session: handed out once, good until the session ends (section 8.2)."""

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from lms.cmi5.models import Launch
from lms.core.clock import utc_now
from lms.xapi.models import SessionCredential
from tests.lms.player.playing import verbs

# What is refused, and said, does not depend on the database; `test_consequences` runs on both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def opened(officer, import_course, open_unit):
    import_course()
    return open_unit(officer)


def test_the_first_request_gets_the_key_as_json_for_any_origin(opened):
    answer = opened.fetch()
    assert answer.status_code == 200  # 8.2.2
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json().keys() == {"auth-token"}
    assert "Set-Cookie" not in answer.headers


def test_a_second_request_is_told_so_with_200(opened):
    opened.fetch()
    answer = opened.fetch()
    assert answer.status_code == 200
    assert answer.get_json()["error-code"] == "1"  # 8.2.3.2, a string
    assert "Open the lesson again" in answer.get_json()["error-text"]


def test_an_address_that_is_none_of_ours_is_a_security_error(opened):
    path = urlsplit(opened.query["fetch"]).path
    answer = opened.client.post(f"{path}x", base_url=opened.base)
    assert (answer.status_code, answer.get_json()["error-code"]) == (200, "2")


def test_a_key_that_names_nothing_is_a_security_error(opened, database):
    with database.transaction() as session:
        session.delete(session.query(Launch).one())
    assert opened.fetch().get_json()["error-code"] == "2"


def test_a_session_whose_time_is_over_gets_none(opened, database):
    with database.transaction() as session:
        session.query(Launch).one().expires = utc_now() - timedelta(seconds=1)
    assert opened.fetch().get_json()["error-code"] == "1"


def test_a_failure_of_ours_is_told_in_its_own_words(opened, monkeypatch):
    def fail(*_given, **_more):
        raise RuntimeError

    monkeypatch.setattr("lms.cmi5.routes.fetching.fetch_token", fail)
    answer = opened.fetch()
    assert (answer.status_code, answer.get_json()["error-code"]) == (200, "3")


def test_it_is_fetched_by_post_alone_and_on_content_origins_alone(opened):
    path = urlsplit(opened.query["fetch"]).path
    assert opened.client.get(path, base_url=opened.base).status_code == 405
    assert opened.client.post(path, base_url="http://localhost:8000").status_code == 404
    before = opened.client.options(path, base_url=opened.base)
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in before.headers["Access-Control-Allow-Headers"]


def test_the_key_is_good_for_this_session_only_and_no_longer(opened, officer, open_unit, database):
    speaker = opened.start()
    speaker.say("initialized", "terminated")
    assert speaker.state("bookmark").status_code == 401
    assert speaker.send(speaker.statement("experienced")).status_code == 401
    with database.snapshot() as session:
        launch = session.get_one(Launch, UUID(speaker.session))
        assert (launch.ending, launch.play.ended is not None) == ("terminated", True)


def ended(opened) -> tuple:
    """A unit whose session is over, what it said on the way, and its last word."""
    speaker = opened.start()
    speaker.say("initialized")
    before, last = speaker.statement("experienced"), speaker.statement("terminated")
    assert speaker.send(before, last).status_code == 200
    return speaker, before, last


def test_the_last_word_may_be_said_again_when_its_answer_was_lost(opened, database):
    speaker, before, last = ended(opened)
    put = {
        "path": f"/xapi/statements?statementId={last['id']}",
        "headers": {"X-Experience-API-Version": "1.0.3", "Authorization": speaker.auth},
        "base_url": speaker.base,
    }
    assert speaker.send(last).status_code == 200
    assert speaker.send(before, last).status_code == 200, "the request as it was"
    assert speaker.client.put(**put, json=last).status_code == 204
    changed = {**last, "result": {"duration": "PT99S"}}
    assert speaker.client.put(**put, json=changed).status_code == 409
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "experienced", "terminated"]


def test_nothing_else_is_let_in_with_it(opened, database):
    speaker, before, last = ended(opened)
    new = speaker.statement("experienced")
    for given in ([before], [new], [last, new], [speaker.statement("terminated")]):
        assert speaker.send(*given).status_code == 401, given  # 9.3.8, also what was taken before
    speaker.auth = speaker.auth[:-6] + "AAAA=="
    assert speaker.send(last).status_code == 401
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "experienced", "terminated"]


def test_it_may_not_be_said_again_for_ever(opened, database):
    speaker, _before, last = ended(opened)
    with database.transaction() as session:
        session.query(SessionCredential).one().expires = utc_now() - timedelta(seconds=1)
    assert speaker.send(last).status_code == 401


def test_a_session_that_was_abandoned_says_nothing_again(opened, officer, open_unit):
    speaker = opened.start()
    first = speaker.statement("initialized")
    assert speaker.send(first).status_code == 200
    open_unit(officer)
    assert speaker.send(first).status_code == 401  # 9.3.6
