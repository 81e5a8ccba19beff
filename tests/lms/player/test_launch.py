"""Launching and resuming."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from lms.core.clock import utc_now
from lms.player.models import Attempt, PlaySession
from lms.player.tokens import make_token
from tests.factories.courses import import_package, package
from tests.lms.conftest import CONTENT
from tests.lms.player.playing import COMPLETED, content_browser, open_page


def attempts(database):
    with database.snapshot() as session:
        return list(session.scalars(select(Attempt).order_by(Attempt.number)).unique())


def test_an_officer_begins_a_lesson_from_the_beginning(officer, launch, database, person):
    page = launch(officer)
    state = page.state()
    assert state["core"]["entry"] == "ab-initio"
    assert state["core"]["student_name"] == "Nguyễn Thị Hoa"
    assert state["core"]["lesson_status"] == "not attempted"
    (attempt,) = attempts(database)
    assert (attempt.learner, attempt.is_guest, attempt.number) == (person.id, False, 1)


def test_somebody_without_an_account_learns_as_a_guest_and_stays_the_same_guest(
    visitor, launch, database, course
):
    first, second = launch(visitor), launch(visitor)
    assert first.attempt == second.attempt
    (attempt,) = attempts(database)
    assert attempt.is_guest
    assert first.state()["core"]["student_name"] == ""


def test_a_suspended_lesson_goes_on_where_it_was(officer, launch):
    page = launch(officer)
    page.state()
    left = {
        "suspend_data": "page=3",
        "objectives": {"0": {"id": "a", "status": "completed"}},
        "interactions": {"0": {"id": "q", "student_response": "b"}},
    }
    page.commit(
        end="finish",
        cmi=left,
        lesson_status="incomplete",
        exit="suspend",
        lesson_location="p3",
        session_time="00:00:30",
    )
    again = launch(officer)
    assert again.attempt == page.attempt
    state = again.state()
    core = state["core"]
    assert (core["entry"], core["lesson_location"], core["lesson_status"]) == ("resume", "p3", "incomplete")
    assert state["suspend_data"] == "page=3"
    assert state["objectives"] == [{"id": "a", "status": "completed", "score": {}}]
    assert state["interactions"][0]["student_response"] == "b"
    assert core["total_time"] == "0000:00:30.00"


def test_a_lesson_whose_tab_was_killed_is_told_to_resume(officer, launch):
    """Some tools begin anew, and overwrite what they had kept, when they are told anything else."""
    launch(officer).commit(lesson_status="incomplete", lesson_location="p3", cmi={"suspend_data": "page=3"})
    core = launch(officer).state()["core"]
    assert (core["entry"], core["lesson_location"]) == ("resume", "p3")


def test_a_finished_lesson_begins_anew_in_another_attempt(officer, launch, database):
    page = launch(officer)
    page.commit(end="finish", **COMPLETED)
    again = launch(officer)
    assert again.attempt != page.attempt
    assert again.state()["core"]["entry"] == "ab-initio"
    assert [attempt.number for attempt in attempts(database)] == [1, 2]


def test_a_reloaded_page_gets_a_session_of_its_own(officer, launch):
    page = launch(officer)
    again = open_page(page.client, page.address)
    assert again.attempt == page.attempt
    assert again.config["session"] != page.config["session"]


def test_an_attempt_stays_on_its_version_and_the_next_takes_the_new_one(
    officer, launch, database, runtime, tmp_path: Path
):
    page = launch(officer)
    page.commit(lesson_status="incomplete", exit="suspend")
    with database.transaction() as session:
        changed = package(files={"a.html": b"new page"})
        import_package(session, runtime.files, tmp_path, changed, slug="qr")
    same = launch(officer)
    assert same.attempt == page.attempt
    assert b"Hello" in same.content().data
    same.commit(end="finish", **COMPLETED)
    new = launch(officer)
    assert new.content().data == b"new page"


def test_a_launch_is_no_link(visitor, course):
    answer = visitor.get("/learn/qr/L1")
    assert answer.headers["Location"].endswith("/courses/qr/lessons/L1")


def test_an_unknown_lesson_is_said_plainly(visitor, course):
    assert visitor.post("/learn/qr/none").status_code == 404


def test_the_player_is_not_at_the_applications_address(officer, launch, app, visitor):
    page = launch(officer)
    assert visitor.get(page.address).status_code == 404
    assert visitor.get(page.config["state"]).status_code == 404
    assert visitor.get(page.config["content"]).status_code == 404
    assert visitor.post(page.config["commit"]).status_code == 404


def test_the_content_origin_has_no_cookie_and_no_pages_of_the_application(officer, launch, app):
    page = launch(officer)
    answer = page.client.get(page.address, base_url=CONTENT, follow_redirects=True)
    assert "Set-Cookie" not in answer.headers
    elsewhere = content_browser(app).get("/lessons", base_url=CONTENT)
    assert elsewhere.headers["Location"] == "http://localhost:8000/lessons"


def test_keys_that_are_old_or_not_ours_open_nothing(app, officer, launch, database, settings):
    page = launch(officer)
    client = content_browser(app)
    with database.snapshot() as session:
        play = session.scalars(select(PlaySession)).unique().first()
    old = make_token(play.id, utc_now() - timedelta(seconds=2), settings.secret_key)
    for token, status in ((old, 401), ("nonsense", 403), (page.config["commit"].split("/")[2] + "x", 403)):
        for path in (f"/play/{token}/", f"/play/{token}/state", f"/content/{token}/a.html"):
            assert client.get(path, base_url=CONTENT).status_code == status
        for path in (f"/play/{token}/commit", f"/play/{token}/go"):
            assert client.post(path, base_url=CONTENT, data="{}").status_code == status


def test_on_to_the_next_lesson_without_the_application(officer, launch):
    page = launch(officer)
    go = page.config["commit"].replace("/commit", "/go")
    answer = page.client.post(go, data={"lesson": "L2"}, base_url=CONTENT)
    assert answer.status_code == 303
    following = open_page(page.client, answer.headers["Location"].removeprefix(CONTENT))
    assert following.attempt != page.attempt
    assert following.config["content"].endswith("/b.html")
    assert page.client.post(go, data={"lesson": "L9"}, base_url=CONTENT).status_code == 404


def test_the_page_can_be_framed_by_nobody_and_the_package_by_the_page_alone(officer, launch):
    page = launch(officer)
    player = page.client.get(page.address, base_url=CONTENT, follow_redirects=True)
    assert "frame-ancestors 'none'" in player.headers["Content-Security-Policy"]
    content = page.content()
    policy = content.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "'unsafe-inline'" in policy
    assert "nonce" not in policy
    assert "unload=(self)" in content.headers["Permissions-Policy"]
    assert "sandbox" not in player.get_data(as_text=True)  # in one, frames may not lead each other


def test_whoever_signs_out_closes_their_pages_and_what_waits_is_let_in(officer, launch, database):
    page = launch(officer)
    first, deliver = page.config["commit"].rpartition("/")[0], page.config["deliver"]
    assert officer.post("/sign-out").status_code == 302
    for address in (f"{first}/", f"{first}/state"):
        answer = page.client.get(address, base_url=CONTENT)
        assert answer.status_code == 401
        assert "Nguyễn Thị Hoa" not in answer.get_data(as_text=True)
    page.config["commit"] = deliver
    assert page.commit(lesson_status="completed").status_code == 200
    with database.snapshot() as session:
        assert session.get_one(Attempt, page.attempt).completion
