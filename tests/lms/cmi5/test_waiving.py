"""Letting a learner off a unit (section 9.3.7): by the page, by the command, and what follows."""

import json

import pytest

from lms.cmi5.cli import cmi5 as commands
from lms.cmi5.models import Waiver
from lms.core.audit import AuditEntry
from lms.core.vocabulary import iris
from tests.factories.cmi5 import Speaker, unit
from tests.lms.player.playing import statements, verbs
from tracking.completions.queries import completions_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONE = "https-example-org-cmi5-au-one"
PAGE = "/manage/courses/cours/waivers/"
COURSE = "http://localhost:8000/courses/cours"


@pytest.fixture
def run(runtime):
    """`run("waive", …)` gives the exit code and what was printed, as JSON where it is."""
    from click.testing import CliRunner

    def invoke(*arguments: str):
        ran = CliRunner().invoke(commands, [*arguments, "--json"], obj=runtime)
        return ran.exit_code, json.loads(ran.stdout) if ran.exit_code == 0 else str(ran.exception)

    return invoke


def given(person, **more):
    return {"code": person.code, "lesson": ONE, "reason": "Tested Out", **more}


def test_the_page_asks_once_more_and_then_it_is_done(signed_in, speaker, person, database):
    speaker.say("initialized", "terminated")
    browser = signed_in("administrator")
    asked = browser.post(PAGE, data=given(person))
    assert f"Shall {person.name} not need" in asked.get_data(as_text=True)
    with database.snapshot() as session:
        assert "waived" not in verbs(session)
    assert browser.post(PAGE, data=given(person, sure="yes")).status_code == 302
    page = browser.get(PAGE).get_data(as_text=True)
    assert person.name in page
    assert "Passed a test instead" in page
    with database.snapshot() as session:
        *_before, waived, block, course = statements(session)
        assert {person.id} == {one.learner for one in session.query(Waiver)}
        entry = session.query(AuditEntry).filter_by(act="course:unit:waive").one()
        assert COURSE in completions_of(session, person.id)
    assert (entry.subject, entry.detail["reason"]) == (str(person.id), "Tested Out")
    assert waived["verb"]["id"] == iris.WAIVED
    assert (waived["actor"], waived["object"]["id"]) == (speaker.actor, speaker.activity)
    assert waived["context"]["registration"] == speaker.registration
    assert waived["result"] == {
        "success": True,
        "completion": True,
        "extensions": {iris.WHY_WAIVED: "Tested Out"},  # 9.5.5.2
    }
    categories = {one["id"] for one in waived["context"]["contextActivities"]["category"]}
    assert {iris.CMI5, iris.MOVE_ON_CATEGORY} <= categories  # 9.6.2.2
    session_id = waived["context"]["extensions"][iris.SESSION_ID]
    assert session_id != speaker.session  # 9.3.7: a session of its own
    for one in (block, course):
        assert one["verb"]["id"] == iris.SATISFIED
        assert one["context"]["extensions"][iris.SESSION_ID] == session_id


def test_the_learner_sees_it_as_done_and_may_still_look(speaker, officer, signed_in, person, open_unit):
    signed_in("administrator").post(PAGE, data=given(person, sure="yes"))
    assert "Lesson completed" in officer.get(f"/learn/cours/{ONE}/result").get_data(as_text=True)
    assert open_unit(officer).start().data["launchMode"] == "Review"


def test_what_is_done_cannot_be_waived_nor_twice(speaker, signed_in, person):
    browser = signed_in("administrator")
    assert browser.post(PAGE, data=given(person, sure="yes")).status_code == 302
    again = browser.post(PAGE, data=given(person, sure="yes"))
    assert again.status_code == 400
    assert "done already" in again.get_data(as_text=True)


def test_somebody_who_is_not_there_is_named_beside_the_field(signed_in, import_course):
    import_course()
    page = signed_in("administrator").post(
        PAGE, data={"code": "XYZ", "lesson": ONE, "reason": "Administrative"}
    )
    assert page.status_code == 200
    assert "XYZ" in page.get_data(as_text=True)


def test_only_administrators_may_and_only_in_cmi5_courses(signed_in, import_course):
    import_course()
    assert signed_in("manager").get(PAGE).status_code == 403
    assert signed_in("administrator").get(PAGE).status_code == 200
    assert signed_in("administrator").get("/manage/courses/none/waivers/").status_code == 404


def test_the_commands_open_abandon_and_waive(run, import_course, person, app, database):
    import_course(unit("one", moveOn="Completed") + unit("two", moveOn="Completed"))
    code, opened = run("launch", "cours", "--person", person.code, "--unit", "1")
    assert (code, opened["mode"]) == (0, "Normal")
    speaker = Speaker(app.test_client(), opened["url"]).start()
    assert (speaker.session, speaker.registration) == (opened["session"], opened["registration"])
    assert "returnURL" not in speaker.data
    speaker.say("initialized")
    assert run("abandon", opened["session"])[0] == 0
    assert speaker.send(speaker.statement("experienced")).status_code == 401
    assert "ended already" in run("abandon", opened["session"])[1]
    again = ("--registration", opened["registration"])
    assert run("waive", "cours", *again, "--unit", "0", "--reason", "Administrative")[0] == 0
    code, reviewed = run("launch", "cours", *again, "--unit", "1", "--mode", "Browse")
    assert (reviewed["mode"], reviewed["registration"]) == ("Browse", opened["registration"])
    assert run("launch", "cours", *again, "--unit", "0")[1]["mode"] == "Review"
    with database.snapshot() as session:
        assert "satisfied" not in verbs(session), "one unit is left"
    for wrong in (("--unit", "2", *again), (), ("--person", "XYZ")):
        assert run("launch", "cours", *wrong)[0] == 1
