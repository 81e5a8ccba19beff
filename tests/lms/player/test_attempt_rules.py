"""How often a lesson may be attempted, what opening it after completion is, and what must be done before."""

import pytest
from sqlalchemy import func, select

from courses.packaging import BuildItem
from lms.catalogue.models import Status
from lms.player.models import Attempt
from tests.factories.courses import import_package, package
from tests.lms.conftest import CONTENT
from tests.lms.player.playing import COMPLETED, verbs
from tracking.record.models import Statement

FAILED = {"lesson_status": "failed", "score": {"raw": 10}}


def attempts(database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(Attempt))


def test_when_all_attempts_are_used_the_learner_is_told(officer, launch, rule, database):
    rule(attempt_limit=2)
    for _ in range(2):
        assert "attempts" in officer.get("/courses/qr/lessons/L2").get_data(as_text=True).lower()
        launch(officer, "L2").commit(end="finish", **FAILED)
    page = officer.get("/courses/qr/lessons/L2").get_data(as_text=True)
    assert "You have used all attempts" in page
    assert 'action="/learn/qr/L2"' not in page
    answer = officer.post("/learn/qr/L2")
    assert answer.status_code == 400
    assert "You have used all attempts" in answer.get_data(as_text=True)
    assert attempts(database) == 2


@pytest.mark.parametrize("status", [Status.UNPUBLISHED, Status.ARCHIVED])
def test_who_is_in_the_middle_of_a_course_goes_on_to_its_end_though_it_was_taken_off(
    officer, visitor, launch, rule, status
):
    launch(officer).commit(end="finish", **COMPLETED)
    rule(status=status)
    assert 'action="/learn/qr/L2"' in officer.get("/courses/qr").get_data(as_text=True)
    launch(officer, "L2").commit(end="finish", lesson_status="passed", score={"raw": 90})
    assert "you have completed the course" in officer.get("/learn/qr/L2/result").get_data(as_text=True)
    for path in ("/courses/qr", "/courses/qr/lessons/L2"):
        assert visitor.get(path).status_code == 404
    assert visitor.post("/learn/qr/L2").status_code == 404


def test_an_attempt_that_was_begun_goes_on_whatever_the_limit(officer, launch, rule):
    page = launch(officer)
    page.commit(lesson_status="incomplete", exit="suspend")
    rule(attempt_limit=1)
    assert launch(officer).attempt == page.attempt


@pytest.mark.parametrize("rules", [{"after_completion": "review"}, {"attempt_limit": 1}])
def test_looking_again_records_nothing(officer, launch, rule, database, rules):
    page = launch(officer)
    page.commit(end="finish", lesson_location="p9", score={"raw": 70}, **COMPLETED)
    rule(**rules)
    assert "Look at it again" in officer.get("/courses/qr/lessons/L1").get_data(as_text=True)
    again = launch(officer)
    assert again.attempt == page.attempt
    core = again.state()["core"]
    assert (core["lesson_mode"], core["credit"], core["lesson_location"]) == ("review", "no-credit", "p9")
    with database.snapshot() as session:
        before = session.scalar(select(func.count()).select_from(Statement))
    answer = again.commit(end="finish", lesson_status="failed", lesson_location="x", score={"raw": 99})
    assert (answer.status_code, answer.get_json()) == (200, {"answer": "saved"})
    with database.snapshot() as session:
        attempt = session.get_one(Attempt, page.attempt)
        assert session.scalar(select(func.count()).select_from(Statement)) == before
    assert (attempt.score_raw, attempt.state["core"]["lesson_location"]) == (70, "p9")
    assert attempts(database) == 1


def test_without_rules_a_completed_lesson_is_attempted_anew_and_the_best_is_shown(officer, launch, database):
    launch(officer, "L2").commit(end="finish", lesson_status="passed", score={"raw": 90})
    launch(officer, "L2").commit(end="finish", lesson_status="failed", score={"raw": 20})
    assert attempts(database) == 2
    assert "90" in officer.get("/learn/qr/L2/result").get_data(as_text=True)


@pytest.mark.parametrize(("language", "words"), [("en", "Save and leave"), ("vi", "Lưu và thoát")])
def test_the_page_speaks_the_language_in_which_the_lesson_was_opened(app, officer, course, language, words):
    officer.set_cookie("language", language)
    address = officer.post("/learn/qr/L1").headers["Location"].removeprefix(CONTENT)
    page = app.test_client().get(address, base_url=CONTENT).get_data(as_text=True)  # which has no cookie
    assert words in page
    assert f'<html lang="{language}"' in page


def test_prerequisites_of_scorm_12_open_lessons_in_their_order(
    app, officer, launch, database, runtime, tmp_path
):
    lessons = (
        BuildItem(identifier="L1", title="Bài một", href="a.html"),
        BuildItem(identifier="L2", title="Bài hai", href="b.html"),
    )
    content = package(lessons=lessons)
    with database.transaction() as session:
        imported = import_package(session, runtime.files, tmp_path, content, slug="tt")
        imported.version.lessons[1].prerequisites = "L1"
    page = officer.get("/courses/tt/lessons/L2").get_data(as_text=True)
    assert "First complete: Bài một." in page
    answer = officer.post("/learn/tt/L2")
    assert answer.status_code == 400
    first = launch(officer, "L1", "tt")
    go = first.config["commit"].replace("/commit", "/go")
    held = first.client.post(go, data={"lesson": "L2"}, base_url=CONTENT)
    assert held.headers["Location"].endswith("/courses/tt/lessons/L2")
    first.commit(end="finish", **COMPLETED)
    launch(officer, "L2", "tt").commit(end="finish", **COMPLETED)
    with database.snapshot() as session:
        assert verbs(session, "http://localhost:8000/courses/tt") == ["completed"]
