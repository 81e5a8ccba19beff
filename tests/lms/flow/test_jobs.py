"""What is due is queued, once; jobs go on in shifts; a job that was killed goes on where it was."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.core.clock import utc_now
from lms.core.jobs import services as jobs
from lms.core.jobs.models import Job, State
from lms.flow import tasks
from lms.flow.models import RemoteStore
from lms.flow.services.due import forget_jobs, queue_due
from lms.flow.services.managing import pause
from lms.flow.services.running import Run, backoff
from tests.lms.flow.conftest import Flow
from tests.lms.flow.fakes import FakeStore, answer, statement


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, there: FakeStore) -> Iterator[list[str]]:
    """The ids that were sent to workers; runs meet the store of the tests."""
    ids: list[str] = []
    monkeypatch.setattr(jobs, "send", lambda _runtime, job_id: ids.append(job_id))
    monkeypatch.setattr(tasks, "Run", lambda *given, **more: Run(*given, send=there, **more))
    return ids


def work(flow: Flow, sent: list[str]) -> list[str]:
    """Do what was sent, as a worker does; the kinds of the jobs."""
    kinds = []
    while sent:
        job_id = sent.pop(0)
        jobs.run(flow.runtime, job_id)
        with flow.database.snapshot() as session:
            kinds.append(session.get_one(Job, job_id).kind)
    return kinds


def change(flow: Flow, remote_id: int, **values: object) -> None:
    with flow.database.transaction() as session:
        session.execute(update(RemoteStore).where(RemoteStore.id == remote_id).values(**values))


def test_what_was_started_is_queued_and_done(flow: Flow, there: FakeStore, sent: list[str]):
    there.statements = [statement(0)]
    source = flow.source()
    assert queue_due(flow.runtime) == 1
    assert work(flow, sent) == ["flow.pull"]
    assert flow.look(source).moved == 1
    assert queue_due(flow.runtime) == 0, "until the next time"


def test_what_is_queued_is_not_queued_again(flow: Flow, sent: list[str]):
    flow.source()
    queue_due(flow.runtime)
    assert queue_due(flow.runtime) == 0
    assert len(sent) == 1


def test_a_source_is_due_when_its_time_has_come(flow: Flow, sent: list[str]):
    source = flow.source()
    change(flow, source, next_try=utc_now() + timedelta(minutes=1))
    assert queue_due(flow.runtime) == 0
    change(flow, source, next_try=utc_now())
    assert queue_due(flow.runtime) == 1


def test_a_destination_is_due_when_there_is_something_for_it(flow: Flow, there: FakeStore, sent: list[str]):
    flow.destination()
    assert queue_due(flow.runtime) == 0
    flow.store(statement(0))
    assert queue_due(flow.runtime) == 1
    assert work(flow, sent) == ["flow.forward"]
    assert len(there.kept) == 1
    assert queue_due(flow.runtime) == 0


def test_what_is_not_to_run_is_not_queued(flow: Flow, sent: list[str]):
    source = flow.source()
    as_it_was = {"active": True, "stopped": False, "removed": None}
    for values in ({"active": False}, {"stopped": True}, {"removed": utc_now()}):
        change(flow, source, **as_it_was | values)
        assert queue_due(flow.runtime) == 0, values


def test_a_long_walk_is_done_in_shifts(
    flow: Flow, there: FakeStore, sent: list[str], monkeypatch: pytest.MonkeyPatch
):
    there.statements = [statement(number) for number in range(6)]
    source = flow.source()
    queue_due(flow.runtime)
    hours = iter(range(100))
    monkeypatch.setattr(tasks.time, "monotonic", lambda: 20 * next(hours))
    assert work(flow, sent) == ["flow.pull"] * 3
    assert len(flow.kept()) == 6
    assert flow.look(source).walk is None


def test_a_shift_that_was_paused_has_no_next_one(flow: Flow, there: FakeStore, sent: list[str]):
    there.statements = [statement(number) for number in range(4)]
    source = flow.source()
    queue_due(flow.runtime)

    def paused(request):
        with flow.database.transaction() as session:
            pause(session, session.get_one(RemoteStore, source), actor=None)
        return answer(body={"statements": [], "more": ""})

    there.then(None, paused)
    assert len(work(flow, sent)) == 1
    assert len(flow.kept()) == 2


def test_a_worker_that_was_killed_in_the_middle_loses_nothing(flow: Flow, there: FakeStore, sent: list[str]):
    """The row says that the job runs, and nobody works on it any more; half of the walk was committed."""

    class Killed(BaseException):
        """Not even the job's own handler of errors sees it."""

    def kill(_request):
        raise Killed

    there.statements = [statement(number) for number in range(6)]
    source = flow.source()
    queue_due(flow.runtime)
    (job_id,) = sent
    there.then(None, kill)
    with pytest.raises(Killed):
        work(flow, sent)
    assert len(flow.kept()) == 2
    with flow.database.transaction() as session:
        job = session.get_one(Job, job_id)
        assert job.state == State.RUNNING
        job.heartbeat = utc_now() - jobs.SILENT - timedelta(seconds=1)
    assert queue_due(flow.runtime) == 0, "it is still at work, as far as anybody knows"
    jobs.sweep(flow.runtime)
    assert work(flow, sent) == ["flow.pull"]
    assert list(flow.kept()) == [each["id"] for each in there.statements]
    assert flow.look(source).moved == 6


def test_a_worker_that_was_given_up_keeps_nothing_more(flow: Flow, there: FakeStore, sent: list[str]):
    there.statements = [statement(number) for number in range(4)]
    flow.source()
    queue_due(flow.runtime)
    (job_id,) = sent

    def meanwhile(_request):
        with flow.database.transaction() as session:
            session.get_one(Job, job_id).lease += 1
        return answer(body={"statements": there.statements, "more": ""})

    there.then(None, meanwhile)
    work(flow, sent)
    assert len(flow.kept()) == 2


def test_a_defect_of_ours_is_noted_and_not_tried_again_at_once(flow: Flow, there: FakeStore, sent: list[str]):
    def broken(_request):
        raise ZeroDivisionError

    there.then(broken)
    source = flow.source()
    queue_due(flow.runtime)
    (job_id,) = sent
    work(flow, sent)
    row = flow.look(source)
    assert (row.failures, row.stopped) == (1, False)
    assert "our side" in str(row.problem)
    with flow.database.snapshot() as session:
        assert session.get_one(Job, job_id).state == State.FAILED
    assert queue_due(flow.runtime) == 0


def test_jobs_that_ended_are_forgotten_after_a_day(flow: Flow, sent: list[str]):
    source = flow.source()
    queue_due(flow.runtime)
    work(flow, sent)
    change(flow, source, next_try=utc_now())
    queue_due(flow.runtime)
    assert forget_jobs(flow.runtime) == 0
    with flow.database.transaction() as session:
        session.execute(
            update(Job).values(finished=utc_now() - timedelta(days=2)).where(Job.finished.is_not(None))
        )
    assert forget_jobs(flow.runtime) == 1
    with flow.database.snapshot() as session:
        assert len(session.scalars(select(Job)).all()) == 1


def test_pauses_grow_to_an_hour_and_differ_a_little():
    assert [backoff(failures, 0.5) for failures in (1, 2, 3, 7, 8, 1000)] == [30, 60, 120, 1920, 3600, 3600]
    assert (backoff(1, 0), backoff(1, 1)) == (22.5, 37.5)
