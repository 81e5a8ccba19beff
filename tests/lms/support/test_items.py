"""How questions do: first answers, choices in words, medians; guests left out."""

from io import BytesIO

from python_calamine import CalamineWorkbook

from lms.accounts import services as accounts
from lms.support.items import items_of
from lms.support.tasks import KEPT, sweep_logs
from tests.factories.learning import make_person
from tests.lms.conftest import PASSWORD, browser
from tests.lms.player.test_answering import interactions


def answer(item, response, *, right, seconds, second=0):
    return {
        "id": item,
        "type": "choice",
        "time": f"08:00:{second:02d}",
        "correct_responses": {"0": {"pattern": "a,b"}},
        "student_response": response,
        "result": "correct" if right else "wrong",
        "latency": f"00:00:{seconds:02d}",
    }


def somebody(app, database, cast, name):
    with database.transaction() as session:
        found = make_person(session, cast.commune, name)
        accounts.add_account(session, username=name, password=PASSWORD, name=name, person=found.id)
    client = browser(app)
    client.post("/sign-in", data={"username": name, "password": PASSWORD})
    return client


def three_answer(app, database, cast, launch, officer, visitor):
    wrong, right = (
        answer("q1", "a", right=False, seconds=4),
        answer("q1", "a,b", right=True, seconds=10, second=9),
    )
    launch(officer).commit(lesson_status="incomplete", cmi=interactions(wrong, right))
    other = somebody(app, database, cast, "lan")
    launch(other).commit(
        lesson_status="incomplete", cmi=interactions(answer("q1", "a,b", right=True, seconds=7))
    )
    launch(visitor).commit(
        lesson_status="incomplete", cmi=interactions(answer("q1", "c", right=False, seconds=1))
    )


def test_questions_are_counted_by_first_answers_and_all(
    app, database, cast, launch, officer, visitor, course, runtime
):
    three_answer(app, database, cast, launch, officer, visitor)
    with database.snapshot() as session:
        version = session.merge(course.version, load=True)
        first, second = items_of(session, version, runtime.files.packages)
    (item,) = first.items
    assert second.items == ()
    assert (item.people, item.answers, item.judged, item.first_right) == (2, 3, 2, 1)
    assert item.percent == 50.0
    assert item.seconds == 7
    assert {each.words: (each.first, each.all, each.right) for each in item.choices} == {
        "a": (2, 3, True),
        "b": (1, 2, True),
    }


def test_the_page_and_its_workbook_say_the_same(app, database, cast, launch, officer, visitor, signed_in):
    three_answer(app, database, cast, launch, officer, visitor)
    client = signed_in("administrator")
    page = client.get("/manage/courses/qr/questions/").get_data(as_text=True)
    assert "50% right the first time" in page
    assert "2 people answered" in page
    assert "Nguyễn" not in page
    file = client.get("/manage/courses/qr/questions/questions.xlsx?version=1")
    rows = CalamineWorkbook.from_filelike(BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert rows[1][:9] == ["Bài một", 1, "q1", "q1", 2, 3, 1, 50, 7]
    assert [row[9:] for row in rows[1:]] == [["a", "Yes", 2, 3], ["b", "Yes", 1, 2]]


def test_nobody_answered_yet_and_no_such_version(signed_in, course):
    client = signed_in("administrator")
    assert "Nobody has answered yet" in client.get("/manage/courses/qr/questions/").get_data(as_text=True)
    assert client.get("/manage/courses/qr/questions/?version=7").status_code == 404
    assert signed_in("manager").get("/manage/courses/qr/questions/").status_code == 403


def test_logs_are_forgotten_after_ninety_days(launch, officer, runtime, monkeypatch):
    launch(officer).commit(lesson_status="incomplete")
    assert sweep_logs(runtime) == {"arrivals": 0}
    monkeypatch.setattr("lms.support.tasks.KEPT", -KEPT)
    assert sweep_logs(runtime) == {"arrivals": 1}
