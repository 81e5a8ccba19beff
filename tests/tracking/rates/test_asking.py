"""57 officers of Chu Văn An over two waves, and how their rate is asked for."""

from uuid import UUID

import pytest

from tests.tracking.cast import COURSE, NOON, OTHER_COURSE, TODAY, days, keep, known, rate, said
from tracking.rates.members import (
    Question,
    all_members,
    completed_members,
    member_counts,
    memberships_of,
    missing_members,
)
from tracking.rates.queries import Rate, rates
from tracking.rates.series import over_time
from tracking.rates.services import Placement, place_many

OFFICERS = [UUID(int=number) for number in range(1, 58)]
FIRST_WAVE = TODAY - days(20)
SECOND_WAVE = TODAY - days(3)


@pytest.fixture
def officers(session):
    """Unit of an officer: 1 to 3. 45 completed in the first wave, 12 in the second."""
    since = TODAY - days(60)
    place_many(
        session, [Placement(one, one.int % 3 + 1, "officer", since) for one in OFFICERS], NOON - days(59)
    )
    known(session, *OFFICERS, now=NOON - days(58))
    for wave, day in ((OFFICERS[:45], 20), (OFFICERS[45:], 3)):
        moment = NOON - days(day)
        keep(session, *(said(one, at=moment) for one in wave), now=moment)


def test_57_of_57_have_completed(session, officers):
    found = rates(session, activity=COURSE, units={"all": [1, 2, 3]}, as_of=TODAY)["all"]
    assert found == Rate(57, 57)
    assert found.percent == 100.0


def test_between_the_waves_45_had(session, officers):
    found = rates(session, activity=COURSE, units={"all": [1, 2, 3]}, as_of=SECOND_WAVE - days(1))["all"]
    assert found == Rate(45, 57)
    assert rate(session, 1, 2, 3, as_of=FIRST_WAVE - days(1)) == (0, 57)


def test_groups_may_share_units_and_name_one_twice(session, officers):
    groups = {"city": [1, 2, 3], "commune": [1, 2, 2], "empty": []}
    found = rates(session, activity=COURSE, units=groups, audience="officer", as_of=TODAY)
    assert found == {"city": Rate(57, 57), "commune": Rate(38, 38), "empty": Rate(0, 0)}
    assert found["empty"].percent is None


def test_thousands_of_units_are_read_as_well_as_few(session, officers):
    found = rates(session, activity=COURSE, units={"city": range(3000)}, as_of=TODAY)
    assert found == {"city": Rate(57, 57)}


@pytest.mark.parametrize("known_on", [None, TODAY])
def test_another_activity_or_audience_has_its_own_rate(session, officers, known_on):
    assert rate(session, 1, 2, 3, activity=OTHER_COURSE, known_on=known_on) == (0, 57)
    assert rate(session, 1, 2, 3, audience="citizen", known_on=known_on) == (0, 0)


def test_as_known_on_an_earlier_day_less_had_been_stored(session, officers):
    assert rate(session, 1, 2, 3, known_on=SECOND_WAVE - days(1)) == (45, 57)
    assert rate(session, 1, 2, 3, known_on=TODAY - days(60)) == (0, 0)


@pytest.mark.parametrize("as_of", [TODAY, SECOND_WAVE - days(1), FIRST_WAVE - days(1), TODAY - days(90)])
@pytest.mark.parametrize("known_on", [None, TODAY, SECOND_WAVE - days(1)])
def test_the_people_behind_a_rate_are_as_many_as_it_says(session, officers, as_of, known_on):
    asked = Question(activity=COURSE, units=[1, 3], audience="officer", as_of=as_of, known_on=known_on)
    done, missing = completed_members(session, asked), missing_members(session, asked)
    assert (len(done), len(done) + len(missing)) == rate(session, 1, 3, as_of=as_of, known_on=known_on)
    everyone = all_members(session, asked)
    assert [one for one in everyone if one.statement_id] == done
    assert [one for one in everyone if one.statement_id is None] == missing
    assert all(one.completed_on <= as_of for one in done)
    if known_on is None:
        counted = member_counts(session, as_of=as_of)
        assert len(everyone) == counted.get((1, "officer"), 0) + counted.get((3, "officer"), 0)


def test_an_explanation_names_unit_time_and_statement(session, officers):
    asked = Question(activity=COURSE, units=[2], as_of=TODAY)
    first = completed_members(session, asked, limit=1)[0]
    assert (first.learner, first.unit, first.audience) == (OFFICERS[0], 2, "officer")
    assert (first.completed_at, first.completed_on) == (NOON - days(20), FIRST_WAVE)
    assert first.statement_id is not None


def test_pages_of_people_follow_each_other(session, officers):
    asked = Question(activity=COURSE, units=[1, 2, 3], as_of=SECOND_WAVE - days(1))
    pages, after = [], None
    while page := missing_members(session, asked, after=after, limit=5):
        pages.append([one.learner for one in page])
        after = page[-1].learner
    assert [len(page) for page in pages] == [5, 5, 2]
    assert [one for page in pages for one in page] == OFFICERS[45:]


def test_a_series_ends_with_the_rate_of_its_last_day(session, officers):
    points = over_time(session, activity=COURSE, units=[1, 2, 3], first=FIRST_WAVE - days(1), last=TODAY)
    assert [point.day for point in points] == [FIRST_WAVE + days(number) for number in range(-1, 21)]
    assert [point.rate.completed for point in points] == [0] + [45] * 17 + [57] * 4
    assert {point.rate.members for point in points} == {57}


def test_a_series_of_weeks_has_the_rates_of_its_days(session, officers):
    points = over_time(
        session, activity=COURSE, units=[1, 2], audience="officer", first=TODAY - days(70), last=TODAY, step=7
    )
    assert len(points) == 11
    for point in points:
        assert (point.rate.completed, point.rate.members) == rate(session, 1, 2, as_of=point.day)


def test_where_a_learner_is_counted_can_be_looked_up(session, officers):
    [found] = memberships_of(session, OFFICERS[0])
    assert (found.unit, found.audience, found.until) == (2, "officer", None)
