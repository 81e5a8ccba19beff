"""What filters look at can be drawn anew from the statements, and a check finds what is wrong with it."""

import pytest
from sqlalchemy import delete, insert, select, text, update

from tests.tracking.cast import AN, COURSE, HOME, OTHER_COURSE, VOIDED, account, keep, known, said
from tracking.identities.keys import local_key
from tracking.rebuild import rebuild
from tracking.record.mentions import (
    ReferredActivity,
    ReferredAgent,
    StatementActivity,
    StatementAgent,
    StatementReference,
)
from tracking.record.models import Agent, IdentityKey, Resolution, Statement

WRONG = {
    "a reference forgotten": update(Statement).values(refers_to=None),
    "an authority forgotten": update(Statement).values(authority_id=None),
    "an actor mistaken": update(Statement).where(Statement.refers_to.is_(None)).values(agent_id=1),
    "a verb mistaken": update(Statement).values(verb_id=Statement.verb_id + 1),
    "agents forgotten": delete(StatementAgent),
    "a mention mistaken": update(StatementAgent).values(direct=~StatementAgent.direct),
    "activities forgotten": delete(StatementActivity),
    "an activity invented": insert(StatementActivity).values(activity_id=1, seq=7),
    "chains forgotten": delete(StatementReference),
    "a chain mistaken": update(StatementReference).values(verb_id=StatementReference.verb_id + 1),
    "agents of chains forgotten": delete(ReferredAgent),
    "an agent of a chain mistaken": update(ReferredAgent).values(direct=~ReferredAgent.direct),
    "activities of chains forgotten": delete(ReferredActivity),
}


@pytest.fixture
def told(session):
    """A statement that mentions others, one that refers to it, and one that voids that."""
    context = {
        "instructor": account("teacher"),
        "contextActivities": {"parent": [{"id": OTHER_COURSE}], "grouping": [{"id": COURSE}]},
    }
    team = {"objectType": "Group", "member": [account("one"), account("two")]}
    first = said(team, context=context)
    second = said(AN, object={"objectType": "StatementRef", "id": first["id"]})
    third = said(AN, VOIDED, object={"objectType": "StatementRef", "id": second["id"]})
    keep(session, third)
    keep(session, first, second)
    session.flush()


def rows(session):
    """All that is compared, as a plain value."""
    models = (StatementAgent, StatementActivity, StatementReference, ReferredAgent, ReferredActivity)
    return [sorted(map(tuple, session.execute(select(model.__table__)).all())) for model in models]


def test_nothing_differs_after_ordinary_life(session, told):
    assert rebuild(session, check=True).differences == 0
    assert all(rows(session))  # there was something to compare


@pytest.mark.parametrize("name", WRONG)
def test_whatever_went_wrong_is_counted_by_a_check_and_put_right_by_a_rebuild(session, told, name):
    before = rows(session)
    changed = session.execute(WRONG[name].execution_options(synchronize_session=False))
    assert changed.rowcount != 0
    assert rebuild(session, check=True).differences > 0
    assert rebuild(session).differences > 0
    assert rebuild(session, check=True).differences == 0
    assert rows(session) == before


def test_agents_of_statements_from_before_mentions_were_noted_are_entered_and_taken_for_their_learners(
    session, told
):
    for table in (ReferredAgent, StatementAgent):
        session.execute(delete(table))
    known(session, AN)
    teacher = session.scalars(select(Agent).where(Agent.identifier.like("%teacher"))).one()
    session.execute(delete(Agent).where(Agent.id == teacher.id))
    session.execute(text("UPDATE identity_key SET key = 'old' WHERE id = :id"), {"id": teacher.key_id})
    assert rebuild(session, check=True).differences > 0
    rebuild(session, home_page=HOME)
    assert rebuild(session, check=True).differences == 0
    found = session.scalars(select(Agent).where(Agent.identifier.like("%teacher"))).one()
    assert session.get(IdentityKey, found.key_id).key == local_key("teacher")
    assert session.scalars(select(Resolution.agent_id)).all().count(found.id) == 0
