"""Opening a unit: its address, launch data, and what is told before it runs (sections 8.1, 9.3.1, 10)."""

import json
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from lms.cmi5.models import Launch
from lms.core.vocabulary import iris
from tests.factories.cmi5 import PUBLISHER, unit
from tests.lms.conftest import APP
from tests.lms.player.playing import statements, verbs

# What is refused, and said, does not depend on the database; `test_consequences` runs on both.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

ONE, TWO = "https-example-org-cmi5-au-one", "https-example-org-cmi5-au-two"


def test_the_address_carries_what_the_unit_needs_and_keeps_its_own_query(speaker, learner_id):
    parts = urlsplit(speaker.address)
    query = parse_qs(parts.query)
    assert parts.path.startswith("/content/")
    assert parts.path.endswith("/index.html")
    assert query["paramA"] == ["1"]
    assert query["paramB"] == ["2"]
    assert query["endpoint"] == [f"{parts.scheme}://{parts.netloc}/xapi/"]  # on the package's own origin
    assert query["fetch"][0].startswith(f"{parts.scheme}://{parts.netloc}/")
    assert json.loads(query["actor"][0]) == {
        "objectType": "Agent",
        "account": {"homePage": APP, "name": str(learner_id)},
    }
    UUID(query["registration"][0])
    assert query["activityId"] == [f"{APP}/courses/cours/lessons/{ONE}"]
    assert query["activityId"] != [f"{PUBLISHER}/au/one"]  # 8.1: not the publisher's


def test_a_unit_that_adds_a_slash_of_its_own_to_the_endpoint_is_understood(speaker):
    headers = {"X-Experience-API-Version": "1.0.3", "Authorization": speaker.auth}
    said = speaker.statement("initialized")
    path = f"/xapi//statements?statementId={said['id']}"
    assert speaker.client.put(path, json=said, base_url=speaker.base, headers=headers).status_code == 204


def test_the_unit_itself_is_served_where_it_is_opened(speaker, app):
    parts = urlsplit(speaker.address)
    page = app.test_client().get(
        f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}", buffered=True
    )
    assert page.status_code == 200
    assert b"<title>Unit" in page.data


def test_a_learner_is_told_that_it_needs_a_network(officer, import_course):
    import_course(unit("one") + unit("two"))
    page = officer.get(f"/courses/cours/lessons/{ONE}").get_data(as_text=True)
    assert "This lesson needs a network when it is opened." in page
    assert "Save for learning without a network" not in page


def test_the_launch_data_are_there_before_the_unit_is(speaker):
    assert speaker.data == {
        "contextTemplate": {
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": f"{PUBLISHER}/au/one"}]},
            "extensions": {iris.SESSION_ID: speaker.session},
        },
        "launchMode": "Normal",
        "launchParameters": "plain words",
        "masteryScore": 0.9,
        "moveOn": "CompletedAndPassed",
        "returnURL": f"{APP}/learn/cours/{ONE}/result",
        "entitlementKey": {"courseStructure": "key-1"},
    }


def test_what_the_course_structure_does_not_say_is_left_out(officer, import_course, open_unit):
    import_course(unit())
    data = open_unit(officer).start().data
    assert data.keys() == {"contextTemplate", "launchMode", "moveOn", "returnURL"}
    assert data["moveOn"] == "NotApplicable"  # 13.1.4: unless something is said


def test_the_preferences_are_the_learners_language(speaker):
    assert speaker.preferences().get_json() == {"languagePreference": "en,vi-VN", "audioPreference": "on"}


def test_launched_is_told_first_and_says_how(speaker, database):
    with database.snapshot() as session:
        (launched,) = statements(session)
    context = launched["context"]
    assert launched["verb"]["id"] == iris.LAUNCHED
    assert launched["actor"] == speaker.actor
    assert launched["object"]["id"] == speaker.activity
    assert context["registration"] == speaker.registration
    assert {"id": iris.CMI5} in context["contextActivities"]["category"]  # 9.6.2.1
    assert {"id": f"{PUBLISHER}/au/one"} in context["contextActivities"]["grouping"]  # 9.6.2.3
    url = context["extensions"].pop(iris.LAUNCH_URL)
    assert speaker.address.startswith(url)  # 9.6.3.4
    assert urlsplit(url).query == "paramA=1&paramB=2"
    assert context["extensions"] == {
        iris.SESSION_ID: speaker.session,  # 9.6.3.1
        iris.MASTERY_SCORE: 0.9,  # 9.6.3.2
        iris.LAUNCH_MODE: "Normal",  # 9.6.3.3
        iris.MOVE_ON: "CompletedAndPassed",  # 9.6.3.6
        iris.LAUNCH_PARAMETERS: "plain words",  # 9.6.3.7
    }


def test_a_second_session_is_another_one_of_the_same_registration_and_activity(speaker, officer, open_unit):
    speaker.say("initialized")
    speaker.state("bookmark", "PUT", json={"page": 3})
    speaker.say("terminated")
    again = open_unit(officer).start()
    assert (again.registration, again.activity) == (speaker.registration, speaker.activity)  # 8.1
    assert again.actor == speaker.actor
    assert again.session != speaker.session
    assert again.state("bookmark").get_json() == {"page": 3}


def test_all_units_of_a_course_share_the_registration(officer, import_course, open_unit):
    import_course(unit("one") + unit("two"))
    first, second = open_unit(officer, ONE), open_unit(officer, TWO)
    assert first.registration == second.registration  # 3: an enrolment in a course
    assert first.activity != second.activity


def test_another_learner_has_another_registration(speaker, visitor, open_unit):
    guest = open_unit(visitor)
    assert guest.registration != speaker.registration
    assert guest.actor != speaker.actor


def test_a_unit_on_another_site_is_opened_there_by_a_page_that_goes_on(officer, import_course, database):
    import_course(unit(url="https://units.example.org/a.html?x=1#top"))
    answer = officer.post(f"/learn/cours/{ONE}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0; url=https://units.example.org/a.html?x=1&amp;endpoint=' in page
    with database.snapshot() as session:
        *_satisfied, launched = statements(session)
    assert launched["context"]["extensions"][iris.LAUNCH_URL] == "https://units.example.org/a.html?x=1#top"


def test_a_guest_who_signs_in_keeps_registration_and_place(
    visitor, officer, import_course, open_unit, database, learner_id
):
    import_course()
    tried = open_unit(visitor).start()
    tried.say("initialized")
    tried.state("bookmark", "PUT", json={"page": 3})
    tried.say("terminated")
    visitor.post("/sign-in", data={"username": "officer", "password": "bốn con mèo nhỏ"})
    visitor.post("/tried", data={"mine": "yes"})
    again = open_unit(visitor).start()
    assert again.registration == tried.registration
    assert again.actor == tried.actor, "states lie under it"
    assert again.state("bookmark").get_json() == {"page": 3}
    with database.snapshot() as session:
        launch = session.get_one(Launch, UUID(again.session))
        assert launch.play.attempt.learner == learner_id


def test_a_course_without_a_button_for_strangers_stays_closed(visitor, import_course, database, runtime):
    imported = import_course()
    with database.transaction() as session:
        session.merge(imported.course).status = "unpublished"
    assert visitor.post(f"/learn/cours/{ONE}").status_code == 404
    with database.snapshot() as session:
        assert verbs(session) == []


def test_a_new_version_is_for_those_who_begin_or_had_finished(speaker, officer, import_course, open_unit):
    import_course(unit("one", moveOn="Completed"))  # another package: version 2
    again = open_unit(officer).start()
    assert again.registration == speaker.registration
    assert again.data["moveOn"] == "CompletedAndPassed", "who is in the middle goes on with theirs"
    again.say("initialized", "passed", "completed", "terminated")
    anew = open_unit(officer).start()
    assert anew.registration != speaker.registration
    assert (anew.data["moveOn"], anew.data["launchMode"]) == ("Completed", "Normal")
    assert anew.activity == speaker.activity
