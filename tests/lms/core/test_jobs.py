"""Long tasks: done once, with progress, and started again after a crash."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from lms.core.clock import utc_now
from lms.core.database import Database
from lms.core.errors import Refused
from lms.core.jobs import services
from lms.core.jobs.models import Job, State
from lms.core.jobs.services import LeaseLost, Work, handles, queue, run, sweep
from lms.core.runtime import Runtime

KIND = "test.count"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that were sent to workers; no broker is asked."""
    ids: list[str] = []
    monkeypatch.setattr(services, "send", lambda _runtime, job_id: ids.append(job_id))
    return ids


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    @handles(KIND)
    def count(work: Work) -> dict[str, Any]:
        for number in range(1, work.arguments["steps"] + 1):
            with work.step(number, work.arguments["steps"]):
                if number == work.arguments.get("refuse_at"):
                    raise Refused("Row %(row)s is not right. Correct it.", row=number)
                if number == work.arguments.get("break_at"):
                    raise RuntimeError("broken")
                if work.lease <= work.arguments.get("away_for", 0):
                    raise OperationalError("UPDATE", {}, OSError("the database is away"))
        return {"counted": work.arguments["steps"]}

    yield
    services._handlers.pop(KIND)


def queued(runtime: Runtime, **arguments: int) -> str:
    with runtime.database.transaction() as session:
        return queue(session, runtime, KIND, {"steps": 3, **arguments}, owner=None).id


def look(database: Database, job_id: str) -> Job:
    with database.snapshot() as session:
        return session.get_one(Job, job_id)


def change(database: Database, job_id: str, **values: object) -> None:
    with database.transaction() as session:
        job = session.get_one(Job, job_id)
        for name, value in values.items():
            setattr(job, name, value)


def test_a_job_is_sent_after_the_commit_and_not_before(runtime: Runtime, sent: list[str]):
    with runtime.database.transaction() as session:
        job = queue(session, runtime, KIND, {"steps": 1}, owner=None)
        assert sent == []
    assert sent == [job.id]


def test_a_job_of_a_transaction_that_failed_never_was(runtime: Runtime, sent: list[str]):
    session = runtime.database.writing()
    job = queue(session, runtime, KIND, {"steps": 1}, owner=None)
    session.rollback()
    session.close()
    assert sent == []
    with runtime.database.snapshot() as another:
        assert another.get(Job, job.id) is None


def test_a_job_ends_with_its_progress_and_its_result(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    run(runtime, job_id)
    job = look(runtime.database, job_id)
    assert (job.state, job.done, job.total, job.result) == (State.DONE, 3, 3, {"counted": 3})
    assert job.percent == 100
    assert job.finished is not None


def test_a_job_is_done_once_however_often_it_is_sent(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    run(runtime, job_id)
    first = look(runtime.database, job_id)
    run(runtime, job_id)
    again = look(runtime.database, job_id)
    assert (again.lease, again.finished) == (first.lease, first.finished)


def test_a_refusal_ends_the_job_with_its_sentence_and_keeps_the_steps_before(
    runtime: Runtime, sent: list[str]
):
    job_id = queued(runtime, refuse_at=2)
    run(runtime, job_id)
    job = look(runtime.database, job_id)
    assert (job.state, job.done) == (State.FAILED, 1)
    assert job.message % job.params == "Row 2 is not right. Correct it."


def test_a_fault_of_ours_ends_the_job_without_its_details(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime, break_at=1)
    run(runtime, job_id)
    job = look(runtime.database, job_id)
    assert job.state == State.FAILED
    assert "broken" not in str(job.message)


def test_what_a_dead_worker_left_is_started_again(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    long_ago = utc_now() - services.SILENT - timedelta(seconds=1)
    change(runtime.database, job_id, state=State.RUNNING.value, lease=1, heartbeat=long_ago)
    sent.clear()
    assert sweep(runtime) == 1
    assert sent == [job_id]
    run(runtime, job_id)
    job = look(runtime.database, job_id)
    assert (job.state, job.lease) == (State.DONE, 2)


def test_what_was_never_taken_is_sent_again(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    change(runtime.database, job_id, heartbeat=utc_now() - services.UNSENT - timedelta(seconds=1))
    sent.clear()
    sweep(runtime)
    assert sent == [job_id]


def test_what_is_under_way_is_left_alone(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    change(runtime.database, job_id, state=State.RUNNING.value, lease=1, heartbeat=utc_now())
    sent.clear()
    assert sweep(runtime) == 0
    assert sent == []


def test_a_job_that_dies_again_and_again_is_given_up_with_a_sentence(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    long_ago = utc_now() - services.SILENT - timedelta(seconds=1)
    change(
        runtime.database, job_id, state=State.RUNNING.value, lease=services.MOST_STARTS, heartbeat=long_ago
    )
    sent.clear()
    sweep(runtime)
    job = look(runtime.database, job_id)
    assert job.state == State.FAILED
    assert "5 times" in job.message % job.params
    assert sent == []


def test_a_worker_that_was_given_up_may_write_no_more(runtime: Runtime, sent: list[str]):
    job_id = queued(runtime)
    change(runtime.database, job_id, state=State.RUNNING.value, lease=2)
    old = Work(runtime, job_id, 1, {"steps": 3}, None)
    with pytest.raises(LeaseLost), old.step(1):
        pass
    assert look(runtime.database, job_id).done == 0


def test_a_broker_that_is_away_loses_nothing(runtime: Runtime, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(runtime.celery, "send_task", refuse)
    job_id = queued(runtime)
    assert look(runtime.database, job_id).state == State.QUEUED


def test_a_job_that_finds_the_database_away_is_put_back_and_sent_again(
    runtime: Runtime, database: Database, sent: list[str]
):
    job_id = queued(runtime, away_for=1)
    run(runtime, job_id)
    assert look(database, job_id).state == State.QUEUED
    assert sweep(runtime) == 0, "not at once"
    change(database, job_id, heartbeat=utc_now() - services.UNSENT - timedelta(seconds=1))
    sent.clear()
    assert (sweep(runtime), sent) == (1, [job_id])
    run(runtime, job_id)
    assert look(database, job_id).state == State.DONE


def test_a_job_that_always_finds_it_away_fails_in_the_end(runtime: Runtime, database: Database):
    job_id = queued(runtime, away_for=9)
    for _ in range(services.MOST_STARTS):
        assert look(database, job_id).state == State.QUEUED
        run(runtime, job_id)
    assert look(database, job_id).state == State.FAILED


def test_a_job_falls_silent_where_it_cannot_even_be_put_back(
    runtime: Runtime, database: Database, sent: list[str], monkeypatch: pytest.MonkeyPatch
):
    job_id = queued(runtime, away_for=1)

    def away(*_: object) -> None:
        raise OperationalError("UPDATE", {}, OSError("still away"))

    with monkeypatch.context() as patch:
        patch.setattr(services, "_write", away)
        run(runtime, job_id)
    assert look(database, job_id).state == State.RUNNING
    change(database, job_id, heartbeat=utc_now() - services.SILENT - timedelta(seconds=1))
    assert sweep(runtime) == 1
    run(runtime, job_id)
    assert look(database, job_id).state == State.DONE
