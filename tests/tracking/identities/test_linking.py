import pytest

from tests.tracking.cast import AN, BINH, NOON, TODAY, account, days, keep, rate, said
from tracking.errors import Refused
from tracking.identities.queries import learner_of
from tracking.identities.services import claim, link, unlink
from tracking.rates.services import place
from tracking.statements.agents import identifier

ELSEWHERE = account("an", "https://onetouch.example")
NAME = identifier(ELSEWHERE)


def test_a_linked_agent_counts_from_the_moment_of_the_link(session):
    place(session, AN, 1, "officer", TODAY - days(30), NOON)
    keep(session, said(ELSEWHERE))
    [change] = link(session, NAME, AN, NOON + days(2))
    assert (change.learner, change.completed_at) == (AN, NOON)
    assert rate(session, 1, known_on=TODAY + days(1)) == (0, 1)
    assert rate(session, 1) == (1, 1)


def test_a_link_outweighs_claims(session):
    claim(session, NAME, AN, NOON)
    keep(session, said(ELSEWHERE))
    changes = link(session, NAME, BINH, NOON)
    assert {change.learner: change.completed_at for change in changes} == {AN: None, BINH: NOON}


def test_a_link_can_be_changed_and_taken_back(session):
    claim(session, NAME, AN, NOON)
    keep(session, said(ELSEWHERE))
    link(session, NAME, BINH, NOON)
    link(session, NAME, AN, NOON)
    assert learner_of(session, NAME) == AN
    link(session, NAME, BINH, NOON)
    unlink(session, NAME, NOON)
    assert learner_of(session, NAME) == AN


@pytest.mark.parametrize(
    "act", [lambda session: link(session, NAME, AN), lambda session: unlink(session, NAME)]
)
def test_an_agent_that_nobody_has_seen_cannot_be_linked(session, act):
    with pytest.raises(Refused):
        act(session)
