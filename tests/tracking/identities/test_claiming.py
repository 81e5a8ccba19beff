from hashlib import sha1

import pytest

from tests.tracking.cast import AN, BINH, COURSE, HOME, NOON, TODAY, account, days, keep, known, rate, said
from tracking.identities.keys import hashed_mail_key, local_key, mail_key
from tracking.identities.queries import claimed_keys, learner_of
from tracking.identities.services import claim, claim_many, release
from tracking.rates.services import place
from tracking.statements.agents import identifier

MAIL = {"mbox": "mailto:An@Example.org"}
HASHED = {"mbox_sha1sum": sha1(b"mailto:an@example.org").hexdigest().upper()}
ELSEWHERE = account("an", "https://onetouch.example")


@pytest.mark.parametrize(
    ("key", "agent"),
    [
        (local_key(str(AN)), account(AN)),
        (local_key("CVA-01"), account("CVA-01")),
        (local_key("CVA-01"), account("CVA-01", HOME + "/")),
        (mail_key("an@example.org "), MAIL),
        (hashed_mail_key("An@Example.org"), HASHED),
        (identifier(ELSEWHERE), ELSEWHERE),
    ],
)
def test_an_agent_is_the_learner_who_claims_its_key(session, key, agent):
    claim(session, key, AN, NOON)
    [change] = keep(session, said(agent)).completions
    assert change.learner == AN
    assert learner_of(session, identifier(agent)) == AN


@pytest.mark.parametrize(
    "agent",
    [
        account("CVA-01", "https://elsewhere.example"),
        account("CVA-01", HOME + "/path"),
        account("CVA-02"),
        account("CVA-01") | {"objectType": "Group"},
        {"mbox": "mailto:CVA-01@example.org"},
    ],
)
def test_any_other_agent_is_nobody(session, agent):
    claim(session, local_key("CVA-01"), AN, NOON)
    assert keep(session, said(agent)).completions == []


def test_a_group_of_the_same_identifier_does_not_hide_the_agent(session):
    claim(session, local_key("CVA-01"), AN, NOON)
    keep(session, said(account("CVA-01") | {"objectType": "Group"}))
    assert len(keep(session, said(account("CVA-01"))).completions) == 1


def test_what_was_unmatched_counts_from_the_moment_of_the_claim(session):
    place(session, AN, 1, "officer", TODAY - days(30), NOON)
    keep(session, said(MAIL))
    assert rate(session, 1) == (0, 1)
    [change] = claim(session, mail_key("an@example.org"), AN, NOON + days(2))
    assert (change.learner, change.activity, change.completed_at) == (AN, COURSE, NOON)
    assert rate(session, 1) == (1, 1)
    assert rate(session, 1, known_on=TODAY + days(1)) == (0, 1)
    assert rate(session, 1, known_on=TODAY + days(2)) == (1, 1)


def test_a_key_that_two_claim_is_neither_until_one_releases_it(session):
    key = mail_key("an@example.org")
    claim(session, key, AN, NOON)
    keep(session, said(MAIL))
    [lost] = claim(session, key, BINH, NOON)
    assert (lost.learner, lost.completed_at) == (AN, None)
    [found] = release(session, key, AN, NOON)
    assert (found.learner, found.completed_at) == (BINH, NOON)


def test_a_released_key_takes_its_statements_away(session):
    known(session, AN)
    keep(session, said(AN))
    [lost] = release(session, local_key(str(AN)), AN, NOON + days(1))
    assert (lost.learner, lost.completed_at) == (AN, None)
    assert learner_of(session, identifier(account(AN))) is None


def test_claiming_twice_and_releasing_what_is_not_claimed_change_nothing(session):
    known(session, AN)
    keep(session, said(AN))
    assert claim(session, local_key(str(AN)), AN, NOON) == []
    assert release(session, local_key(str(AN)), BINH, NOON) == []
    assert release(session, "local:never", AN, NOON) == []


def test_thousands_are_claimed_at_once(session):
    claims = {(local_key(f"C-{number}"), AN if number % 2 else BINH) for number in range(2_000)}
    keep(session, said(account("C-7"), at=NOON), said(account("C-8"), at=NOON))
    changes = claim_many(session, claims, NOON)
    assert {change.learner for change in changes} == {AN, BINH}
    assert claimed_keys(session, [AN])[AN] == {key for key, learner in claims if learner == AN}
