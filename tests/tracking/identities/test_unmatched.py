"""Agents that are nobody yet."""

import pytest

from tests.tracking.cast import AN, BINH, HOME, INITIALIZED, NOON, account, days, keep, known, said, voiding
from tracking.identities import unmatched as room
from tracking.identities.keys import local_key
from tracking.identities.queries import learner_of
from tracking.identities.services import claim
from tracking.identities.unmatched import (
    Wanted,
    count_unmatched,
    dismiss,
    is_dismissed,
    restore,
    the_agent,
    unmatched,
)
from tracking.statements.agents import identifier

STRANGER = account("stranger") | {"name": "Người lạ"}
GUEST = account("2f1c1f0e-6d3c-4a52-9d4e-0a2f5a3f6f11")
GUESTS = f"account:{HOME}|________-____-____-____-____________"


def names(session, **wanted):
    return [found.identifier for found in unmatched(session, Wanted(**wanted))]


def test_agents_that_are_nobody_are_listed_with_what_waits_for_them(session):
    known(session, AN)
    keep(session, said(AN), said(STRANGER), said(STRANGER, INITIALIZED))
    keep(session, said(account("other"), INITIALIZED), now=NOON + days(1))
    other, stranger = unmatched(session, Wanted())
    assert (stranger.identifier, stranger.key, stranger.name) == (
        identifier(STRANGER),
        "local:stranger",
        "Người lạ",
    )
    assert (stranger.tally.statements, stranger.tally.completing) == (2, 1)
    assert (stranger.claimants, stranger.tally.last_stored, stranger.tally.capped) == (0, NOON, False)
    assert (other.identifier, other.tally.completing) == (identifier(account("other")), 0)
    assert unmatched(session, Wanted(), limit=1) == [other]
    assert unmatched(session, Wanted(), before=other.id) == [stranger]
    assert count_unmatched(session, Wanted()) == 2


def test_those_who_completed_something_can_be_asked_for(session):
    took_back = said(account("took-back"))
    keep(session, said(STRANGER), said(account("other"), INITIALIZED), took_back, voiding(took_back))
    assert names(session, completing=True) == [identifier(STRANGER)]


@pytest.mark.parametrize("text", ["strang", "STRANGER", "người", "localhost"])
def test_they_are_found_by_name_and_identifier(session, text):
    keep(session, said(STRANGER), said({"mbox": "mailto:a@example.org"}))
    assert names(session, text=text) == [identifier(STRANGER)]


@pytest.mark.parametrize("text", ["nobody", "%", "_", "\x00%"])
def test_what_is_not_there_is_not_found(session, text):
    keep(session, said(STRANGER))
    assert names(session, text=text) == []


def test_a_key_that_several_claim_is_listed_as_such(session):
    keep(session, said(STRANGER))
    for learner in (AN, BINH):
        claim(session, local_key("stranger"), learner, NOON)
    [found] = unmatched(session, Wanted())
    assert found.claimants == 2


def test_who_is_matched_groups_and_those_who_only_vouch_are_not_listed(session):
    known(session, AN)
    keep(session, said(AN), said(account("g") | {"objectType": "Group"}))
    assert names(session) == []


def test_voided_statements_are_not_counted(session):
    sent = said(STRANGER)
    keep(session, sent, said(STRANGER, INITIALIZED), voiding(sent))
    counts = {found.identifier: found.tally for found in unmatched(session, Wanted())}
    assert (counts[identifier(STRANGER)].statements, counts[identifier(STRANGER)].completing) == (1, 0)


def test_visitors_who_try_lessons_can_be_left_out_or_asked_for(session):
    keep(session, said(STRANGER), said(GUEST))
    assert names(session, guests=GUESTS) == [identifier(STRANGER)]
    assert names(session, guests=GUESTS, only_guests=True) == [identifier(GUEST)]


def test_who_is_not_ours_is_set_aside_and_brought_back(session):
    keep(session, said(STRANGER))
    [found] = unmatched(session, Wanted())
    assert dismiss(session, found.id, NOON)
    assert not dismiss(session, found.id, NOON)
    assert is_dismissed(session, found.id)
    assert names(session) == []
    assert names(session, dismissed=True) == [identifier(STRANGER)]
    claim(session, local_key("stranger"), AN, NOON)
    assert learner_of(session, identifier(STRANGER)) == AN
    assert names(session, dismissed=True) == []
    assert restore(session, found.id)
    assert not restore(session, found.id)


def test_no_more_than_so_many_are_counted(session, monkeypatch):
    monkeypatch.setattr(room, "MOST", 2)
    monkeypatch.setattr(room, "MOST_AGENTS", 1)
    keep(session, *(said(STRANGER) for _ in range(3)), said(account("other")), said(account("third")))
    tallies = {found.identifier: found.tally for found in unmatched(session, Wanted())}
    assert (tallies[identifier(STRANGER)].statements, tallies[identifier(STRANGER)].capped) == (2, True)
    assert not tallies[identifier(account("other"))].capped
    assert count_unmatched(session, Wanted()) == 2


def test_an_agent_is_found_by_its_number_a_group_is_not(session):
    keep(session, said(STRANGER), said(account("g") | {"objectType": "Group"}))
    [found] = unmatched(session, Wanted())
    assert the_agent(session, found.id).identifier == identifier(STRANGER)
    assert [the_agent(session, found.id + step) for step in (-1, 1)].count(None) >= 1
    assert the_agent(session, 999_999) is None
