from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select

from tests.tracking.cast import (
    AN,
    AUTHORITY,
    COURSE,
    HOME,
    INITIALIZED,
    NOON,
    account,
    keep,
    known,
    said,
)
from tracking.errors import Refused
from tracking.record.models import Activity, Statement
from tracking.statements.errors import Conflict
from tracking.statements.queries import Filter, statement, statements
from tracking.statements.services import store
from tracking.statements.validation import Invalid


def kept(session, statement_id):
    return orjson.loads(statement(session, UUID(str(statement_id))))


def number_kept(session):
    return session.scalar(select(func.count()).select_from(Statement))


def test_the_store_fills_in_what_is_missing(session):
    sent = said(AN, at=None)
    del sent["id"]
    [new] = keep(session, sent).ids
    assert kept(session, new) == sent | {
        "id": str(new),
        "stored": "2025-11-11T05:00:00.000Z",
        "timestamp": "2025-11-11T05:00:00.000Z",
        "authority": AUTHORITY,
        "version": "1.0.0",
    }


def test_the_store_leaves_what_was_said_as_it_was(session):
    sent = said(AN) | {"version": "1.0.2", "timestamp": "2025-11-11T12:00:00.1234567+07:00"}
    keep(session, sent)
    assert {name: kept(session, sent["id"])[name] for name in sent} == sent


def test_an_authority_that_the_client_names_is_replaced(session):
    sent = said(AN) | {"authority": account("someone"), "stored": "2020-01-01T00:00:00Z"}
    keep(session, sent)
    assert kept(session, sent["id"])["authority"] == AUTHORITY
    assert kept(session, sent["id"])["stored"] == "2025-11-11T05:00:00.000Z"


def test_a_statement_made_in_2_0_says_so(session):
    sent = said(AN)
    store(session, [sent], authority=AUTHORITY, version="2.0.0", home_page=HOME, now=NOON)
    assert kept(session, sent["id"])["version"] == "2.0.0"


def test_ids_come_back_in_the_order_sent_and_are_listed_in_it(session):
    sent = [said(AN, INITIALIZED) for _ in range(7)]
    outcome = keep(session, *sent)
    assert [str(found) for found in outcome.ids] == [item["id"] for item in sent]
    listed = statements(session, Filter(ascending=True)).statements
    assert [orjson.loads(raw)["id"] for raw in listed] == [item["id"] for item in sent]


def test_one_bad_statement_refuses_all(session):
    with pytest.raises(Invalid):
        keep(session, said(AN), {"actor": account("x")})
    assert number_kept(session) == 0


def test_an_empty_batch_keeps_nothing(session):
    assert keep(session).ids == []


def test_a_statement_sent_again_is_accepted_and_kept_once(session):
    known(session, AN)
    sent = said(AN, at=None)
    first, again = keep(session, sent), keep(session, sent, now=NOON + timedelta(hours=1))
    assert again.ids == first.ids
    assert again.new == set()
    assert again.completions == []
    assert number_kept(session) == 1
    assert kept(session, first.ids[0])["stored"] == "2025-11-11T05:00:00.000Z"


def test_a_known_id_with_other_content_is_a_conflict(session):
    sent = said(AN)
    keep(session, sent)
    with pytest.raises(Conflict):
        keep(session, said(AN), sent | {"result": {"completion": False}})
    assert kept(session, sent["id"]).get("result") is None


def test_a_batch_may_repeat_itself_but_not_contradict_itself(session):
    sent = said(AN)
    outcome = keep(session, sent, sent)
    assert [str(found) for found in outcome.ids] == [sent["id"]] * 2
    assert number_kept(session) == 1
    other = said(AN)
    with pytest.raises(Conflict):
        keep(session, other, other | {"result": {"success": True}})


def test_definitions_of_an_activity_are_put_together(session):
    for definition in (
        {"name": {"vi": "Nhận thức số", "en": "Old"}, "type": "http://adlnet.gov/expapi/activities/course"},
        {"name": {"en": "Digital awareness"}},
        None,
    ):
        about = {"id": COURSE} | ({"definition": definition} if definition else {})
        keep(session, said(AN) | {"object": about})
    raw = session.scalar(select(Activity.definition).where(Activity.iri == COURSE))
    assert orjson.loads(raw) == {
        "name": {"vi": "Nhận thức số", "en": "Digital awareness"},
        "type": "http://adlnet.gov/expapi/activities/course",
    }


@pytest.mark.parametrize("name", ["n" * 2001, "a\x00b"])
def test_an_identifier_that_no_index_can_hold_is_refused(session, name):
    with pytest.raises(Refused):
        keep(session, said(account(name)))


def test_a_name_with_a_nul_character_is_kept(session):
    sent = said(account("x") | {"name": "a\x00b"})
    keep(session, sent)
    assert kept(session, sent["id"])["actor"]["name"] == "a\x00b"


@pytest.mark.parametrize("moment", ["9999-12-31T23:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_timestamp_at_the_end_of_all_calendars_is_kept(session, moment):
    known(session, AN)
    sent = said(AN) | {"timestamp": moment}
    assert len(keep(session, sent).completions) == 1
    assert kept(session, sent["id"])["timestamp"] == moment


def test_a_group_without_a_name_and_an_agent_as_object_are_kept(session):
    group = {"objectType": "Group", "member": [account("x"), account("y")]}
    sent = said(group) | {"object": account("z")}
    keep(session, sent)
    assert kept(session, sent["id"])["actor"] == group


def test_a_completion_tells_who_what_when_and_by_which_statement(session):
    known(session, AN)
    later, earlier = said(AN), said(AN, at=NOON - timedelta(days=2))
    [first] = keep(session, later).completions
    assert (first.learner, first.activity, first.before, first.completed_at) == (AN, COURSE, None, NOON)
    [moved] = keep(session, earlier).completions
    assert (moved.before, moved.completed_at) == (NOON, datetime(2025, 11, 9, 5, tzinfo=UTC))
    assert str(moved.statement_id) == earlier["id"]
    assert keep(session, said(AN)).completions == []
