"""What support sees of an attempt, and who may see it."""

import re

import pytest
from sqlalchemy import select

from lms.core.audit import Act, AuditEntry
from lms.player.traces import Doubt
from tests.lms.player.playing import COMPLETED
from tests.lms.player.test_answering import RIGHT, interactions

CALLS = [
    [1, 1500, "LMSInitialize", "", "true", 0, 1],
    [2, 2000, "LMSSetValue", "cmi.x, <b>", "false", 401, 3],
]


@pytest.fixture
def played(launch, officer):
    """An attempt with an answer, a call log and two doubts."""
    page = launch(officer)
    core = {"lesson_status": "completed", "session_time": "02:00:00", "score": {"raw": 9, "min": 0, "max": 5}}
    page.send(seq=1, cmi={"core": core, **interactions(RIGHT)}, end="finish", calls=CALLS)
    return page


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_an_attempt_shows_what_it_went_through(played, signed_in, person):
    page = text(signed_in("manager"), f"/support/attempts/{played.attempt}")
    expected = ["Nguyễn Thị Hoa", "Completed", "1 saving that arrived", "2 calls of the lesson", "401"]
    expected += ["cmi.x, &lt;b&gt;", "claims 2 hours of learning", "answered", "begins anew"]
    assert [words for words in expected if words not in page] == []
    assert "/record/" not in page  # a manager does not see the record
    assert f"/record/?registration={played.attempt}" in text(
        signed_in("administrator"), f"/support/attempts/{played.attempt}"
    )


def test_an_attempt_shows_what_the_lesson_keeps_but_nothing_private(launch, officer, signed_in, person):
    page = launch(officer)
    address = f"/support/attempts/{page.attempt}"
    manager = signed_in("manager")
    assert "begins at its start" in text(manager, address)
    core = {"lesson_status": "incomplete", "lesson_location": "trang-3", "exit": "suspend"}
    page.send(
        seq=1,
        cmi={"core": core, "suspend_data": "a<b " * 500, "comments": "Tôi tên Hoa", **interactions(RIGHT)},
    )
    shown = text(manager, address)
    for words in (
        "cmi.core.lesson_location",
        "trang-3",
        "cmi.suspend_data",
        "a&lt;b",
        "2,000 characters in all",
    ):
        assert words in shown
    assert "cmi.interactions.0.id" in shown
    for private in ("Tôi tên Hoa", "student_name", "cmi.comments"):
        assert private not in shown


def test_it_is_found_from_the_person_and_from_a_statement(played, signed_in, person):
    client = signed_in("administrator")
    assert f"/support/people/{person.id}" in text(client, f"/people/{person.id}/")
    assert f"/support/attempts/{played.attempt}" in text(client, f"/support/people/{person.id}")
    attempt = text(client, f"/support/attempts/{played.attempt}")
    statement = re.findall(r'href="(/record/[-0-9a-f]{36})"', attempt)[0]
    assert f"/support/attempts/{played.attempt}" in text(client, statement)


@pytest.mark.parametrize("who", ["outsider", "reporter", "learner"])
def test_out_of_reach_it_is_refused(played, signed_in, person, who):
    client = signed_in(who)
    for address in (f"/support/attempts/{played.attempt}", f"/support/people/{person.id}"):
        assert client.get(address).status_code == 403
    assert client.post("/support/doubts/1/seen").status_code == 403


def test_a_guest_is_for_administrators_alone(launch, visitor, signed_in):
    page = launch(visitor)
    page.commit(**COMPLETED)
    assert signed_in("manager").get(f"/support/attempts/{page.attempt}").status_code == 403
    shown = text(signed_in("administrator"), f"/support/attempts/{page.attempt}")
    assert "A visitor who has not signed in" in shown


def test_doubts_are_listed_within_reach_until_somebody_has_looked(played, signed_in, database):
    manager = signed_in("manager")
    listed = text(manager, "/support/doubts")
    assert "claims 2 hours of learning, while only" in listed
    assert "A score of 9, which lies outside of 0 to 5." in listed
    assert "Nothing to check" in text(signed_in("outsider"), "/support/doubts")
    assert "claims 2 hours" in text(signed_in("administrator"), "/support/doubts")
    with database.snapshot() as session:
        ids = session.scalars(select(Doubt.id).order_by(Doubt.id)).all()
    for doubt in ids:
        assert manager.post(f"/support/doubts/{doubt}/seen").status_code == 302
    assert "Nothing to check" in text(manager, "/support/doubts")
    assert "claims 2 hours" in text(manager, "/support/doubts?seen=yes")
    with database.snapshot() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.DOUBT_SEEN.value)).all()
        assert {entry.subject for entry in acts} == {str(played.attempt)}
        assert len(acts) == len(ids)


def test_looking_twice_is_told_and_noted_once(played, signed_in, database):
    client = signed_in("manager")
    for _ in range(2):
        answer = client.post("/support/doubts/1/seen", data={"back": "attempt"}, follow_redirects=True)
        assert answer.status_code == 200
    assert "Somebody has already looked at it." in answer.get_data(as_text=True)
    with database.snapshot() as session:
        assert (
            len(session.scalars(select(AuditEntry).where(AuditEntry.act == Act.DOUBT_SEEN.value)).all()) == 1
        )


def test_what_is_not_there_says_so(signed_in, person):
    client = signed_in("administrator")
    assert client.get(f"/support/attempts/{person.id}").status_code == 404
    assert client.get(f"/support/people/{'0' * 8}-0000-0000-0000-{'0' * 12}").status_code == 404
    assert client.post("/support/doubts/99/seen").status_code == 404
    assert "No lesson opened yet" in text(client, f"/support/people/{person.id}")
    assert "Nothing to check" in text(client, "/support/doubts?page=99")


def test_my_attempts_tell_what_was_reached_and_lead_on(played, launch, officer):
    launch(officer, "L2").commit(lesson_status="failed", score={"raw": 40}, exit="suspend", end="leave")
    page = text(officer, "/my-attempts")
    assert page.index("Bài hai") < page.index("Bài một")
    assert "Not passed yet" in page
    assert 'action="/learn/qr/L2"' in page
    assert "Go on learning" in page
    assert "Learn again" in page


@pytest.mark.parametrize(
    ("rules", "words"),
    [({"after_completion": "review"}, "Look at it again"), ({"attempt_limit": 5}, "Learn again")],
)
def test_my_attempts_say_what_their_buttons_do(played, officer, rule, rules, words):
    rule(**rules)
    assert words in text(officer, "/my-attempts")


def test_my_attempts_of_a_guest_and_of_somebody_new(visitor, launch, signed_in, course):
    assert "Nothing learned yet" in text(visitor, "/my-attempts")
    launch(visitor).commit(**COMPLETED)
    page = text(visitor, "/my-attempts")
    assert "Bài một" in page
    assert "You are not signed in" in page
    assert "Nothing learned yet" in text(signed_in("learner"), "/my-attempts")
