"""Who may do what with statements: 401 without good credentials, 403 outside the scopes (part 3, 4.2)."""

from uuid import uuid4

import pytest

from lms.core.errors import Forbidden
from lms.xapi.credentials import KnownClient
from lms.xapi.models import Scope
from lms.xapi.reach import demand
from tests.lms.xapi.conftest import ABOUT, basic, statement

PATH = "/xapi/statements"
WRITES = {Scope.WRITE, Scope.ALL}
READS = {Scope.READ, Scope.READ_MINE, Scope.ALL}

# method, address, whether it sends a statement, the scopes of which one is enough, the status it then has
METHODS = (
    ("POST", PATH, True, WRITES, 200),
    ("PUT", f"{PATH}?statementId={{id}}", True, WRITES, 204),
    ("GET", PATH, False, READS, 200),
    ("HEAD", PATH, False, READS, 200),
    ("GET", f"{PATH}?statementId={{id}}", False, READS, 404),
    ("HEAD", f"{PATH}?statementId={{id}}", False, READS, 404),
    ("GET", f"{PATH}?voidedStatementId={{id}}", False, READS, 404),
)


def ask(visitor, method, address, sends, headers):
    return visitor.open(
        address.format(id=uuid4()), method=method, json=statement() if sends else None, headers=headers
    )


def test_each_scope_opens_what_it_names_and_nothing_else(visitor, client_of):
    for scope in Scope:
        headers = client_of(scope)
        _demand(visitor, headers, scope)


def _demand(visitor, headers, scope) -> None:
    for method, address, sends, enough, status in METHODS:
        answer = ask(visitor, method, address, sends, headers)
        assert answer.status_code == (status if scope in enough else 403), (scope, method, address)
        if answer.status_code == 403 and method != "HEAD":
            assert "statements/" in answer.json["error"]


def test_without_good_credentials_every_method_is_refused(visitor, client_of):
    key = client_of("all")["key"]
    wrongs = (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic %%"},
        *(basic(*each) for each in ((key, "wrong"), ("unknown", "x"), ("s-unknown", "x"), ("", ""))),
        basic("a\x00b", "x"),
    )
    for wrong in wrongs:
        for method, address, sends, _enough, _status in METHODS:
            answer = ask(visitor, method, address, sends, ABOUT | wrong)
            assert answer.status_code == 401, (method, address, wrong)
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
            assert answer.headers["X-Experience-API-Version"]


NEEDS = {
    ("statements", "POST"): {Scope.WRITE},
    ("statements", "PUT"): {Scope.WRITE},
    ("statements", "GET"): {Scope.READ, Scope.READ_MINE},
    ("activities/state", "GET"): {Scope.STATE},
    ("activities/state", "PUT"): {Scope.STATE},
    ("activities/state", "POST"): {Scope.STATE},
    ("activities/state", "DELETE"): {Scope.STATE},
    ("activities/profile", "GET"): {Scope.PROFILE},
    ("activities/profile", "PUT"): {Scope.PROFILE},
    ("agents/profile", "GET"): {Scope.PROFILE},
    ("agents/profile", "DELETE"): {Scope.PROFILE},
    ("activities", "GET"): {Scope.READ, Scope.READ_MINE, Scope.STATE, Scope.PROFILE},
    ("activities", "HEAD"): {Scope.READ, Scope.READ_MINE, Scope.STATE, Scope.PROFILE},
    ("agents", "GET"): {Scope.READ, Scope.PROFILE},
    ("agents", "PUT"): set(),
}


@pytest.mark.parametrize(("resource", "method"), NEEDS)
def test_each_resource_asks_for_its_scope(resource, method):
    allowed = set()
    for scope in Scope:
        client = KnownClient("k", "A", (), frozenset({scope}), None, None, 0)
        try:
            demand(client, resource, method)
        except Forbidden:
            continue
        allowed.add(scope)
    assert allowed == NEEDS[resource, method] | {Scope.ALL}
