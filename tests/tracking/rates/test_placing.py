from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.tracking.cast import AN, BINH, CHI, NOON, TODAY, days, keep, known, rate, said
from tracking.errors import Refused
from tracking.rates.models import Membership
from tracking.rates.services import Placement, Removal, correct, place, place_many, remove, remove_many
from tracking.rates.timeline import Stay

SPRING = date(2025, 2, 1)


def rows(session):
    return session.scalar(select(func.count()).select_from(Membership))


def test_a_member_counts_from_the_day_of_placement(session):
    assert place(session, AN, 1, "officer", TODAY, NOON)
    assert rate(session, 1, as_of=TODAY - days(1)) == (0, 0)
    assert rate(session, 1) == (0, 1)
    assert rate(session, 1, audience="citizen") == (0, 0)


def test_a_membership_of_the_future_counts_when_its_day_comes(session):
    place(session, AN, 1, "officer", TODAY + days(5), NOON)
    assert rate(session, 1) == (0, 0)
    assert rate(session, 1, as_of=TODAY + days(5)) == (0, 1)


def test_a_completion_moves_with_the_learner(session):
    known(session, AN)
    place(session, AN, 1, "officer", SPRING, NOON)
    keep(session, said(AN, at=NOON - days(10)))
    place(session, AN, 2, "officer", TODAY, NOON)
    assert (rate(session, 1, as_of=TODAY - days(1)), rate(session, 2, as_of=TODAY - days(1))) == (
        (1, 1),
        (0, 0),
    )
    assert (rate(session, 1), rate(session, 2)) == ((0, 0), (1, 1))


def test_a_completion_before_the_membership_counts_in_it(session):
    known(session, AN)
    keep(session, said(AN, at=NOON - days(10)))
    place(session, AN, 1, "officer", TODAY, NOON)
    assert rate(session, 1, as_of=TODAY - days(1)) == (0, 0)
    assert rate(session, 1) == (1, 1)


def test_a_completion_after_the_membership_does_not_count_in_it(session):
    known(session, AN)
    place(session, AN, 1, "officer", SPRING, NOON)
    remove(session, AN, TODAY - days(1), NOON)
    keep(session, said(AN))
    assert rate(session, 1, as_of=TODAY - days(2)) == (0, 1)
    assert rate(session, 1) == (0, 0)


def test_the_day_of_a_completion_is_the_local_one(session):
    known(session, AN)
    place(session, AN, 1, "officer", SPRING, NOON)
    keep(session, said(AN) | {"timestamp": "2025-11-10T17:30:00Z"})
    assert rate(session, 1, as_of=TODAY - days(1)) == (0, 1)
    assert rate(session, 1, as_of=TODAY) == (1, 1)


def test_the_same_placement_twice_changes_nothing(session):
    place(session, AN, 1, "officer", SPRING, NOON)
    assert not place(session, AN, 1, "officer", SPRING, NOON + days(1))
    assert rows(session) == 1


def test_what_was_known_before_a_move_stays_known(session):
    place(session, AN, 1, "officer", SPRING, NOON)
    place(session, AN, 2, "officer", SPRING, NOON + days(3))
    assert rate(session, 1, known_on=TODAY) == (0, 1)
    assert rate(session, 1, known_on=TODAY + days(3)) == (0, 0)
    assert rate(session, 1) == (0, 0)


def test_a_refused_placement_changes_nothing(session):
    place(session, AN, 1, "officer", SPRING, NOON)
    place(session, AN, 2, "officer", TODAY, NOON)
    with pytest.raises(Refused):
        place(session, AN, 3, "officer", SPRING - days(1), NOON)
    assert rate(session, 2) == (0, 1)
    with pytest.raises(Refused):
        remove(session, BINH, TODAY, NOON)


def test_many_are_placed_at_once_and_the_refused_are_named(session):
    place(session, AN, 1, "officer", SPRING, NOON)
    place(session, AN, 2, "officer", TODAY, NOON)
    outcome = place_many(
        session,
        [
            Placement(AN, 3, "officer", SPRING - days(1)),
            Placement(BINH, 3, "citizen", SPRING),
            Placement(CHI, 3, "guest", SPRING),
            Placement(BINH, 4, "citizen", TODAY),
            Placement(BINH, 4, "citizen", TODAY),
        ],
        NOON,
    )
    assert outcome.changed == {1, 3}
    assert set(outcome.refused) == {0, 2}
    assert (rate(session, 2), rate(session, 3), rate(session, 4)) == ((0, 1), (0, 0), (0, 1))
    assert rate(session, 3, as_of=SPRING) == (0, 1)


def test_thousands_are_placed_and_removed(session):
    crowd = [UUID(int=number) for number in range(1, 3001)]
    facts = [Placement(learner, learner.int % 7, "citizen", SPRING) for learner in crowd]
    assert len(place_many(session, facts, NOON).changed) == 3000
    assert rate(session, *range(7)) == (0, 3000)
    assert place_many(session, facts, NOON).changed == set()
    remove_many(session, [Removal(learner, TODAY) for learner in crowd[:1000]], NOON)
    assert rate(session, *range(7)) == (0, 2000)


def test_a_whole_history_can_be_corrected(session):
    known(session, AN)
    keep(session, said(AN, at=NOON - days(5)))
    place(session, AN, 1, "officer", SPRING, NOON)
    place(session, AN, 2, "officer", TODAY, NOON)
    assert correct(session, AN, [Stay(SPRING + days(9), 3, "citizen")], NOON)
    assert (rate(session, 1, 2), rate(session, 3)) == ((0, 0), (1, 1))
    assert rate(session, 1, as_of=SPRING) == (0, 0)
    assert not correct(session, AN, [Stay(SPRING + days(9), 3, "citizen")], NOON)
    correct(session, AN, [], NOON)
    assert rate(session, 1, 2, 3) == (0, 0)
