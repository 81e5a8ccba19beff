"""A unit that wants more than it may: other learners, other registrations, launch data, profiles, voiding."""

import json
from uuid import uuid4

import pytest

from lms.core.vocabulary import iris
from tests.lms.player.playing import verbs

# What is refused, and said, does not depend on the database; `test_consequences` runs on both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

STRANGER = {"objectType": "Agent", "account": {"homePage": "http://localhost:8000", "name": str(uuid4())}}


@pytest.fixture
def begun(speaker):
    speaker.say("initialized")
    return speaker


def test_nothing_is_taken_without_the_key(begun):
    said = begun.statement("experienced")
    for auth in ("", "Basic Y2F0OmRvZw=="):
        begun.auth = auth
        assert begun.send(said).status_code == 401  # 8.1, fetch


def bad_ones(speaker):
    """Statements that are valid xAPI, and not this session's to send."""
    without_id = speaker.statement("passed")
    without_id.pop("id")  # 9.1
    yield without_id
    yield speaker.statement("passed", actor=STRANGER)
    yield speaker.statement("passed", actor={**speaker.actor, "objectType": "Group"})  # 9.2
    elsewhere = speaker.statement("passed")
    elsewhere["context"]["registration"] = str(uuid4())  # 9.6.1
    yield elsewhere


def test_a_batch_with_one_bad_statement_is_refused_whole(begun, database):
    for bad in bad_ones(begun):
        answer = begun.send(begun.statement("completed"), bad)
        assert answer.status_code == 403, bad
        assert answer.get_json()["error"]
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized"]
    begun.say("completed")  # and nothing was remembered of them


def test_a_unit_cannot_void(begun, database):
    said = begun.statement("experienced")
    begun.send(said)
    voiding = begun.statement("voided", object={"objectType": "StatementRef", "id": said["id"]})
    assert begun.send(voiding).status_code == 403  # 6.3
    with database.snapshot() as session:
        assert verbs(session)[-1] == "experienced"


def test_a_unit_cannot_satisfy_the_course(begun, import_course):
    course = "http://localhost:8000/courses/cours"
    for verb in ("satisfied", "completed"):
        said = begun.statement("experienced", object={"id": course})
        said["verb"]["id"] = iris.SATISFIED if verb == "satisfied" else iris.COMPLETED
        assert begun.send(said).status_code == 403


def test_launch_data_are_for_reading(begun):
    before = begun.state("LMS.LaunchData").get_json()
    for method in ("PUT", "POST", "DELETE"):
        answer = begun.state("LMS.LaunchData", method, json={"masteryScore": 0.1})
        assert answer.status_code == 403, method  # 10
    assert begun.state("LMS.LaunchData").get_json() == before


def test_all_states_at_once_are_not_removed(begun):
    assert begun.state(None, "DELETE").status_code == 403
    assert begun.state("LMS.LaunchData").status_code == 200


def test_states_of_others_are_out_of_reach(begun):
    mine = {
        "activityId": begun.activity,
        "agent": json.dumps(begun.actor),
        "registration": begun.registration,
    }
    for name, value in (
        ("agent", json.dumps(STRANGER)),
        ("registration", str(uuid4())),
        ("activityId", "http://localhost:8000/courses/other/lessons/one"),
    ):
        asked = mine | {name: value, "stateId": "x"}
        for method in ("GET", "PUT", "DELETE"):
            assert begun.ask("activities/state", method, asked, json={"a": 1}).status_code == 403


GOOD = {"languagePreference": "vi-VN,en-US,fr", "audioPreference": "off"}


NO_PREFERENCES = [
    (GOOD, "text/plain"),
    ("just some text", "text/plain"),
    (["vi"], "application/json"),
    ({"audioPreference": "on"}, "application/json"),
    ({"languagePreference": "vi"}, "application/json"),
    (GOOD | {"languagePreference": "not comma separated"}, "application/json"),
    (GOOD | {"languagePreference": ""}, "application/json"),
    (GOOD | {"audioPreference": "loud"}, "application/json"),
]


def test_what_are_no_preferences_is_forbidden(begun):
    etag = begun.preferences().headers["ETag"]
    for body, kind in NO_PREFERENCES:
        given = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": kind, "If-Match": etag}
        assert begun.preferences("PUT", data=given, headers=headers).status_code == 403, body  # 11


def test_preferences_may_be_changed_as_the_specification_wants_them(begun):
    etag = begun.preferences().headers["ETag"]
    assert begun.preferences("PUT", json=GOOD, headers={"If-Match": etag}).status_code == 204
    assert begun.preferences().get_json() == GOOD


def test_other_profiles_are_not_written(begun):
    for asked in (
        {"profileId": "cmi5LearnerPreferences"},  # whose?
        {"profileId": "cmi5LearnerPreferences", "agent": json.dumps(STRANGER)},
        {"profileId": "another", "agent": json.dumps(begun.actor)},
    ):
        assert begun.ask("agents/profile", "PUT", asked, json=GOOD).status_code == 403
    assert begun.preferences("DELETE").status_code == 403
    asked = {"profileId": "x", "activityId": begun.activity}
    assert begun.ask("activities/profile", "PUT", asked, json=GOOD).status_code == 403


def test_an_old_key_is_good_for_nothing_in_a_new_session(begun, officer, open_unit):
    open_unit(officer)
    assert begun.send(begun.statement("experienced")).status_code == 401  # 9.3.6
    assert begun.state("x").status_code == 401


def test_a_key_tells_nothing_of_another_session(begun, officer, open_unit):
    old = begun.session
    again = open_unit(officer).start()
    again.say("initialized")
    said = again.statement("experienced")
    said["context"]["extensions"][iris.SESSION_ID] = old
    assert again.send(said).status_code == 403


def test_what_is_sent_twice_is_taken_once(begun, database):
    said = begun.statement("completed")
    assert begun.send(said).status_code == 200
    assert begun.send(said).status_code == 200, "its answer may have been lost"
    changed = {**said, "result": {**said["result"], "duration": "PT99S"}}
    assert begun.send(changed).status_code == 409
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "completed"]


def test_a_statement_before_the_preferences_were_read_is_refused(officer, import_course, open_unit):
    import_course()
    speaker = open_unit(officer)
    speaker.auth = f"Basic {speaker.fetch().get_json()['auth-token']}"
    speaker.data = speaker.state("LMS.LaunchData").get_json()
    assert speaker.send(speaker.statement("initialized")).status_code == 403  # 11
    speaker.preferences()
    speaker.say("initialized")
