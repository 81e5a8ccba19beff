"""Agents, activities and about (xAPI 1.0.3 part 3, 2.4, 2.5, 2.8; xAPI 2.0)."""

import json
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core.database import Database
from lms.xapi.persons import person
from tests.lms.xapi.asking import LESSON, ROOT, VERSION, speaking
from tests.lms.xapi.conftest import statement
from tracking.identities.keys import local_key
from tracking.identities.persons import Alias
from tracking.identities.services import claim_many
from tracking.statements.agents import identifier, named_by

HOME = "http://localhost:8000"


@pytest.fixture
def headers(client_of):
    return client_of("statements/write", "statements/read")


@pytest.fixture
def know(visitor, headers):
    """Let statements speak of these actors, or with these changes of this activity."""

    def send(*statements):
        answer = visitor.post(f"{ROOT}/statements", json=list(statements), headers=headers)
        assert answer.status_code == 200, answer.json

    return send


@pytest.fixture
def ask(visitor, headers):
    def get(resource, asked, given=None, version="1.0.3"):
        return visitor.get(
            f"{ROOT}/{resource}", query_string=asked, headers=speaking(given or headers, version)
        )

    return get


def about(agent):
    return {"agent": json.dumps(agent)}


def test_an_unknown_agent_is_a_person_with_what_was_given(ask):
    """2.4.s3.b3"""
    for version in ("1.0.3", "2.0.0"):
        asked = {"name": "An", "mbox": "mailto:an@example.org", "objectType": "Agent"}
        answer = ask("agents", about(asked), version=version)
        assert answer.json == {"objectType": "Person", "name": ["An"], "mbox": ["mailto:an@example.org"]}
        assert answer.headers["ETag"]


def test_a_known_agent_is_called_what_statements_and_the_request_call_it(ask, know):
    for one in (
        {"mbox": "mailto:an@example.org"},
        {"mbox_sha1sum": "a" * 40},
        {"openid": "https://an.example.org"},
        {"account": {"homePage": "https://example.org/%7Cx", "name": "an|1"}},
    ):
        know(statement(actor={"name": "Nguyễn Văn An", **one}))
        ((kind, value),) = one.items()
        assert ask("agents", about(one)).json == {
            "objectType": "Person",
            "name": ["Nguyễn Văn An"],
            kind: [value],
        }
        asked = {"name": "Anh An", **one}
        assert ask("agents", about(asked)).json["name"] == ["Anh An", "Nguyễn Văn An"]


@pytest.mark.parametrize("asked", [{}, {"agent": "true"}, {"agent": '{"name": "Rick"}'}, {"agent": "{"},
    {"agent": '{"objectType": "Group", "mbox": "mailto:team@example.org"}'}, {"Agent": "{}"},
    {"agent": '{"mbox": "mailto:an@example.org"}', "foo": "bar"}])  # fmt: skip
def test_what_is_no_agent_is_refused(ask, asked):
    """2.4.s2: neither a group nor a person."""
    for version in ("1.0.3", "2.0.0"):
        answer = ask("agents", asked, version=version)
        assert answer.status_code == 400
        assert answer.json["error"].lower().startswith(("agent", "foo"))


def test_a_learners_identifiers_are_united_for_clients_that_may_do_everything_only(
    ask, know, client_of, database: Database
):
    """2.4.s3.b1: several identifiers of one person ask for explicitly given permissions."""
    learner = uuid4()
    account = {"account": {"homePage": HOME, "name": "CVA-001"}}
    mail = {"mbox": "mailto:an@example.org"}
    with database.transaction() as session:
        claim_many(session, [(local_key("CVA-001"), learner), ("mbox:an@example.org", learner)])
    know(statement(actor=account | {"name": "An"}), statement(actor=mail | {"name": "Nguyễn An"}))
    alone = {"objectType": "Person", "name": ["An"], **{kind: [value] for kind, value in account.items()}}
    assert ask("agents", about(account)).json == alone
    assert ask("agents", about(account), client_of("profile")).json == alone
    whole = ask("agents", about(account), client_of("all")).json
    assert whole == alone | {"name": ["An", "Nguyễn An"], "mbox": ["mailto:an@example.org"]}
    stranger = ask("agents", about({"mbox": "mailto:binh@example.org"}), client_of("all")).json
    assert stranger == {"objectType": "Person", "mbox": ["mailto:binh@example.org"]}


def test_an_activity_is_what_all_statements_said_of_it(ask, know):
    """2.5.s1; conformance XAPI-00254: both languages, also of one batch."""

    def said(language, text, **more):
        definition = {"name": {language: text}, "type": "http://adlnet.gov/expapi/activities/lesson"} | more
        return statement(object={"objectType": "Activity", "id": LESSON, "definition": definition})

    know(said("vi-VN", "Mã QR"), said("en-US", "QR codes", moreInfo="https://example.org/more"))
    know(said("fr-FR", "réunion"))
    for version in ("1.0.3", "2.0.0"):
        answer = ask("activities", {"activityId": LESSON}, version=version)
        assert answer.status_code == 200
        assert answer.json == {
            "objectType": "Activity",
            "id": LESSON,
            "definition": {
                "name": {"vi-VN": "Mã QR", "en-US": "QR codes", "fr-FR": "réunion"},
                "type": "http://adlnet.gov/expapi/activities/lesson",
                "moreInfo": "https://example.org/more",
            },
        }
        assert answer.headers["ETag"]


def test_an_activity_that_nobody_spoke_of_has_its_id_alone(ask, know):
    """2.5.s2.b1"""
    know(statement(object={"id": LESSON}))
    for iri in (LESSON, "https://example.org/never-heard-of"):
        for version in ("1.0.3", "2.0.0"):
            answer = ask("activities", {"activityId": iri}, version=version)
            assert (answer.status_code, answer.json) == (200, {"objectType": "Activity", "id": iri})


@pytest.mark.parametrize("asked", [{}, {"activityId": "1"}, {"activityId": "no iri"}, {"activityID": LESSON},
    {"activityId": LESSON, "foo": "bar"}])  # fmt: skip
def test_what_is_no_activity_is_refused(ask, asked):
    answer = ask("activities", asked)
    assert answer.status_code == 400
    assert answer.json["error"].startswith(("activityI", "foo"))


@pytest.mark.parametrize(("asked", "last"), [
    (None, "2.0.0"), ("2.0.0", "2.0.0"), ("0.9", "2.0.0"), ("anything", "2.0.0"), ("1.0.3", "1.0.3"),
    ("1.0", "1.0.3"),
])  # fmt: skip
def test_about_is_for_everybody_in_every_version(visitor, asked, last):
    """2.8: neither credentials (s5.b3) nor a version (s5.b4); no other properties (s5.b2)."""
    answer = visitor.get(f"{ROOT}/about", headers={VERSION: asked} if asked else {})
    assert answer.status_code == 200
    assert set(answer.json) == {"version", "extensions"}
    versions = answer.json["version"]
    assert versions[:4] == ["1.0.0", "1.0.1", "1.0.2", "1.0.3"]
    assert versions[-1] == last
    assert all(key.startswith("http://localhost:8000/xapi/") for key in answer.json["extensions"])
    assert answer.headers[VERSION] in ("1.0.3", "2.0.0")


def test_about_takes_no_parameters(visitor):
    assert visitor.get(f"{ROOT}/about?foo=bar").status_code == 400


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


@given(home=texts, name=texts)
def test_a_canonical_identifier_leads_back_to_the_account(home, name):
    agent = {"account": {"homePage": home, "name": name}}
    assert named_by(identifier(agent)) == agent


@given(local=texts, kind=st.sampled_from(["mbox_sha1sum", "openid"]))
def test_a_canonical_identifier_leads_back_to_the_agent(local, kind):
    canonical = f"{kind}:{local}"
    assert identifier(named_by(canonical)) in (canonical, canonical.lower().replace(kind.lower(), kind))


def test_a_person_names_each_thing_once():
    asked = {"name": "An", "mbox": "mailto:an@example.org"}
    known = [Alias("mbox:mailto:an@example.org", "An"), Alias("openid:https://a.example", None)]
    assert person(asked, known) == {
        "objectType": "Person",
        "name": ["An"],
        "mbox": ["mailto:an@example.org"],
        "openid": ["https://a.example"],
    }
