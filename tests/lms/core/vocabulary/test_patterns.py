"""Statements of an attempt follow its pattern (xAPI Profiles part 2, 9.0; part 3, 2.2)."""

from itertools import permutations

import pytest

from lms.core.vocabulary.iris import own
from lms.core.vocabulary.patterns import PATTERNS
from tests.profiles.ours import Made, kinds, out_of_order
from tests.profiles.patterns import FAILURE, PARTIAL, SUCCESS, follows, matches
from tests.profiles.samples import attempt_told, one_of_each

LETTERS = {
    "i": attempt_told("initialized"),
    "r": attempt_told("progressed", progress=40),
    "p": attempt_told("passed", success=True, seconds=9),
    "f": attempt_told("failed", success=False, seconds=9),
    "c": attempt_told("completed", completion=True, seconds=9),
    "s": attempt_told("suspended", seconds=9),
    "t": attempt_told("terminated", seconds=9),
}
SENT = {letter: kinds(statement) for letter, statement in LETTERS.items()}


def followed(attempt: str) -> str | None:
    return follows([SENT[letter] for letter in attempt], PATTERNS)


@pytest.mark.parametrize(
    "attempt", ["i", "is", "irrpct", "ifs", "irsirpct", "iprs", "ict", "iirsrct", "icsifprt"]
)
def test_attempts_as_they_happen_follow_the_pattern(attempt: str):
    assert followed(attempt) == own("attempt")


@pytest.mark.parametrize("attempt", ["", "s", "rct", "ric", "ccit", "icct", "icsict", "pi", "t"])
def test_what_cannot_be_an_attempt_does_not(attempt: str):
    assert followed(attempt) is None


def test_a_completion_that_came_at_once_follows_one_of_its_own():
    assert followed("c") == own("lesson-at-once")
    assert followed("cc") is None


def test_courses_and_what_was_taken_back_stand_alone():
    made = one_of_each()
    for template, pattern in (("course-completed", "course"), ("taken-back", "withdrawal")):
        kind = kinds(made[own(template)])
        assert follows([kind], PATTERNS) == own(pattern)
        assert follows([kind, kind], PATTERNS) is None
        assert follows([SENT["i"], kind], PATTERNS) is None


def test_the_order_is_that_of_timestamps():
    told = [
        attempt_told("terminated", 3, seconds=1),
        attempt_told("initialized", 1),
        attempt_told("initialized", 2),
    ]
    assert all(out_of_order(order) is None for order in permutations(told))
    told[1]["timestamp"] = "2026-03-02T09:30:00+07:00"  # an hour later than it looks
    assert out_of_order(told) is None
    told[0]["timestamp"] = "2026-03-02T00:00:00Z"
    assert out_of_order(told) == "no pattern for terminated initialized initialized"


def test_what_is_watched_is_held_to_both():
    def store(_session, _statements, **_more):
        return None

    ours = {"account": {"homePage": "http://localhost:8000", "name": "lms"}, "objectType": "Agent"}
    made = Made()
    watched = made.watch(store)
    watched(None, [LETTERS["s"]], authority=ours, home_page="http://localhost:8000")
    assert made.faults() == ["no pattern for suspended"]
    watched(None, [{"id": "1", "verb": {"id": "urn:new"}}], authority=ours, home_page="http://localhost:8000")
    assert "urn:new no template for it" in made.faults()
    other = Made()
    other.watch(store)(
        None, [{"id": "1"}], authority={"mbox": "mailto:a@b.vn"}, home_page="http://localhost:8000"
    )
    assert other.statements == {}


A, B = {"a"}, {"b"}
SMALL = {
    "ab": {"id": "ab", "sequence": ["a", "b"]},
    "a+": {"id": "a+", "oneOrMore": "a"},
    "ab*": {"id": "ab*", "zeroOrMore": "ab"},
    "a?": {"id": "a?", "optional": "a"},
    "a|ab": {"id": "a|ab", "alternates": ["a", "ab"]},
}


@pytest.mark.parametrize(
    ("element", "sent", "outcome", "left"),
    [
        ("a", [], PARTIAL, []),
        ("a", [B], FAILURE, [B]),
        ("ab", [A], PARTIAL, []),
        ("ab", [A, A], FAILURE, [A, A]),
        ("ab", [A, B, A], SUCCESS, [A]),
        ("a+", [], PARTIAL, []),
        ("a+", [B], FAILURE, [B]),
        ("a+", [A, A, B], SUCCESS, [B]),
        ("ab*", [], SUCCESS, []),
        ("ab*", [A, B, A, B, B], SUCCESS, [B]),
        ("ab*", [A, B, A], PARTIAL, [A]),
        ("a?", [], SUCCESS, []),
        ("a?", [B], SUCCESS, [B]),
        ("a?", [A, A], SUCCESS, [A]),
        ("a|ab", [A, B], SUCCESS, []),
        ("a|ab", [A], SUCCESS, []),
        ("a|ab", [B], FAILURE, [B]),
    ],
)
def test_patterns_match_greedily(element, sent, outcome, left):
    assert matches(sent, element, SMALL) == (outcome, left)
