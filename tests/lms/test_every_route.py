"""Every route of the application says whom it lets in, and keeps to it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, Rule

from lms.accounts.policy import Permission
from lms.app import create_app
from lms.core.web import numbers
from lms.settings import read_settings
from tests.lms.conftest import browser

Enter = Callable[[str], FlaskClient]
Rules = list[tuple[Rule, object]]

VALUES = {"int": 1, "uuid": str(uuid4()), "path": "index.html", "default": "something"}
FOR_PROGRAMS = ("/api/", "/xapi")
SPEAKS = {"X-Experience-API-Version": "1.0.3"}


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> Rules:
    folder = tmp_path_factory.mktemp("routes")
    application = create_app(read_settings({"LMS_DATA": str(folder)}, dotenv=None))
    return [
        (rule, getattr(application.view_functions[rule.endpoint], "access", None))
        for rule in application.url_map.iter_rules()
    ]


def address(rule: Rule) -> str:
    """The rule with its places filled."""
    built = rule.rule
    for name, converter in rule._converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        value = VALUES.get({"databasenumber": "int", "unicode": "default"}.get(kind, kind), "something")
        for written in (f"<{name}>", f"<int:{name}>", f"<uuid:{name}>", f"<path:{name}>"):
            built = built.replace(written, str(value))
    assert "<" not in built
    return built


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def guarded(rules: Rules, *kinds: object) -> list[tuple[str, str]]:
    return [
        (method, address(rule))
        for rule, access in rules
        if access in kinds and not rule.rule.startswith(FOR_PROGRAMS)
        for method in methods(rule)
    ]


def test_every_route_says_whom_it_lets_in(rules):
    known = {"public", "signed in", "client", *Permission}
    assert {rule.rule: access for rule, access in rules if access not in known} == {}


def test_what_needs_an_account_sends_visitors_to_the_sign_in(app: Flask, rules):
    client = browser(app)
    wanted = guarded(rules, "signed in", *Permission)
    assert len(wanted) > 30
    for method, path in wanted:
        answer = client.open(path, method=method)
        assert answer.status_code == 302, (method, path, answer.status_code)
        assert answer.headers["Location"].startswith("/sign-in?next="), path


def test_what_needs_a_permission_is_refused_to_a_learner(signed_in: Enter, rules):
    client = signed_in("learner")
    for method, path in guarded(rules, *Permission):
        answer = client.open(path, method=method)
        assert answer.status_code == 403, (method, path, answer.status_code)


def test_what_is_for_programs_asks_for_credentials(app: Flask, rules):
    client = browser(app)
    for rule, access in rules:
        if rule.rule.startswith(FOR_PROGRAMS) and access != "public":
            for method in methods(rule):
                answer = client.open(address(rule), method=method, headers=SPEAKS)
                assert answer.status_code == 401, rule.rule


def test_a_number_larger_than_a_database_holds_leads_to_no_page():
    application = Flask("numbers")
    numbers.init_app(application)
    application.add_url_rule("/versions/<int:number>", "version")
    routes = application.url_map.bind("localhost")
    assert routes.match(f"/versions/{2**63 - 1}")
    with pytest.raises(NotFound):
        routes.match(f"/versions/{2**63}")


def test_every_number_in_an_address_is_of_that_kind(rules):
    kinds = {type(kind) for rule, _ in rules for kind in rule._converters.values()}
    assert numbers.DatabaseNumber in kinds
    assert IntegerConverter not in kinds


def test_a_reporter_reaches_no_page_with_names(signed_in: Enter, rules):
    client = signed_in("reporter")
    names = {Permission.SEE_PEOPLE, Permission.MANAGE_PEOPLE, Permission.ISSUE_CODES}
    for method, path in guarded(rules, *names):
        assert client.open(path, method=method).status_code == 403, (method, path)
