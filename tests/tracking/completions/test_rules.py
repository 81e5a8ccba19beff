import pytest

from tests.tracking.cast import AN, COMPLETED, INITIALIZED, PASSED, SATISFIED, account, said, voiding
from tracking.completions.rules import Outcome, outcome_of

ALWAYS, UNLESS_DEMANDED = Outcome.COMPLETES, Outcome.COMPLETES_WITHOUT_PASSING


@pytest.mark.parametrize("verb", [COMPLETED, PASSED, SATISFIED])
@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ({}, ALWAYS),
        ({"completion": True}, ALWAYS),
        ({"success": True}, ALWAYS),
        ({"completion": False}, None),
        ({"completion": False, "success": True}, None),
        ({"success": False}, UNLESS_DEMANDED),
        ({"completion": True, "success": False}, UNLESS_DEMANDED),
    ],
)
def test_three_verbs_complete_unless_their_result_says_otherwise(verb, result, outcome):
    assert outcome_of(said(AN, verb, result=result)) is outcome


@pytest.mark.parametrize(
    "verb", [INITIALIZED, "http://adlnet.gov/expapi/verbs/failed", "http://example.org/completed"]
)
def test_no_other_verb_completes(verb):
    assert outcome_of(said(AN, verb, result={"completion": True})) is None


def test_an_agent_is_an_agent_also_when_it_does_not_say_so():
    actor = account("x")
    del actor["objectType"]
    assert outcome_of(said(actor)) is ALWAYS


def test_a_group_completes_nothing():
    assert outcome_of(said(account("x") | {"objectType": "Group"})) is None


def test_only_activities_are_completed():
    about = {"objectType": "Agent", "mbox": "mailto:a@example.org"}
    assert outcome_of(said(AN) | {"object": about}) is None
    assert outcome_of(voiding(said(AN))) is None
