"""What cannot be is noted once, with its figures, and counts all the same."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core.clock import utc_now
from lms.player.models import Attempt
from lms.player.rules import doubting
from lms.player.rules.doubting import Told, told_in
from lms.player.traces import Arrival, Doubt
from lms.support.queries import logs_of
from tests.lms.player.playing import COMPLETED


def doubts(database, page):
    with database.snapshot() as session:
        found = session.scalars(select(Doubt).where(Doubt.attempt_id == page.attempt).order_by(Doubt.id))
        return {doubt.kind: doubt.detail for doubt in found.unique()}


def began(database, page, *, minutes_ago: float, minutes: int | None = None) -> None:
    with database.transaction() as session:
        attempt = session.get_one(Attempt, page.attempt)
        attempt.started = utc_now() - timedelta(minutes=minutes_ago)
        for play in attempt.sessions:
            play.started = attempt.started
        if minutes:
            attempt.lesson.minutes = minutes


def test_six_minutes_in_nine_seconds_are_flagged_and_counted(launch, officer, database):
    page = launch(officer)
    began(database, page, minutes_ago=9 / 60, minutes=6)
    answer = page.commit(end="finish", session_time="00:06:00", **COMPLETED)
    assert answer.get_json() == {"answer": "saved"}
    found = doubts(database, page)
    assert found["too_quick"]["minutes"] == 6
    assert 8 < found["too_quick"]["seconds"] < 12
    assert found["more_than_passed"]["told"] == 360
    with database.snapshot() as session:
        assert session.get_one(Attempt, page.attempt).completion


def test_a_lesson_taken_in_its_time_is_not_flagged(launch, officer, database):
    page = launch(officer)
    began(database, page, minutes_ago=5, minutes=6)
    page.commit(end="finish", session_time="00:04:30", **COMPLETED)
    assert doubts(database, page) == {}


def test_another_score_after_the_end_is_refused_and_flagged(launch, officer, database):
    page = launch(officer, "L2")
    page.commit(end="finish", lesson_status="failed", score={"raw": 40})
    answer = page.commit(lesson_status="passed", score={"raw": 100})
    assert answer.status_code == 410
    assert doubts(database, page) == {"after_the_end": {"before": 40.0, "after": 100.0}}


def test_the_same_again_after_the_end_is_only_late(launch, officer, database):
    page = launch(officer, "L2")
    page.commit(end="finish", lesson_status="failed", score={"raw": 40})
    page.commit(lesson_status="failed", score={"raw": 40})
    assert doubts(database, page) == {}


def test_a_score_outside_of_its_own_bounds_is_flagged_once(launch, officer, database):
    page = launch(officer)
    for _ in range(2):
        page.commit(lesson_status="incomplete", score={"raw": 90, "min": 0, "max": 10})
    assert doubts(database, page) == {"score_out_of_range": {"score": 90.0, "min": 0.0, "max": 10.0}}


@pytest.mark.parametrize(
    ("objectives", "flagged"),
    [
        (({"status": "completed"}, {"status": "not attempted"}), True),
        (({"status": "completed"}, {"status": "incomplete"}), False),
        (({"status": "not attempted"}, {"status": "not attempted"}), False),
        (({"completion_status": "completed"}, {"completion_status": "unknown"}), True),
        ((), False),
    ],
)
def test_completion_before_the_last_part(objectives, flagged):
    assert bool(doubting.before_the_last(told_in({"objectives": list(objectives)}))) is flagged


@pytest.mark.parametrize(
    ("cmi", "told"),
    [
        (None, Told()),
        ({"core": "x", "objectives": 5}, Told()),
        ({"core": {"score": {"raw": "NaN"}, "session_time": "soon"}}, Told()),
        ({"core": {"session_time": "9999:00:00"}}, Told(seconds=9999 * 3600)),
        ({"session_time": f"PT{'9' * 400}H"}, Told(seconds=1e9)),
        (
            {"score": {"scaled": "1.5", "raw": "3"}, "session_time": "PT5S"},
            Told(raw=3, scaled=1.5, seconds=5),
        ),
    ],
)
def test_whatever_was_sent_is_looked_at_without_complaint(cmi, told):
    assert told_in(cmi) == told


def test_calls_and_arrivals_are_kept_for_support(launch, officer, database):
    page = launch(officer)
    calls = [[1, 5, "LMSInitialize", "", "true", 0, 1], [2, 9, "LMSSetValue", "cmi.x, 1", "false", 401, 1]]
    core = {"lesson_status": "incomplete"}
    page.send(seq=1, cmi={"core": core}, calls=calls)
    page.send(seq=2, cmi={"core": core}, calls=[calls[1], [3, 20, "LMSCommit", "", "true", 0, 2], "odd"])
    page.send(seq=2, cmi={"core": core}, calls="odd")
    with database.snapshot() as session:
        log = logs_of(session, session.get_one(Attempt, page.attempt))[0]
    assert str(log.play.id) == page.config["session"]
    assert [call[0] for call in log.calls] == [1, 2, 3]
    assert [(each.seq, each.answer) for each in log.arrivals] == [(2, "known"), (2, "saved"), (1, "saved")]


def test_a_log_is_bounded_and_keeps_the_newest(launch, officer, database, monkeypatch):
    monkeypatch.setattr("lms.player.services.observing.MOST_ARRIVALS", 2)
    monkeypatch.setattr("lms.player.services.observing.TIDIED_EVERY", 4)
    page = launch(officer)
    for seq in range(1, 9):
        calls = [[seq * 1000 + n, n, "SetValue", "x" * 120, "y" * 120, 0, 1] for n in range(120)]
        page.send(seq=seq, cmi={"core": {"lesson_status": "incomplete"}}, calls=calls)
    with database.snapshot() as session:
        kept = session.scalars(select(Arrival).order_by(Arrival.id)).all()
    assert [arrival.seq for arrival in kept] == [7, 8]
    assert kept[-1].calls[-1][0] == 8119
    assert sum(len(str(call)) for call in kept[-1].calls) < 15_000
