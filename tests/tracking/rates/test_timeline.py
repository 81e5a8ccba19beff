from datetime import date

import pytest

from tracking.errors import Refused
from tracking.rates.timeline import Stay, checked, placed, removed, united


def day(number: int) -> date:
    return date(2025, 11, number)


def stay(since: int, unit: int, until: int | None = None, audience: str = "officer") -> Stay:
    return Stay(day(since), unit, audience, day(until) if until else None)


A_THEN_B = (stay(1, 1, 10), stay(10, 2))
LEFT = (stay(1, 1, 10),)


@pytest.mark.parametrize(
    ("before", "unit", "since", "after"),
    [
        pytest.param((), 1, 5, (stay(5, 1),), id="first placement"),
        pytest.param((stay(1, 1),), 2, 10, A_THEN_B, id="move"),
        pytest.param(A_THEN_B, 3, 20, (stay(1, 1, 10), stay(10, 2, 20), stay(20, 3)), id="second move"),
        pytest.param((stay(1, 1),), 1, 1, (stay(1, 1),), id="the same again"),
        pytest.param((stay(1, 1),), 1, 5, (stay(1, 1),), id="there already"),
        pytest.param(A_THEN_B, 1, 1, A_THEN_B, id="an old fact again"),
        pytest.param((stay(5, 1),), 2, 5, (stay(5, 2),), id="wrong unit corrected"),
        pytest.param((stay(5, 1),), 1, 3, (stay(3, 1),), id="earlier date"),
        pytest.param(A_THEN_B, 2, 7, (stay(1, 1, 7), stay(7, 2)), id="earlier date of a move"),
        pytest.param(A_THEN_B, 3, 7, (stay(1, 1, 7), stay(7, 3)), id="other unit and earlier date of a move"),
        pytest.param(A_THEN_B, 1, 10, (stay(1, 1),), id="the move never was"),
        pytest.param(LEFT, 1, 20, (stay(1, 1, 10), stay(20, 1)), id="return after a while"),
        pytest.param(LEFT, 1, 10, (stay(1, 1),), id="return at once"),
        pytest.param(LEFT, 2, 5, (stay(1, 1, 5), stay(5, 2)), id="moved before leaving"),
    ],
)
def test_placing(before, unit, since, after):
    assert placed(before, unit, "officer", day(since)) == after


def test_another_audience_is_another_place():
    before = (stay(1, 1),)
    assert placed(before, 1, "citizen", day(5)) == (stay(1, 1, 5), stay(5, 1, audience="citizen"))


@pytest.mark.parametrize("since", [1, 0])
def test_a_placement_that_would_wipe_out_an_earlier_one_is_refused(since):
    with pytest.raises(Refused, match="when an earlier membership began"):
        placed((stay(2, 1, 10), stay(10, 2)), 3, "officer", day(since + 1))


def test_an_unknown_audience_is_refused():
    with pytest.raises(Refused, match="use officer or citizen"):
        placed((), 1, "visitor", day(1))


@pytest.mark.parametrize(
    ("before", "until", "after"),
    [
        pytest.param((stay(1, 1),), 10, LEFT, id="leaving"),
        pytest.param(LEFT, 10, LEFT, id="the same again"),
        pytest.param(LEFT, 5, (stay(1, 1, 5),), id="earlier end"),
        pytest.param(LEFT, 20, (stay(1, 1, 20),), id="later end"),
        pytest.param(A_THEN_B, 20, (stay(1, 1, 10), stay(10, 2, 20)), id="leaving the last place"),
    ],
)
def test_leaving(before, until, after):
    assert removed(before, day(until)) == after


@pytest.mark.parametrize(
    ("before", "until"), [((), 5), ((stay(5, 1),), 5), ((stay(5, 1),), 4), (A_THEN_B, 10)]
)
def test_who_has_not_arrived_cannot_leave(before, until):
    with pytest.raises(Refused):
        removed(before, day(until))


def test_a_whole_history_is_put_in_order():
    assert checked((stay(10, 2), stay(5, 1, 10), stay(1, 1, 5))) == (stay(1, 1, 10), stay(10, 2))


@pytest.mark.parametrize(
    "stays",
    [(stay(1, 1), stay(5, 2)), (stay(1, 1, 6), stay(5, 2)), (stay(5, 1, 5),), (stay(1, 1, audience="x"),)],
)
def test_a_history_in_two_places_at_once_is_refused(stays):
    with pytest.raises(Refused):
        checked(stays)


@pytest.mark.parametrize(
    ("first", "other", "both"),
    [
        pytest.param((), A_THEN_B, A_THEN_B, id="nothing said of the first"),
        pytest.param(A_THEN_B, (stay(3, 3),), A_THEN_B, id="no day is left open"),
        pytest.param((stay(10, 1),), (stay(1, 2),), (stay(1, 2, 10), stay(10, 1)), id="before"),
        pytest.param(LEFT, (stay(3, 2),), (stay(1, 1, 10), stay(10, 2)), id="after leaving"),
        pytest.param(
            (stay(5, 1, 8), stay(12, 1, 15)),
            (stay(1, 2, 20),),
            (stay(1, 2, 5), stay(5, 1, 8), stay(8, 2, 12), stay(12, 1, 15), stay(15, 2, 20)),
            id="all around",
        ),
        pytest.param((stay(5, 1, 8),), (stay(1, 1, 5), stay(8, 1)), (stay(1, 1),), id="one stay in parts"),
        pytest.param((stay(5, 1, 8),), (stay(5, 2, 8),), (stay(5, 1, 8),), id="covered"),
    ],
)
def test_two_timelines_of_one_learner_are_one(first, other, both):
    assert united(first, other) == both
