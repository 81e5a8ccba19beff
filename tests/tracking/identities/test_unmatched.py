from tests.tracking.cast import AN, BINH, INITIALIZED, NOON, account, days, keep, known, said, voiding
from tracking.identities.keys import local_key
from tracking.identities.queries import unmatched
from tracking.identities.services import claim
from tracking.statements.agents import identifier

STRANGER = account("stranger") | {"name": "Người lạ"}


def test_agents_that_are_nobody_are_listed_with_what_waits_for_them(session):
    known(session, AN)
    keep(session, said(AN), said(STRANGER), said(STRANGER, INITIALIZED))
    keep(session, said(account("other"), INITIALIZED), now=NOON + days(1))
    first, second = unmatched(session)
    assert (first.identifier, first.key, first.name) == (identifier(STRANGER), "local:stranger", "Người lạ")
    assert (first.statements, first.completing, first.claimants, first.last_stored) == (2, 1, 0, NOON)
    assert (second.identifier, second.completing) == (identifier(account("other")), 0)
    assert unmatched(session, limit=1, offset=1) == [second]


def test_a_key_that_several_claim_is_listed_as_such(session):
    keep(session, said(STRANGER))
    for learner in (AN, BINH):
        claim(session, local_key("stranger"), learner, NOON)
    [found] = unmatched(session)
    assert found.claimants == 2


def test_who_is_matched_groups_and_voided_statements_are_not_listed(session):
    known(session, AN)
    sent = said(STRANGER)
    keep(session, said(AN), said(account("g") | {"objectType": "Group"}), sent, voiding(sent))
    assert [found.identifier for found in unmatched(session)] == ["mbox:mailto:admin@example.org"]
