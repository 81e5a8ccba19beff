import pytest

from tests.tracking.cast import (
    AN,
    BINH,
    COURSE,
    NOON,
    OTHER_COURSE,
    TODAY,
    days,
    keep,
    known,
    rate,
    said,
)
from tracking.completions.queries import completions, completions_of, passing_is_demanded
from tracking.completions.services import demand_passing
from tracking.rates.services import place


@pytest.fixture
def failed(session):
    """An failed the course, Bình said nothing of success."""
    known(session, AN, BINH)
    for learner in (AN, BINH):
        place(session, learner, 1, "officer", TODAY - days(30), NOON)
    keep(session, said(AN, result={"success": False}), said(BINH))


def test_who_failed_counts_while_passing_is_not_demanded(session, failed):
    assert not passing_is_demanded(session, COURSE)
    assert rate(session, 1) == (2, 2)


def test_who_failed_stops_to_count_when_passing_is_demanded(session, failed):
    [change] = demand_passing(session, COURSE, demanded=True, now=NOON + days(1))
    assert (change.learner, change.before, change.completed_at) == (AN, NOON, None)
    assert passing_is_demanded(session, COURSE)
    assert rate(session, 1) == (1, 2)
    assert rate(session, 1, known_on=TODAY) == (2, 2)


def test_who_failed_counts_again_when_the_demand_is_dropped(session, failed):
    demand_passing(session, COURSE, demanded=True, now=NOON + days(1))
    [change] = demand_passing(session, COURSE, demanded=False, now=NOON + days(2))
    assert (change.learner, change.completed_at) == (AN, NOON)
    assert rate(session, 1) == (2, 2)
    assert rate(session, 1, known_on=TODAY + days(1)) == (1, 2)


def test_a_demand_made_before_anything_happened_holds_for_what_comes(session):
    known(session, AN)
    assert demand_passing(session, COURSE, demanded=True, now=NOON) == []
    assert keep(session, said(AN, result={"success": False}), now=NOON + days(1)).completions == []
    assert len(keep(session, said(AN, result={"success": True}), now=NOON + days(1)).completions) == 1


def test_a_demand_concerns_one_activity(session, failed):
    keep(session, said(AN, activity=OTHER_COURSE, result={"success": False}))
    demand_passing(session, COURSE, demanded=True, now=NOON + days(1))
    assert set(completions_of(session, AN)) == {OTHER_COURSE}
    found = completions(session, [COURSE, OTHER_COURSE], [AN, BINH])
    assert set(found) == {(AN, OTHER_COURSE), (BINH, COURSE)}
    assert found[BINH, COURSE].completed_on == TODAY


@pytest.mark.parametrize("demanded", [True, False])
def test_saying_it_twice_changes_nothing(session, failed, demanded):
    demand_passing(session, COURSE, demanded=demanded, now=NOON + days(1))
    assert demand_passing(session, COURSE, demanded=demanded, now=NOON + days(2)) == []
