"""How much a client may send in a minute, and when it was last seen."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lms.core.database import Database
from lms.xapi.metering import LastUse, RateLimits, flush, write_last_use
from lms.xapi.models import Client
from lms.xapi.services import add_client

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_whole_minutes_worth_may_come_at_once_and_then_one_waits(clock):
    limits = RateLimits(clock)
    assert [limits.admit("a", 10) for _ in range(10)] == [0] * 10
    assert limits.admit("a", 10) == 6
    clock.now += 5
    assert limits.admit("a", 10) == 1
    clock.now += 1
    assert limits.admit("a", 10) == 0
    assert limits.admit("a", 10) == 6


def test_over_a_long_time_no_more_comes_in_than_the_limit(clock):
    limits = RateLimits(clock)
    admitted = 0
    for _ in range(3600):  # ten minutes, six requests a second
        admitted += limits.admit("a", 30) == 0
        clock.now += 1 / 6
    assert 300 <= admitted <= 330


def test_a_batch_that_is_larger_than_the_limit_passes_and_is_waited_for(clock):
    limits = RateLimits(clock)
    assert limits.admit("a", 60) == 0
    limits.charge("a", 60, 239)
    assert limits.admit("a", 60) == 181
    clock.now += 181
    assert limits.admit("a", 60) == 0


def test_clients_do_not_use_up_each_others_limit_and_some_have_none(clock):
    limits = RateLimits(clock)
    assert limits.admit("a", 1) == 0
    assert limits.admit("a", 1) == 60
    assert limits.admit("b", 1) == 0
    assert all(limits.admit("c", None) == 0 for _ in range(1000))


def test_a_refused_request_does_not_count(clock):
    limits = RateLimits(clock)
    limits.admit("a", 1)
    waits = [limits.admit("a", 1) for _ in range(100)]
    assert set(waits) == {60}


def test_last_use_is_due_once_a_minute_for_each_client(clock):
    last_use = LastUse(clock)
    assert last_use.saw("a", NOW)
    assert last_use.take() == {"a": NOW}
    clock.now += 59
    later = NOW + timedelta(seconds=59)
    assert not last_use.saw("a", later)
    assert last_use.take() == {}
    assert last_use.saw("b", later)
    assert last_use.take() == {"b": later}
    clock.now += 1
    assert last_use.saw("a", later + timedelta(seconds=1))
    assert last_use.take() == {"a": later + timedelta(seconds=1)}


def test_last_use_is_written_and_never_goes_back(database: Database, clock):
    with database.transaction() as session:
        client, _ = add_client(session, "A", [], secret_key="k", actor=None)
    last_use = LastUse(clock)
    last_use.saw(client.key, NOW)
    flush(database, last_use)
    with database.transaction() as session:
        write_last_use(session.connection(), {client.key: NOW - timedelta(hours=1), "nobody": NOW})
    with database.snapshot() as session:
        assert session.scalars(select(Client.last_used)).one() == NOW
