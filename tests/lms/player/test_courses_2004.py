"""Courses of SCORM 2004 on the server: results, where a learner is, and which page's word counts."""

import pytest
from sqlalchemy import select

from lms.player.models import Attempt, CourseRun
from lms.player.services.guests import adopt
from tests.factories.courses import import_package
from tests.factories.scorm2004 import in_order, item, package_2004, sequencing, single, telling
from tests.lms.conftest import CONTENT
from tests.lms.player.playing import launch as launch_in
from tests.lms.player.playing import open_page, verbs
from tests.lms.player.test_rolling import rollup
from tracking.completions.queries import completions_of

PASSED = {"completion_status": "completed", "success_status": "passed", "score": {"scaled": "0.9"}}


@pytest.fixture
def add(database, runtime, tmp_path):
    def added(content: bytes, slug: str = "c"):
        with database.transaction() as session:
            return import_package(session, runtime.files, tmp_path, content, slug=slug)

    return added


@pytest.fixture
def play(app, officer, add):
    """`play(content)` imports a package once, and opens a lesson of it."""
    imported = []

    def opened(content: bytes, key: str):
        if not imported:
            imported.append(add(content))
        return launch_in(app, officer, "c", key)

    return opened


def attempt_of(database, page):
    with database.snapshot() as session:
        return session.get_one(Attempt, page.attempt)


def course(page):
    return page.client.get(page.config["state"], base_url=CONTENT).get_json()["course"]


def move(page, lesson, **said):
    address = page.config["commit"].replace("/commit", "/move")
    answer = page.client.post(address, base_url=CONTENT, json={"lesson": lesson, "course": said})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return open_page(page.client, answer.get_json()["address"])


def test_a_lesson_begins_resumes_and_ends_with_the_data_of_2004(play, database):
    page = play(single(), "S1")
    state = page.state()
    assert (state["entry"], state["credit"], state["mode"]) == ("ab-initio", "credit", "normal")
    assert (state["scaled_passing_score"], state["learner_name"]) == ("0.8", "Nguyễn Thị Hoa")
    assert state["objectives"] == [{"id": "goal"}]
    left = {"suspend_data": "3", "exit": "suspend", "session_time": "PT30S", "success_status": "passed"}
    page.send(seq=1, end="finish", cmi={**left, "score": {"scaled": "0.2"}, "scaled_passing_score": "0"})
    again = play(single(), "S1")
    assert again.attempt == page.attempt
    state = again.state()
    assert (state["entry"], state["suspend_data"], state["total_time"]) == ("resume", "3", "PT30S")
    again.send(seq=1, end="finish", cmi={**PASSED, "session_time": "PT20S", "exit": "normal"})
    attempt = attempt_of(database, again)
    assert (attempt.completion, attempt.success, attempt.score_scaled, attempt.seconds) == (
        True,
        True,
        0.9,
        50,
    )
    assert attempt.ended
    with database.snapshot() as session:
        told = verbs(session)
    assert (told.count("passed"), told.count("completed")) == (1, 2)  # the lesson, and the course


def test_where_the_learner_is_goes_on_with_them_and_a_later_page_has_the_say(play, database):
    page = play(in_order(), "B")
    assert course(page)["activity"] == "A"  # the course has an order, and this is its beginning
    said = {"state": "{}", "current": "A", "open": ["A"], "objectives": {"gA": {"satisfiedStatus": True}}}
    page.send(seq=1, end="finish", cmi=PASSED, course=said)
    assert course(play(in_order(), "C"))["activity"] == "A"  # C is not open yet
    following = move(page, "B", **{**said, "current": "B", "open": ["A", "B"]})
    with database.snapshot() as session:
        (run,) = session.scalars(select(CourseRun))
    assert run.current == "A"  # the page that moved had been overtaken
    assert course(following)["objectives"] == said["objectives"]
    following = move(following, "B", **{**said, "current": "B", "open": ["A", "B"]})
    assert (course(following)["activity"], course(following)["state"]) == ("B", "{}")
    answer = page.send(seq=2, cmi={})
    assert (answer.status_code, answer.get_json()["answer"]) == (410, "ended")


def test_a_course_that_is_over_begins_anew_once_all_is_done(play, database):
    page = play(in_order(), "A")
    over = {"state": "{}", "current": "", "over": True}
    page.send(seq=1, end="finish", cmi=PASSED, course=over)
    with database.snapshot() as session:
        assert session.scalars(select(CourseRun.ended)).all() == [None]
    for lesson in "BC":
        page = move(page, lesson, state="{}", current=lesson, open=list("ABC"))
        page.send(seq=1, end="finish", cmi=PASSED, course=over)
    play(in_order(), "A")
    with database.snapshot() as session:
        runs = session.scalars(select(CourseRun).order_by(CourseRun.number)).all()
    assert [(run.number, run.ended is None, run.state) for run in runs] == [(1, False, "{}"), (2, True, "")]


def test_rollup_rules_say_which_lessons_complete_the_course(play, database, person):
    any_one = sequencing(rollup("completed", "any"))
    page = play(package_2004(item("A"), item("B"), after=any_one), "B")
    page.send(seq=1, end="finish", cmi=PASSED)
    with database.snapshot() as session:
        assert "http://localhost:8000/courses/c" in completions_of(session, person.id)


@pytest.mark.parametrize("said", [{"state": 1}, {"open": "A"}, []])
def test_nonsense_about_the_way_is_left_out_and_the_result_counts(play, database, said):
    page = play(in_order(), "A")
    assert page.send(seq=1, cmi=PASSED, course=said).status_code == 200
    assert attempt_of(database, page).completion
    with database.snapshot() as session:
        assert session.scalar(select(CourseRun.state)) == ""


def test_what_a_guest_went_through_goes_on_as_the_persons(
    app, officer, visitor, add, database, settings, person
):
    add(in_order())
    page = launch_in(app, visitor, "c", "A")
    page.send(seq=1, end="finish", cmi=PASSED, course={"state": "{}", "current": "B", "open": ["A", "B"]})
    with database.transaction() as session:
        guest = session.get_one(Attempt, page.attempt).learner
        assert adopt(session, guest, person.id, settings=settings) == 1
    assert course(launch_in(app, officer, "c", "C"))["activity"] == "B"


def test_a_global_objective_is_the_same_in_every_course_that_names_it_unless_the_course_says_no(
    app, officer, visitor, add
):
    add(telling("AI"), "one")
    add(telling("AI"), "two")
    add(telling("digital"), "other")
    add(telling("AI", 'adlseq:objectivesGlobalToSystem="false"'), "apart")
    known = {"satisfiedStatus": True, "satisfiedStatusKnown": True}
    page = launch_in(app, officer, "one", "A")
    assert course(page)["objectives"] == {}
    page.send(seq=1, end="finish", cmi=PASSED, course={"state": "{}", "objectives": {"gAI": known}})
    assert course(launch_in(app, officer, "two", "A"))["objectives"] == {"gAI": known}
    for slug in ("other", "apart"):
        assert course(launch_in(app, officer, slug, "A"))["objectives"] == {}
    assert course(launch_in(app, visitor, "two", "A"))["objectives"] == {}
