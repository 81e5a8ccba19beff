from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from tests.tracking.cast import AN
from tracking.record.models import Agent, IdentityKey, Resolution
from tracking.times import end_of, local_date, showable


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 11, 10, 16, 59, 59, tzinfo=UTC), date(2025, 11, 10)),
        (datetime(2025, 11, 10, 17, tzinfo=UTC), date(2025, 11, 11)),
        (datetime(2025, 11, 11, 0, tzinfo=timezone(timedelta(hours=7))), date(2025, 11, 11)),
    ],
)
def test_the_local_date_begins_at_midnight_in_hai_phong(moment, day):
    assert local_date(moment) == day
    assert local_date(end_of(day)) == day + timedelta(days=1)
    assert moment < end_of(day)


@pytest.mark.parametrize("year", [1, 9999])
def test_every_instant_has_a_local_date(year):
    moment = datetime(year, 12 if year > 1 else 1, 31 if year > 1 else 1, 23, tzinfo=UTC)
    assert abs(local_date(showable(moment)) - moment.date()) <= timedelta(days=2)


def test_an_instant_comes_back_from_the_database_as_it_was_to_the_microsecond(session):
    moment = datetime(2025, 11, 11, 23, 59, 59, 123456, tzinfo=timezone(timedelta(hours=7)))
    key = IdentityKey(key="x")
    session.add(key)
    session.flush()
    agent = Agent(identifier="x", kind="agent", key_id=key.id)
    session.add(agent)
    session.flush()
    session.add(Resolution(agent_id=agent.id, learner=AN, linked_at=moment))
    session.flush()
    session.expire_all()
    assert session.scalar(select(Resolution.linked_at)) == moment


def test_a_naive_instant_is_refused(session):
    with pytest.raises(Exception, match="naive"):
        session.scalar(select(Resolution.id).where(Resolution.linked_at == datetime(2025, 1, 1)))  # noqa: DTZ001
