"""Answers become statements, each once, whatever else is sent."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from courses.authoring import build_scorm12
from lms.player.traces import Answered
from tests.factories.courses import import_package
from tests.factories.scorm2004 import single
from tests.lms.player.playing import Playing, statements
from tests.lms.player.playing import launch as launch_in

RIGHT = {
    "id": "q1",
    "type": "choice",
    "correct_responses": {"0": {"pattern": "a"}},
    "student_response": "a",
    "result": "correct",
    "latency": "00:00:07",
}
ANSWERED = "http://adlnet.gov/expapi/verbs/answered"


def interactions(*entries):
    return {"interactions": {str(place): entry for place, entry in enumerate(entries)}}


def answered(database):
    with database.snapshot() as session:
        return [each for each in statements(session) if each["verb"]["id"] == ANSWERED]


def test_an_answer_is_told_by_the_terms_of_the_scorm_profile(launch, officer, lesson_iris, database):
    page = launch(officer)
    page.commit(lesson_status="incomplete", cmi=interactions(RIGHT))
    (told,) = answered(database)
    assert told["object"]["id"] == f"{lesson_iris[0]}/interactions/q1"
    assert told["object"]["definition"] == {
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "name": {"vi": "q1"},
        "interactionType": "choice",
        "correctResponsesPattern": ["a"],
    }
    assert told["result"] == {"response": "a", "success": True, "duration": "PT7.00S"}
    assert told["context"]["registration"] == str(page.attempt)
    around = told["context"]["contextActivities"]
    assert [each["id"] for each in around["parent"]] == [lesson_iris[0]]
    assert "http://localhost:8000/courses/qr/versions/1" in [each["id"] for each in around["grouping"]]


def test_each_is_told_once_though_every_commit_and_session_repeats_it(launch, officer, database):
    page = launch(officer)
    page.commit(lesson_status="incomplete", cmi=interactions(RIGHT))
    page.commit(lesson_status="incomplete", cmi=interactions(RIGHT), exit="suspend", end="leave")
    again = launch(officer)
    second = {**RIGHT, "student_response": "b", "result": "wrong"}
    again.commit(lesson_status="incomplete", cmi=interactions(RIGHT, second))
    assert [each["result"]["success"] for each in answered(database)] == [True, False]


def test_one_without_a_result_is_told_when_the_session_ends(launch, officer, database):
    page = launch(officer)
    unjudged = {"id": "q1", "type": "likert", "student_response": "4"}
    page.commit(lesson_status="incomplete", cmi=interactions(unjudged))
    assert answered(database) == []
    page.commit(lesson_status="incomplete", cmi=interactions(unjudged), end="leave")
    (told,) = answered(database)
    assert told["result"] == {"response": "4"}


@pytest.mark.parametrize(
    "entry",
    [
        {
            "id": "có dấu và / ? #",
            "type": "choice",
            "student_response": "Đáp án, thứ hai",
            "result": "correct",
        },
        {"id": "", "type": "nonsense", "student_response": "x", "result": "unanticipated", "latency": "-1"},
        {"id": "x" * 5000, "type": "fill-in", "student_response": "Dài quá. " * 2000, "objectives": "none"},
        {"id": "n", "type": "numeric", "student_response": "1e3", "result": "12.5", "time": "99:99:99"},
    ],
)
def test_an_odd_answer_costs_no_commit(launch, officer, database, entry):
    answer = launch(officer).commit(lesson_status="completed", cmi=interactions(entry), end="finish")
    assert answer.get_json() == {"answer": "saved"}
    assert len(answered(database)) == 1


def test_answers_of_scorm_2004_are_told_as_they_are(app, officer, database, runtime, tmp_path):
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, single(), slug="moi")
    entry = {
        "id": "urn:vn:q1",
        "type": "matching",
        "timestamp": "2026-03-02T08:29:00+07:00",
        "description": "Nối đôi",
        "correct_responses": [{"pattern": "1[.]a[,]2[.]b"}],
        "learner_response": "1[.]b[,]2[.]a",
        "result": "incorrect",
        "latency": "PT1M",
    }
    page = launch_in(app, officer, "moi", "S1")
    answer = page.send(seq=1, cmi={"completion_status": "incomplete", "interactions": [entry]})
    assert answer.get_json()["answer"] == "saved"
    (told,) = answered(database)
    definition = told["object"]["definition"]
    assert told["object"]["id"].endswith("/interactions/urn%3Avn%3Aq1")
    assert (definition["name"], definition["interactionType"]) == ({"vi": "Nối đôi"}, "matching")
    assert definition["correctResponsesPattern"] == ["1[.]a[,]2[.]b"]
    assert told["result"] == {"response": "1[.]b[,]2[.]a", "success": False, "duration": "PT60.00S"}


def test_an_attempt_cannot_fill_the_record(launch, officer, database, monkeypatch):
    monkeypatch.setattr("lms.player.services.answering.MOST_OF_AN_ATTEMPT", 3)
    page = launch(officer)
    many = [{**RIGHT, "id": f"q{number}"} for number in range(5)]
    assert page.commit(lesson_status="incomplete", cmi=interactions(*many)).status_code == 200
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Answered)) == 3


@pytest.fixture
def qr_lesson(database, runtime, tmp_path: Path, launch: Callable[..., Playing]):
    """One of our own lessons, as `ours/LESSON-…`."""
    with database.transaction() as session:
        found = import_package(
            session, runtime.files, tmp_path, build_scorm12("quet-qr-an-toan"), slug="ours", publish_it=True
        )
        return found.version.lessons[0].key


def test_choices_of_our_own_lessons_are_told_in_words(launch, officer, database, qr_lesson):
    page = launch(officer, qr_lesson, slug="ours")
    entry = {**RIGHT, "id": "cau-xem-gi"}
    page.commit(lesson_status="incomplete", cmi=interactions(entry))
    (told,) = answered(database)
    definition = told["object"]["definition"]
    assert definition["name"]["vi"].endswith("bác xem gì?")
    assert [each["id"] for each in definition["choices"]] == ["a", "b", "c"]
    assert definition["choices"][0]["description"] == {"vi": "Tên người nhận và số tiền"}
