"""Commits: once, in any order, from any tab, and from those who mean harm."""

import json

import pytest
from sqlalchemy import select

from lms.player.models import Attempt, PlaySession
from lms.player.rules.message import LARGEST
from lms.player.traces import Doubt
from tests.lms.conftest import CONTENT
from tests.lms.player.playing import COMPLETED, statements, verbs


def attempt_of(database, page):
    with database.snapshot() as session:
        return session.get_one(Attempt, page.attempt)


def test_a_commit_is_kept(officer, launch, database):
    page = launch(officer)
    answer = page.commit(lesson_status="incomplete", lesson_location="p2", session_time="00:00:10")
    assert (answer.status_code, answer.get_json()) == (200, {"answer": "saved"})
    attempt = attempt_of(database, page)
    assert attempt.state["core"]["lesson_location"] == "p2"
    assert attempt.seconds == 10


def test_the_same_commit_again_and_an_older_one_change_nothing(officer, launch, database):
    page = launch(officer)
    page.send(seq=3, cmi={"core": {"lesson_location": "p3"}})
    for seq in (3, 2, 1):
        answer = page.send(seq=seq, cmi={"core": {"lesson_location": "old", "lesson_status": "passed"}})
        assert (answer.status_code, answer.get_json()) == (200, {"answer": "known"})
    attempt = attempt_of(database, page)
    assert attempt.state["core"]["lesson_location"] == "p3"
    assert not attempt.completion
    with database.snapshot() as session:
        assert verbs(session) == ["initialized"]


def test_a_beacon_is_understood_too(officer, launch):
    page = launch(officer)
    message = {"session": page.config["session"], "seq": 1, "at": 1, "now": 2, "cmi": {"core": COMPLETED}}
    answer = page.client.post(
        page.config["commit"], base_url=CONTENT, data=json.dumps(message), content_type="text/plain"
    )
    assert answer.status_code == 200


def test_after_the_end_nothing_more_is_taken_but_the_end_itself_is_known(officer, launch, database):
    page = launch(officer)
    page.commit(end="finish", **COMPLETED)
    assert page.send(seq=1, end="finish", cmi={}).status_code == 200
    late = page.commit(lesson_status="failed", lesson_location="late")
    assert (late.status_code, late.get_json()) == (410, {"answer": "ended"})
    assert attempt_of(database, page).state["core"]["lesson_location"] == ""


def test_a_better_result_is_never_lost(officer, launch, database):
    page = launch(officer, "L2")
    page.commit(lesson_status="passed", score={"raw": 90})
    page.commit(lesson_status="failed", score={"raw": 20})
    attempt = attempt_of(database, page)
    assert (attempt.completion, attempt.success, attempt.score_raw) == (True, True, 90)
    assert page.state()["core"]["lesson_status"] == "passed"


def test_times_of_sessions_add_up_and_none_counts_twice(officer, launch, database):
    page = launch(officer)
    for time in ("00:00:10", "00:00:25"):
        page.commit(lesson_status="incomplete", exit="suspend", session_time=time)
    again = launch(officer)
    again.commit(lesson_status="incomplete", session_time="00:00:30")
    assert attempt_of(database, page).seconds == 55


def test_an_impossible_time_is_cut_to_what_can_have_passed(officer, launch, database):
    page = launch(officer)
    page.commit(lesson_status="incomplete", session_time="99:00:00")
    assert attempt_of(database, page).seconds < 120


def test_a_package_that_tells_no_time_gets_the_time_it_was_seen(officer, launch, database):
    page = launch(officer)
    page.send(seq=1, visible=12.5, cmi={"core": {"session_time": "00:00:00"}})
    assert attempt_of(database, page).seconds == 12.5


def test_the_later_tab_wins_the_earlier_is_told_and_its_results_count(officer, launch, database):
    earlier = launch(officer, "L2")
    earlier.commit(lesson_status="incomplete", lesson_location="old")
    later = launch(officer, "L2")
    later.commit(lesson_status="incomplete", lesson_location="new")
    answer = earlier.commit(lesson_status="passed", score={"raw": 95}, lesson_location="old")
    assert (answer.status_code, answer.get_json()) == (409, {"answer": "superseded"})
    attempt = attempt_of(database, later)
    assert attempt.state["core"]["lesson_location"] == "new"
    assert attempt.success


def test_what_waited_in_the_browser_is_taken_through_the_next_page_before_its_state(
    officer, launch, database
):
    earlier = launch(officer)
    earlier.commit(lesson_status="incomplete", lesson_location="p1", exit="suspend")
    later = launch(officer)
    waited = {"core": {"lesson_status": "incomplete", "lesson_location": "p7", "exit": "suspend"}}
    answer = later.send(session=earlier.config["session"], seq=2, end="finish", cmi=waited)
    assert answer.status_code == 200
    assert later.state()["core"]["lesson_location"] == "p7"
    later.commit(lesson_status="incomplete", lesson_location="p8")
    with database.snapshot() as session:
        assert verbs(session) == ["initialized", "suspended", "initialized"]


def test_a_session_that_fell_silent_is_closed_by_the_next_and_may_still_be_heard(officer, launch, database):
    silent = launch(officer)
    silent.commit(lesson_status="incomplete")
    later = launch(officer)
    later.commit(lesson_status="incomplete")
    with database.snapshot() as session:
        assert verbs(session) == ["initialized", "suspended", "initialized"]
    late = {"core": {"lesson_status": "completed"}}
    assert later.send(session=silent.config["session"], seq=2, end="finish", cmi=late).status_code == 200
    with database.snapshot() as session:
        assert verbs(session) == ["initialized", "suspended", "initialized", "completed"]
        assert session.get_one(PlaySession, next(iter(_sessions(session, 1)))).final


def _sessions(session, number):
    return session.scalars(select(PlaySession.id).where(PlaySession.number == number))


def test_one_key_saves_for_its_own_attempt_alone(app, officer, visitor, launch, database):
    mine, other = launch(officer), launch(visitor)
    answer = mine.send(session=other.config["session"], cmi={"core": COMPLETED})
    assert answer.status_code == 403
    assert not attempt_of(database, other).completion


def test_a_learner_cannot_set_what_is_the_servers(officer, launch, database, person):
    page = launch(officer, "L2")
    page.send(
        seq=1,
        end="finish",
        cmi={
            "core": {
                "lesson_status": "passed",
                "score": {"raw": 10},
                "credit": "no-credit",
                "lesson_mode": "review",
                "student_id": "x",
                "total_time": "99:00:00",
            },
            "student_data": {"mastery_score": "1"},
        },
    )
    attempt = attempt_of(database, page)
    assert (attempt.success, attempt.learner) == (False, person.id)
    with database.snapshot() as session:
        told = statements(session)
    assert {statement["actor"]["account"]["name"] for statement in told} == {str(person.id)}
    assert "passed" not in [statement["verb"]["display"]["en"] for statement in told]


@pytest.mark.parametrize(
    "message",
    [
        {"seq": 0},
        {"seq": -1},
        {"seq": 1.5},
        {"seq": True},
        {"seq": "1"},
        {"seq": 10**9},
        {"session": "nonsense"},
        {"session": None},
        {"cmi": [1]},
    ],
)
def test_what_is_nobodys_or_no_data_is_refused_and_changes_nothing(officer, launch, database, message):
    page = launch(officer)
    answer = page.send(**message)
    assert answer.status_code == 400
    assert answer.get_json()["answer"] == "refused"
    with database.snapshot() as session:
        assert verbs(session) == []
    assert attempt_of(database, page).state == {}


def test_what_cannot_be_is_left_out_flagged_and_costs_nothing_else(officer, launch, database):
    page = launch(officer)
    page.send(seq=1, cmi={"core": {"lesson_location": "p1"}, "suspend_data": "so far \u0000"})
    odd = {"lesson_location": "p2", "lesson_status": "completed", "score": {"raw": 1000}}
    parts = {"at": "now", "now": None, "end": "explode", "course": [1]}
    answer = page.send(seq=2, cmi={"core": odd, "suspend_data": "x" * 70_000}, **parts)
    assert (answer.status_code, answer.get_json()) == (200, {"answer": "saved"})
    attempt = attempt_of(database, page)
    assert attempt.completion
    assert attempt.state["core"]["lesson_location"] == "p2"
    assert attempt.state["suspend_data"] == "so far \u0000"  # what was there before
    with database.snapshot() as session:
        found = session.scalars(select(Doubt).where(Doubt.attempt_id == attempt.id)).unique()
        doubts = {doubt.kind: doubt.detail for doubt in found}
    assert doubts["score_out_of_range"]["score"] == 1000
    assert doubts["left_out"] == {
        "elements": {
            "at": "str",
            "end": "str",
            "course": "list",
            "cmi.core.score.raw": "1000",
            "cmi.suspend_data": "(70000)",
        }
    }


def test_a_letter_that_was_cut_in_half_does_not_cost_the_rest(officer, launch, database):
    page = launch(officer)
    page.commit(lesson_location="p2", cmi={"suspend_data": "trang 😀"[:7]})
    half = json.dumps("😀").strip('"')[:6]
    message = {
        "session": page.config["session"],
        "seq": 2,
        "at": 0,
        "now": 0,
        "cmi": {"suspend_data": "HERE"},
    }
    body = json.dumps(message).replace("HERE", f"ế{half}")
    assert page.client.post(page.config["commit"], base_url=CONTENT, data=body.encode()).status_code == 200
    assert attempt_of(database, page).state["suspend_data"] == "ế\ufffd"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"{}"])
def test_a_body_that_is_no_message_is_refused(officer, launch, body):
    page = launch(officer)
    assert page.client.post(page.config["commit"], base_url=CONTENT, data=body).status_code == 400


def test_a_body_that_is_too_large_is_refused_unread(officer, launch):
    page = launch(officer)
    assert (
        page.client.post(page.config["commit"], base_url=CONTENT, data=b"x" * (LARGEST + 1)).status_code
        == 400
    )


def test_a_commit_works_without_any_cookie_or_form_token(app, officer, launch):
    opened = launch(officer)
    app.config["WTF_CSRF_ENABLED"] = True
    assert opened.commit(lesson_status="incomplete").status_code == 200
