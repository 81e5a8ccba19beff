"""Sessions for learning without a network, and what is delivered long after."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from lms.core.clock import utc_now
from lms.player.models import Attempt, PlaySession
from tests.lms.conftest import CONTENT, browser
from tests.lms.player.playing import COMPLETED, content_browser, open_page, verbs


def prepared(app, client, key="L1"):
    """The page that a device keeps, as it comes out of saving the lesson."""
    answer = client.post(f"/saved/qr/{key}")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    there = content_browser(app)
    loading = there.get(answer.headers["Location"].removeprefix(CONTENT), base_url=CONTENT)
    config = json.loads(loading.get_data(as_text=True).partition('id="keep">')[2].partition("</script>")[0])
    page = open_page(there, f"{config['page']}?kept")
    page.kept = config
    return page


def milliseconds(ago=timedelta()):
    return (utc_now() - ago).timestamp() * 1000


def sessions(database):
    with database.snapshot() as session:
        return list(session.scalars(select(PlaySession).order_by(PlaySession.number)).unique())


def attempts(database):
    with database.snapshot() as session:
        return list(session.scalars(select(Attempt).order_by(Attempt.number)).unique())


def test_a_saved_lesson_has_all_that_it_needs(app, officer, course):
    page = prepared(app, officer)
    assert page.config["kept"] is True
    files = page.kept["files"]
    assert {one["address"].rsplit("/", 1)[1] for one in files["files"]} >= {"a.html", "b.html"}
    for one in files["files"]:
        assert len(page.client.get(one["address"], base_url=CONTENT, buffered=True).data) == one["size"]
    assert page.client.get(page.config["fileList"], base_url=CONTENT).get_json() == files


def test_preparing_leaves_whoever_learns_now_alone(app, officer, launch):
    live = launch(officer)
    prepared(app, officer)
    assert live.commit(lesson_status="incomplete").status_code == 200


def test_a_lesson_that_was_only_saved_is_not_begun(app, officer, course):
    page = prepared(app, officer)
    assert "Nothing learned yet" in officer.get("/my-attempts").get_data(as_text=True)
    assert "govuk-tag--blue" not in officer.get("/courses/qr").get_data(as_text=True)
    left = {"core": {"lesson_status": "incomplete", "exit": "suspend"}}
    assert page.send(seq=1, run=int(milliseconds()), end="finish", cmi=left).status_code == 200
    assert "Begun" in officer.get("/my-attempts").get_data(as_text=True)
    assert "govuk-tag--blue" in officer.get("/courses/qr").get_data(as_text=True)


def test_each_opening_of_a_saved_page_is_a_session_and_arrives_once(app, officer, database, course):
    page = prepared(app, officer)
    first, second = int(milliseconds(timedelta(seconds=50))), int(milliseconds(timedelta(seconds=20)))
    left = {"core": {"lesson_status": "incomplete", "exit": "suspend", "lesson_location": "p2"}}
    done = {"core": {"lesson_status": "completed"}}
    for _ in range(2):
        for run, end, cmi in ((first, "finish", left), (second, "finish", done)):
            answer = page.send(seq=1, run=run, end=end, cmi=cmi)
            assert answer.status_code in (200, 409)
    (attempt,) = attempts(database)
    assert attempt.completion
    opened = [play for play in sessions(database) if play.number > 0]
    assert [play.final for play in opened] == [True, True]
    with database.snapshot() as session:
        assert verbs(session).count("completed") == 1
    assert len(opened) == 2


def test_what_happened_later_elsewhere_keeps_the_place_and_the_result_counts(app, officer, launch, database):
    page = prepared(app, officer)
    live = launch(officer)
    live.commit(lesson_status="incomplete", lesson_location="p9", exit="suspend")
    earlier = milliseconds() - 50
    with database.transaction() as session:
        for play in session.scalars(select(PlaySession)).unique():
            play.started -= timedelta(hours=1)
    page.send(seq=1, run=int(earlier - 3_600_000), at=earlier - 1_800_000, end=None, cmi={"core": COMPLETED})
    (attempt,) = attempts(database)
    assert attempt.completion
    assert attempt.state["core"]["lesson_location"] == "p9"


def test_with_a_network_the_address_of_a_saved_lesson_leads_to_its_page(app, officer, course):
    page = prepared(app, officer)
    answer = page.client.get(page.kept["page"], base_url=CONTENT)
    assert answer.headers["Location"].endswith("/courses/qr/lessons/L1")


def test_a_device_gets_another_session_for_the_next_time(app, officer, database, course):
    page = prepared(app, officer)
    page.send(seq=1, run=int(milliseconds()), end="finish", cmi={"core": COMPLETED})
    answer = page.client.post(f"{page.kept['page']}again", base_url=CONTENT)
    assert answer.status_code == 201
    following = open_page(page.client, f"{answer.get_json()['page']}?kept")
    assert following.attempt != page.attempt
    assert following.state()["core"]["entry"] == "ab-initio"


def test_the_list_on_a_device_is_told_of_ones_own_lessons_alone(app, officer, course):
    page = prepared(app, officer)
    address = f"/saved/{page.kept['session']}"
    found = officer.get(address).get_json()
    assert (found["origin"], found["page"]) == (CONTENT, page.kept["page"])
    assert found["bytes"] == page.kept["files"]["bytes"]
    assert browser(app).get(address).status_code == 404


def test_the_page_of_saved_lessons_says_nothing_about_anybody(app, officer):
    assert officer.get("/saved").get_data(as_text=True).count("Hoa") == 0


def test_what_waited_longer_than_the_key_of_its_page_arrives_by_its_own(
    app, officer, launch, database, monkeypatch
):
    page = launch(officer)
    a_day_later = utc_now() + timedelta(days=1)
    monkeypatch.setattr("lms.player.tokens.utc_now", lambda: a_day_later)
    assert page.commit(end="finish", **COMPLETED).status_code == 401
    door = page.config["commit"]
    page.config["commit"] = page.config["deliver"]
    wrong = 86_400_000  # its clock is a day behind; what counts is the time between its two readings
    now = milliseconds() - wrong
    assert page.send(seq=2, end="finish", at=now - 500, now=now, cmi={"core": COMPLETED}).status_code == 200
    (attempt,) = attempts(database)
    assert attempt.completion
    assert abs((utc_now() - attempt.completed_at).total_seconds()) < 5
    key = page.config["deliver"].rsplit("/", 1)[1]
    assert page.client.get(door.replace("commit", "state"), base_url=CONTENT).status_code == 401
    assert page.client.get(f"/play/{key}/", base_url=CONTENT).status_code == 403
    assert page.client.get(f"/content/{key}/a.html", base_url=CONTENT).status_code == 403


def test_of_what_waited_the_moment_counts_in_which_the_lesson_was_completed(officer, launch, database):
    page = launch(officer)
    with database.transaction() as session:
        for play in session.scalars(select(PlaySession)).unique():
            play.started -= timedelta(hours=3)
            play.attempt.started = play.started
    completed, last = milliseconds(timedelta(hours=2)), milliseconds(timedelta(minutes=1))
    assert page.send(seq=9, at=last, done=completed, cmi={"core": COMPLETED}).status_code == 200
    (attempt,) = attempts(database)
    assert abs((utc_now() - attempt.completed_at) - timedelta(hours=2)) < timedelta(seconds=5)


def test_a_delivery_key_delivers_its_own_session_alone(app, officer, launch):
    first, other = launch(officer, "L1"), launch(officer, "L2")
    first.config["commit"] = other.config["deliver"]
    assert first.commit(**COMPLETED).status_code == 403


def test_64_kb_that_waited_arrive_whole(app, officer, launch, database):
    page = launch(officer)
    page.config["commit"] = page.config["deliver"]
    text = "ă" * 4096
    answer = page.send(
        seq=1, cmi={"core": {"lesson_status": "incomplete", "exit": "suspend"}, "suspend_data": text}
    )
    assert answer.status_code == 200
    (attempt,) = attempts(database)
    assert attempt.state["suspend_data"] == text


def test_pages_learn_which_sessions_have_ended_and_how_to_deliver_ones_own(app, officer, launch):
    page, other = launch(officer, "L1"), launch(officer, "L2")
    page.commit(end="finish", **COMPLETED)
    asked = "&".join(f"session={one.config['session']}" for one in (page, other)) + "&session=nonsense"
    found = officer.get(f"/learn/waiting?{asked}").get_json()
    assert found["ended"] == [page.config["session"]]
    assert found["deliveries"] == {other.config["session"]: other.config["deliver"]}
    assert browser(app).get(f"/learn/waiting?{asked}").get_json()["deliveries"] == {}


def test_a_session_whose_page_came_back_has_not_ended(officer, launch):
    page = launch(officer)
    page.commit(end="finish", lesson_status="incomplete", exit="suspend")
    asked = f"/learn/waiting?session={page.config['session']}"
    assert officer.get(asked).get_json()["ended"] == [page.config["session"]]
    open_page(page.client, page.address)
    assert officer.get(asked).get_json()["ended"] == []


def test_a_launch_tells_the_pages_where_it_was(officer, course):
    answer = officer.post("/learn/qr/L1")
    told = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("lesson-opened="))
    assert "http%3A//127.0.0.1%3A8000" in told
    assert "HttpOnly" not in told


def test_origins_that_are_not_ours_are_told_to_the_browser(officer):
    """Whoever could put one on its list would get what waits there, and the learner too."""
    strange = ["https://evil.example", "javascript://127.0.0.1:8000", "https://127.0.0.1:8000"]
    asked = "&".join(f"origin={quote(one)}" for one in [CONTENT, *strange])
    assert officer.get(f"/learn/waiting?{asked}").get_json()["strange"] == strange


@pytest.mark.parametrize("path", ["/worker.js", "/player-worker.js"])
def test_service_workers_are_asked_for_anew_each_time(app, path):
    base = CONTENT if "player" in path else None
    answer = content_browser(app).get(path, **({"base_url": base} if base else {}))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
