"""When a unit counts, by each of the five forms of moveOn, and which blocks follow (section 13.1.4)."""

import pytest

from lms.cmi5.models import Reached
from lms.cmi5.rules.moving import is_done, is_met, satisfied_blocks
from lms.core.clock import utc_now


def reached(*what: str) -> Reached:
    return Reached(**dict.fromkeys(what, utc_now()))


FORMS = {
    "NotApplicable": [True, True, True, True, True],
    "Completed": [False, True, False, True, False],
    "Passed": [False, False, True, True, False],
    "CompletedAndPassed": [False, False, False, True, False],
    "CompletedOrPassed": [False, True, True, True, False],
}
REACHED = [(), ("completed",), ("passed",), ("completed", "passed"), ("failed",)]


@pytest.mark.parametrize("move_on", FORMS)
def test_each_form_counts_what_it_demands(move_on: str):
    assert [is_met(move_on, reached(*what)) for what in REACHED] == FORMS[move_on]
    assert is_met(move_on, None) is (move_on == "NotApplicable")
    assert is_met(move_on, reached("waived"))


def test_a_unit_that_demands_nothing_is_done_once_something_was_reached():
    assert [is_done("NotApplicable", reached(*what)) for what in REACHED] == [False, True, True, True, False]
    assert not is_done("NotApplicable", None)
    assert is_done("Passed", reached("passed"))
    assert not is_done("Passed", reached("completed"))


def node(iri: str, *items: dict, key: str = "") -> dict:
    return {"identifier": f"p:{iri}", "title": iri, "key": key, "iri": iri, "items": list(items)}


def lesson(iri: str) -> dict:
    return node(iri, key=iri)


def test_blocks_are_satisfied_from_the_inside_and_only_when_whole():
    tree = [node("outer", lesson("a"), node("inner", lesson("b"), lesson("c"))), lesson("d")]
    assert [one.iri for one in satisfied_blocks(tree, {"b", "c"})] == ["inner"]
    assert [one.iri for one in satisfied_blocks(tree, {"a", "b", "c"})] == ["inner", "outer"]
    assert list(satisfied_blocks(tree, {"a", "b", "d"})) == []
    (inner, _outer) = satisfied_blocks(tree, {"a", "b", "c"})
    assert inner.publisher == "p:inner"
