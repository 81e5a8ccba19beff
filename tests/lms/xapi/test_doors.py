"""Which credentials reach which resource (xAPI 1.0.3 part 3, 3.2.s2.b2, b3 and 4.2), as one table."""

from base64 import b64encode
from itertools import product

import pytest
from sqlalchemy import select

from lms.core.database import Database
from lms.xapi.models import Client, Scope
from lms.xapi.services import revoke_client
from tests.lms.xapi.asking import DOCUMENTS, LESSON, ROOT, VERSION, agent, query
from tests.lms.xapi.conftest import basic

READING = ("GET", "HEAD")
METHODS = dict.fromkeys(DOCUMENTS, (*READING, "PUT", "POST", "DELETE"))
METHODS |= {"agents": READING, "activities": READING}
QUERIES = {"agents": {"agent": agent()}, "activities": {"activityId": LESSON}}

# What each scope opens beside statements.
OPEN: dict[Scope, set[str]] = {
    Scope.WRITE: set(),
    Scope.READ: {"agents", "activities"},
    Scope.READ_MINE: {"activities"},
    Scope.STATE: {"activities/state", "activities"},
    Scope.PROFILE: {"activities/profile", "agents/profile", "agents", "activities"},
    Scope.RATES: set(),
    Scope.ALL: set(METHODS),
}
REQUESTS = [(method, resource) for resource, methods in METHODS.items() for method in methods]


def send(visitor, method, resource, headers):
    asked = QUERIES.get(resource) or query(resource)
    headers = headers | ({"If-None-Match": "*"} if method == "PUT" else {})
    return visitor.open(f"{ROOT}/{resource}", method=method, query_string=asked, data=b"x", headers=headers)


def test_every_scope_opens_what_it_is_for_and_nothing_else(visitor, client_of):
    assert set(OPEN) == set(Scope)
    for scope in Scope:
        headers = client_of(scope)
        for method, resource in REQUESTS:
            answer = send(visitor, method, resource, headers)
            assert (answer.status_code == 403) == (resource not in OPEN[scope]), (scope, method, resource)
            assert answer.status_code in (200, 204, 403, 404), (scope, method, resource)
            if answer.status_code == 403 and method != "HEAD":
                assert "scope" in answer.json["error"]


def test_a_client_that_asked_for_nothing_writes_statements_only(visitor, client_of):
    """4.2.s6.b2: statements/write and statements/read/mine."""
    headers = client_of()
    reached = {
        resource
        for method, resource in REQUESTS
        if send(visitor, method, resource, headers).status_code != 403
    }
    assert reached == {"activities"}


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.fixture
def wrong(client_of, database: Database):
    """Headers that let nobody in, by what is wrong with them."""
    good, gone = client_of("all"), client_of("all")
    with database.transaction() as session:
        revoke_client(
            session, session.scalars(select(Client).where(Client.key == gone["key"])).one(), actor=None
        )
    key = good["key"]
    token = good["Authorization"].split()[1]
    return {
        "nothing": None,
        "an empty header": "",
        "no credentials": "Basic",
        "another scheme": f"Bearer {token}",
        "a colon for the blank (conformance XAPI-00334)": f"Basic:{token}",
        "not base64": "Basic %%%",
        "no UTF-8": "Basic " + b64encode(b"\xff\xfe:x").decode(),
        "no colon": "Basic " + encoded(key),
        "an empty secret": "Basic " + encoded(f"{key}:"),
        "an empty key": "Basic " + encoded(":secret"),
        "two empty words": "Basic Og==",
        "a wrong secret": basic(key, "wrong")["Authorization"],
        "an unknown key": basic("unknown", "wrong")["Authorization"],
        "NUL in the key": "Basic " + encoded(f"{key}\x00:x"),
        "a revoked client": gone["Authorization"],
    }


def test_wrong_credentials_reach_nothing(visitor, wrong):
    resources = [*REQUESTS, ("GET", "statements"), ("POST", "statements"), ("PUT", "statements")]
    for (method, resource), (what, value) in product(resources, wrong.items()):
        headers = {VERSION: "1.0.3"} | ({} if value is None else {"Authorization": value})
        asked = QUERIES.get(resource) or (query(resource) if resource in DOCUMENTS else {})
        answer = visitor.open(f"{ROOT}/{resource}", method=method, query_string=asked, headers=headers)
        assert answer.status_code == 401, (method, resource, what)
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert answer.headers[VERSION] == "1.0.3"


def test_a_sign_in_of_a_browser_opens_nothing(signed_in):
    """Only what a request says of itself counts; cookies would let any page speak for its visitor."""
    client = signed_in("administrator")
    for method, resource in REQUESTS:
        assert send(client, method, resource, {VERSION: "1.0.3"}).status_code == 401
