"""The express way of commits, in front of the application."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from uuid import UUID

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from lms.app import front_of
from lms.core.database import Line
from lms.core.runtime import Runtime
from lms.core.web.stalled import Stalled
from lms.player import gathering
from lms.player.express import Commits
from lms.player.models import Attempt, PlaySession
from lms.player.receiving import message_in
from lms.player.services.committing import Answer, Sent, commit_together
from lms.player.traces import Arrival
from tests.lms.conftest import CONTENT
from tests.lms.player.playing import COMPLETED, Playing, verbs
from tests.lms.player.test_preparing import prepared
from tests.lms.watched import Watched
from tracking import rounds, wire

INCOMPLETE = {"lesson_status": "incomplete"}
ANSWERED = {
    "interactions": {"0": {"id": "q1", "type": "choice", "student_response": "a", "result": "correct"}}
}


@pytest.fixture
def watched(app: Flask) -> Watched:
    return Watched(app)


@pytest.fixture
def door(watched: Watched, runtime: Runtime) -> Iterator[Commits]:
    front = front_of(watched, runtime, Stalled(8000))
    with closing(Commits(front, front, runtime)) as opened:
        yield opened


def through(door: Commits, page: Playing) -> Playing:
    """The same page, whose commits come by the express way."""
    return replace(page, client=Client(door))


def attempt_of(database, page):
    with database.snapshot() as session:
        return session.get_one(Attempt, page.attempt)


def test_a_lesson_is_taken_in_from_its_first_commit_to_its_last(door, watched, officer, launch, database):
    page = through(door, launch(officer))
    for place in ("p1", "p2"):
        answer = page.commit(**INCOMPLETE, lesson_location=place, session_time="00:00:05", cmi=ANSWERED)
        assert (answer.status_code, answer.get_json()) == (200, {"answer": "saved"})
    known = page.send(seq=2, cmi={"core": COMPLETED})
    assert (known.status_code, known.get_json()) == (200, {"answer": "known"})
    assert page.commit(end="finish", **COMPLETED).status_code == 200
    late = page.commit(lesson_status="failed")
    assert (late.status_code, late.get_json()) == (410, {"answer": "ended"})
    assert watched.calls == 0
    attempt = attempt_of(database, page)
    assert (attempt.completion, attempt.seconds) == (True, 5)
    with database.snapshot() as session:
        assert verbs(session) == ["initialized", "answered", "completed", "terminated"]
        assert session.scalar(select(func.count()).select_from(Arrival)) == 5


def test_the_earlier_of_two_tabs_is_told(door, watched, officer, launch, database):
    earlier, later = through(door, launch(officer)), through(door, launch(officer))
    later.commit(**INCOMPLETE, lesson_location="new")
    answer = earlier.commit(**INCOMPLETE, lesson_location="old")
    assert (answer.status_code, answer.get_json()) == (409, {"answer": "superseded"})
    assert attempt_of(database, later).state["core"]["lesson_location"] == "new"
    assert watched.calls == 0


def test_the_answer_is_protected_as_the_applications_are(door, officer, launch):
    page = launch(officer)
    ordinary, quick = page.commit(**INCOMPLETE), through(door, page).commit(**INCOMPLETE)
    assert quick.data == ordinary.data
    for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options", "X-Frame-Options"):
        assert quick.headers[name] == ordinary.headers[name]
    assert quick.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in quick.headers


def test_what_waited_is_taken_in_by_its_delivery_key(door, watched, officer, launch, database):
    page = through(door, launch(officer))
    page.config["commit"] = page.config["deliver"]
    assert page.commit(end="finish", **COMPLETED).status_code == 200
    assert attempt_of(database, page).completion
    assert watched.calls == 0


@pytest.mark.parametrize("body", [b"", b"{", b"null", b'{"session": "x"}', b'{"cmi": [1]}'])
def test_what_is_no_commit_is_refused_by_the_application(door, watched, officer, launch, body):
    page = launch(officer)
    answer = Client(door).post(page.config["commit"], base_url=CONTENT, data=body)
    assert (answer.status_code, watched.calls) == (400, 1)
    assert answer.get_json()["answer"] == "refused"


def test_keys_and_hosts_are_checked_as_ever(door, watched, officer, visitor, launch, database):
    mine, other = through(door, launch(officer)), launch(visitor)
    message = {"seq": 1, "cmi": {"core": COMPLETED}}
    assert mine.send(session=other.config["session"], **message).status_code == 403
    own = mine.config["commit"]
    mine.config["commit"] = own.replace("/play/", "/play/x")
    assert mine.send(**message).status_code == 403
    body = b'{"session": "%s", "seq": 1, "cmi": {"core": {}}}' % mine.config["session"].encode()
    assert Client(door).post(own, base_url="http://localhost:8000", data=body).status_code == 404
    assert watched.calls == 3
    with database.snapshot() as session:
        assert verbs(session) == []


def test_what_was_learned_without_a_network_finds_its_place_in_the_application(
    app, door, watched, officer, course, database
):
    page = through(door, prepared(app, officer))
    answer = page.send(seq=1, run=1_700_000_000_000, end="finish", cmi={"core": COMPLETED})
    assert (answer.status_code, watched.calls) == (200, 1)
    with database.snapshot() as session:
        assert "completed" in verbs(session)


def test_a_commit_that_cannot_be_stored_with_others_is_stored_alone(
    door, watched, officer, launch, database, monkeypatch
):
    monkeypatch.setattr(gathering, "commit_together", lambda *_, **__: 1 / 0)
    page = through(door, launch(officer))
    assert page.commit(end="finish", **COMPLETED).status_code == 200
    assert watched.calls == 1
    assert attempt_of(database, page).completion


def test_a_database_that_is_away_is_told_at_once(door, officer, launch, monkeypatch):
    def away(*_, **__):
        raise OperationalError("SELECT", {}, Exception("away"))

    page = through(door, launch(officer))
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "commit_together", away)
        answer = page.commit(**INCOMPLETE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert page.send(seq=1, cmi={"core": INCOMPLETE}).get_json() == {"answer": "saved"}


def test_where_a_connection_broke_in_the_commit_it_is_known_the_second_time(
    door, watched, officer, launch, database, monkeypatch
):
    """Nobody can tell whether such a commit was done; its number makes a second try harmless."""
    page, transaction = through(door, launch(officer)), Line.transaction

    @contextmanager
    def lost(line):
        with transaction(line) as session:
            yield session
        raise OperationalError("COMMIT", {}, Exception("lost"), connection_invalidated=True)

    monkeypatch.setattr(Line, "transaction", lost)
    answer = page.commit(end="finish", **COMPLETED)
    assert (answer.status_code, answer.get_json(), watched.calls) == (200, {"answer": "known"}, 1)
    with database.snapshot() as session:
        assert verbs(session) == ["initialized", "completed", "terminated"]


def sent(page: Playing, **message) -> Sent:
    whole = {"session": page.config["session"], "seq": 1, "at": 1, "now": 1, "visible": 0, **message}
    return Sent(UUID(page.config["session"]), message_in(orjson.dumps(whole)), "", lambda _: True)


def test_several_learners_are_taken_in_together_and_the_second_of_an_attempt_alone(
    visitor, officer, launch, database, settings
):
    pages = [launch(officer), launch(visitor), launch(officer, "L2")]
    again = sent(pages[0], seq=2, cmi={"core": COMPLETED})
    strange = replace(sent(pages[2], cmi={"core": COMPLETED}), admits=lambda _: False)
    group = [*(sent(page, cmi={"core": COMPLETED}, end="finish") for page in pages[:2]), again, strange]
    with database.transaction() as session:
        assert commit_together(session, group, settings=settings) == [Answer.SAVED, Answer.SAVED, None, None]
    assert [attempt_of(database, page).completion for page in pages] == [True, True, False]
    with database.snapshot() as session:
        assert sorted(verbs(session)) == sorted(["initialized", "completed", "terminated"] * 2)


def test_of_those_who_save_at_once_nothing_is_lost_and_nothing_taken_twice(
    door, officer, visitor, launch, database
):
    """Two tabs of one attempt among them, which wait for each other."""
    pages = [through(door, page) for page in (launch(officer), launch(officer), launch(visitor))]

    def play(page):
        return [page.commit(**INCOMPLETE, session_time=f"00:00:0{n}").status_code for n in range(1, 6)]

    with ThreadPoolExecutor(len(pages)) as pool:
        found = list(pool.map(play, pages))
    assert found == [[409] * 5, [200] * 5, [200] * 5]
    assert [attempt_of(database, page).seconds for page in pages] == [10, 10, 5]
    with database.snapshot() as session:
        assert {play.last_seq for play in session.scalars(select(PlaySession)).unique()} == {5}
        assert session.scalar(select(func.count()).select_from(Arrival)) == 15


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """How many commands went in each round trip, beside those that begin and end the transaction."""
    found: list[int] = []

    def counting(send):
        def counted(connection, written):
            number = sum(not one.sql.startswith(("BEGIN", "COMMIT")) for one in written)
            found.extend([number] if number else [])
            return send(connection, written)

        return counted

    monkeypatch.setattr(rounds, "_in_turn", counting(rounds._in_turn))
    monkeypatch.setattr(wire, "exchange", counting(wire.exchange))
    return found


def test_a_commit_that_tells_nothing_new_takes_two_round_trips(door, officer, launch, asked):
    """What there is, attempt and sessions; and what is written: attempt, session, arrival."""
    page = through(door, launch(officer))
    page.commit(**INCOMPLETE, cmi=ANSWERED)
    asked.clear()
    assert page.commit(**INCOMPLETE).status_code == 200
    assert asked == [2, 3]
    asked.clear()
    assert (
        page.commit(**INCOMPLETE, cmi=ANSWERED).status_code == 200
    )  # told before, which has to be looked up
    assert asked == [3, 3]


def test_what_is_written_goes_along_with_what_the_statements_ask(door, officer, launch, asked):
    page = through(door, launch(officer))
    page.commit(**INCOMPLETE, cmi=ANSWERED)
    asked.clear()
    two = {"interactions": {**ANSWERED["interactions"], "1": {"id": "q2", "result": "wrong"}}}
    assert page.commit(**INCOMPLETE, cmi=two).status_code == 200
    looked, written, *_ = asked
    assert looked == 3
    assert written >= 5  # attempt, session, answer, arrival, and the record's gate
    assert len(asked) <= 8  # some of them for the question, which nobody has told of before
