"""A walk in itself: from when the next one asks, and how circles are found."""

from datetime import timedelta

import pytest

from lms.flow.walking import OVERLAP, Circle, Walk, read_walk
from tests.lms.flow.fakes import MORNING, written

LATER = MORNING + timedelta(hours=1)


def at(minutes: float) -> str:
    return written(MORNING + timedelta(minutes=minutes))


def test_a_walk_is_kept_and_read_again_as_it_was():
    walk = Walk().onward([at(1), at(2)], "https://a/1", LATER)
    assert read_walk(walk.as_json()) == walk
    assert read_walk(None) == Walk()
    assert read_walk(Walk(size=3).as_json()) == Walk(size=3)


def test_the_next_walk_asks_from_the_latest_that_was_seen():
    walk = Walk().onward([at(1), at(2)], None, LATER)
    assert walk.reached(None) == MORNING + timedelta(minutes=2)
    assert (walk.low, walk.seen, walk.pages) == (MORNING + timedelta(minutes=1), 2, 1)


def test_but_not_from_what_may_still_be_coming():
    walk = Walk().onward([at(1), at(59)], None, LATER)
    assert walk.reached(None) == LATER - OVERLAP


def test_what_was_consistent_when_the_walk_began_counts():
    walk = Walk().onward([at(1)], "https://a/1", MORNING).onward([at(30)], None, LATER)
    assert walk.reached(None) == MORNING - OVERLAP


def test_it_never_asks_from_earlier_than_before():
    walk = Walk().onward([at(1)], None, MORNING)
    assert walk.reached(LATER) == LATER
    assert walk.interrupted(LATER) == LATER


def test_a_walk_that_saw_nothing_leaves_everything_as_it_was():
    walk = Walk().onward([], None, LATER)
    assert walk.reached(None) is None
    assert walk.reached(MORNING) == MORNING


@pytest.mark.parametrize("text", [None, 7, "", "yesterday"])
def test_a_time_that_is_none_is_passed_over(text):
    assert Walk().onward([text, at(1)], None, LATER).high == MORNING + timedelta(minutes=1)


def test_after_an_interruption_the_last_instant_is_asked_for_again():
    walk = Walk().onward([at(1), at(2)], "https://a/1", LATER)
    assert walk.interrupted(None) == MORNING + timedelta(minutes=2) - timedelta(milliseconds=1)


def test_after_disorder_nothing_is_taken_for_done():
    walk = Walk().onward([at(2), at(1)], "https://a/1", LATER)
    assert walk.disordered
    assert walk.interrupted(None) is None
    assert walk.reached(None) == MORNING + timedelta(minutes=2)


@pytest.mark.parametrize("length", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("before", [0, 1, 5])
def test_a_circle_of_any_length_is_found(length: int, before: int):
    def steps_until_found() -> int:
        walk = Walk()
        for step in range(1000):
            place = step if step < before else before + (step - before) % length
            try:
                walk = walk.onward([], f"https://a/{place}", LATER)
            except Circle:
                return step
        return 1000

    assert steps_until_found() <= 3 * (before + length) + 3


def test_a_long_walk_is_not_a_circle():
    walk = Walk()
    for page in range(2000):
        walk = walk.onward([], f"https://a/{page}", LATER)
    assert walk.pages == 2000
