"""Two learners that are one, and that it was not so after all."""

import pytest

from tests.tracking.cast import (
    AN,
    BINH,
    CHI,
    COURSE,
    DUNG,
    NOON,
    OTHER_COURSE,
    TODAY,
    account,
    days,
    keep,
    known,
    rate,
    said,
)
from tracking.completions.queries import completions_of
from tracking.errors import Refused
from tracking.identities.keys import mail_key
from tracking.identities.merging import merge, part
from tracking.identities.queries import learner_of, taken_for
from tracking.identities.services import claim, link
from tracking.rates.members import memberships_of
from tracking.rates.models import Membership
from tracking.rates.queries import rates
from tracking.rates.services import correct, place, remove
from tracking.rates.timeline import Stay
from tracking.rebuild import rebuild
from tracking.record.mergers import MergedFact, same_as, standing_for, who_stands_for
from tracking.statements.agents import identifier

LATER = NOON + days(2)
EVEN_LATER = NOON + days(4)


@pytest.fixture
def two(session):
    """An in unit 1, who completed nothing; Bình in unit 2, who completed the course nine days ago."""
    known(session, AN, BINH, CHI, DUNG)
    place(session, AN, 1, "officer", TODAY - days(30), NOON)
    place(session, BINH, 2, "officer", TODAY - days(60), NOON)
    keep(session, said(BINH, at=NOON - days(9)))


def state(session):
    """All that is answered of An and Bình."""
    asked = {
        (unit, activity, back): rate(session, unit, activity=activity, as_of=TODAY - days(back))
        for unit in (1, 2, 3)
        for activity in (COURSE, OTHER_COURSE)
        for back in (-5, 0, 20, 45)
    }
    completed = {learner: completions_of(session, learner) for learner in (AN, BINH, CHI, DUNG)}
    places = {
        learner: [(stay.unit, stay.since, stay.until) for stay in memberships_of(session, learner)]
        for learner in (AN, BINH, CHI, DUNG)
    }
    assert not any(rebuild(session, check=True).details.values())
    return asked, completed, places


def test_everything_of_the_one_counts_for_the_other(session, two):
    changes = merge(session, BINH, AN, LATER)
    assert {change.learner: change.completed_at for change in changes} == {
        AN: NOON - days(9),
        BINH: None,
    }
    assert (rate(session, 1), rate(session, 2)) == ((1, 1), (0, 0))
    assert learner_of(session, identifier(account(BINH))) == AN


def test_days_of_which_nothing_was_said_of_the_other_are_filled(session, two):
    merge(session, BINH, AN, LATER)
    assert [(stay.unit, stay.since, stay.until) for stay in memberships_of(session, AN)] == [
        (2, TODAY - days(60), TODAY - days(30)),
        (1, TODAY - days(30), None),
    ]
    assert memberships_of(session, BINH) == []


def test_days_before_the_merger_are_known_as_they_were_known(session, two):
    merge(session, BINH, AN, LATER)
    assert (rate(session, 1, known_on=TODAY), rate(session, 2, known_on=TODAY)) == ((0, 1), (1, 1))
    part(session, BINH, EVEN_LATER)
    then = TODAY + days(3)
    assert (rate(session, 1, known_on=then), rate(session, 2, known_on=then)) == ((1, 1), (0, 0))
    assert (rate(session, 1), rate(session, 2)) == ((0, 1), (1, 1))


def test_undoing_leaves_everything_as_it_was(session, two):
    before = state(session)
    merge(session, BINH, AN, LATER)
    assert state(session) != before
    part(session, BINH, EVEN_LATER)
    assert state(session) == before
    assert session.query(MergedFact).count() == 0


def test_what_arrives_meanwhile_goes_back_to_whom_it_named(session, two):
    merge(session, BINH, AN, LATER)
    keep(session, said(BINH, activity=OTHER_COURSE), said(account("new-binh")), now=LATER)
    claim(session, "local:new-binh", BINH, LATER)
    place(session, BINH, 3, "citizen", TODAY, LATER)
    assert completions_of(session, AN).keys() == {COURSE, OTHER_COURSE}
    assert [stay.unit for stay in memberships_of(session, AN)] == [2, 1, 3]
    part(session, BINH, EVEN_LATER)
    assert completions_of(session, AN) == {}
    assert completions_of(session, BINH).keys() == {COURSE, OTHER_COURSE}
    assert [stay.unit for stay in memberships_of(session, AN)] == [1]
    assert [stay.unit for stay in memberships_of(session, BINH)] == [2, 3]


def test_a_fact_that_is_only_possible_together_is_left_out_alone(session, two):
    merge(session, AN, CHI, LATER)
    remove(session, CHI, TODAY + days(1), LATER)
    part(session, AN, EVEN_LATER)
    assert memberships_of(session, CHI) == []
    assert [stay.until for stay in memberships_of(session, AN)] == [None]


def test_a_correction_is_of_whom_it_named(session, two):
    merge(session, BINH, AN, LATER)
    correct(session, AN, [Stay(TODAY - days(10), 3, "citizen")], LATER)
    assert [stay.unit for stay in memberships_of(session, AN)] == [3]
    part(session, BINH, EVEN_LATER)
    assert [stay.unit for stay in memberships_of(session, AN)] == [3]
    assert [stay.unit for stay in memberships_of(session, BINH)] == [2]


def test_an_address_that_both_have_is_theirs(session, two):
    for learner in (AN, BINH):
        claim(session, mail_key("chung@example.org"), learner, NOON)
    keep(session, said({"mbox": "mailto:chung@example.org"}, activity=OTHER_COURSE))
    assert completions_of(session, AN) == {}
    merge(session, BINH, AN, LATER)
    assert completions_of(session, AN).keys() == {COURSE, OTHER_COURSE}
    part(session, BINH, EVEN_LATER)
    assert completions_of(session, AN) == {}


def test_a_link_to_the_one_counts_for_the_other(session, two):
    stranger = account("stranger", "https://elsewhere.example")
    keep(session, said(stranger, activity=OTHER_COURSE))
    merge(session, BINH, AN, LATER)
    link(session, identifier(stranger), BINH, LATER)
    assert OTHER_COURSE in completions_of(session, AN)
    part(session, BINH, EVEN_LATER)
    assert OTHER_COURSE in completions_of(session, BINH)
    [now, before] = [taken for taken in taken_for(session, AN) if taken.linked] + [None]
    assert (now.until, before) == (EVEN_LATER, None)


def test_chains_hold_and_come_apart_at_any_link(session, two):
    keep(session, said(CHI, at=NOON - days(20), activity=OTHER_COURSE))
    merge(session, CHI, BINH, LATER)
    two_of_them = state(session)
    merge(session, BINH, AN, LATER)
    assert completions_of(session, AN).keys() == {COURSE, OTHER_COURSE}
    assert standing_for(session, [AN, BINH, CHI]) == {BINH: AN, CHI: AN}
    assert same_as(session, CHI) == same_as(session, AN) == {AN, BINH, CHI}
    part(session, CHI, EVEN_LATER)
    assert completions_of(session, AN).keys() == {COURSE}
    assert who_stands_for(session, CHI) == CHI
    merge(session, CHI, BINH, EVEN_LATER)
    assert completions_of(session, AN).keys() == {COURSE, OTHER_COURSE}
    part(session, BINH, EVEN_LATER)
    assert state(session) == two_of_them


def test_a_learner_may_be_merged_into_one_that_is_merged(session, two):
    merge(session, BINH, AN, LATER)
    merge(session, CHI, BINH, LATER)
    assert who_stands_for(session, CHI) == AN
    part(session, BINH, EVEN_LATER)
    assert who_stands_for(session, CHI) == BINH


@pytest.mark.parametrize(
    ("before", "learner", "into"),
    [
        ([], AN, AN),
        ([(BINH, AN)], AN, BINH),
        ([(BINH, AN)], BINH, AN),
        ([(BINH, AN)], BINH, CHI),
        ([(CHI, BINH), (BINH, AN)], AN, CHI),
    ],
)
def test_what_is_one_already_and_cycles_are_refused(session, two, before, learner, into):
    for one, other in before:
        merge(session, one, other, LATER)
    rows = session.query(Membership).count()
    with pytest.raises(Refused):
        merge(session, learner, into, LATER)
    assert session.query(Membership).count() == rows


def test_what_is_not_merged_cannot_be_parted(session, two):
    merge(session, BINH, AN, LATER)
    for learner in (AN, CHI):
        with pytest.raises(Refused):
            part(session, learner, LATER)


def test_counters_of_all_days_are_those_of_dated_rows(session, two):
    merge(session, BINH, AN, LATER)
    keep(session, said(AN, at=NOON - days(40)), now=LATER)
    for back in range(-2, 70):
        day = TODAY - days(back)
        now = rates(session, activity=COURSE, units={0: [1, 2]}, as_of=day)
        assert now == rates(session, activity=COURSE, units={0: [1, 2]}, as_of=day, known_on=TODAY + days(3))
