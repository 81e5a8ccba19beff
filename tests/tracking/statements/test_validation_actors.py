"""Agents and groups (Data 2.4.2), wherever they stand."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.tracking.statements.examples import ACCOUNT, AGENT, GROUP, a_statement, refusal, within
from tracking.statements.validation import validate

MBOX = {"mbox": "mailto:lan@example.org"}
SHA1 = {"mbox_sha1sum": "cd9b00a5611f94eaa7b1661edab976068e364975"}
OPENID = {"openid": "https://openid.example.org/12345"}
IDENTIFIERS = {"mbox": MBOX, "sha1": SHA1, "openid": OPENID, "account": ACCOUNT}
HOME = "https://hoc.example.org"

# Where an agent or a group may stand, and the path of that place.
PLACES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "actor": lambda who: a_statement(actor=who),
    "authority": lambda who: a_statement(authority=who),
    "context.instructor": lambda who: a_statement(context={"instructor": who}),
    "object.actor": lambda who: within(a_statement(actor=who)),
    "object.context.instructor": lambda who: within(a_statement(context={"instructor": who})),
}
TYPED_PLACES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "object": lambda who: a_statement(object=who),
    "object.object": lambda who: within(a_statement(object=who)),
}

REFUSED_AGENTS: list[tuple[str, Any, str]] = [
    ("2.4.2 a string", "lan", ""),
    ("2.4.2 an array", [AGENT], ""),
    ("2.4.2.1.s2.b1 no identifier", {"name": "Lan"}, ""),
    ("2.4.2.1.s2.b2 mbox and account", {**MBOX, **ACCOUNT}, ""),
    ("2.4.2.1.s2.b2 sha1 and openid", {**SHA1, **OPENID}, ""),
    ("2.4.2.1 type in wrong case", {**MBOX, "objectType": "agent"}, ".objectType"),
    ("2.4.2.1 type a number", {**MBOX, "objectType": 123}, ".objectType"),
    ("2.4.2.1 type an object", {**MBOX, "objectType": {}}, ".objectType"),
    ("2.4.2.1 type an activity's", {**MBOX, "objectType": "Activity"}, ".objectType"),
    ("2.4.2.1 name a number", {**MBOX, "name": 123}, ".name"),
    ("2.4.2.1 name null", {**MBOX, "name": None}, ".name"),
    ("2.4.2.1 members", {**MBOX, "member": [AGENT]}, ".member"),
    ("2.2.s4.b1.b5 Mbox", {"Mbox": MBOX["mbox"]}, ".Mbox"),
    ("2.4.2.3 mbox without scheme", {"mbox": "lan@example.org"}, ".mbox"),
    ("2.4.2.3 mbox of no address", {"mbox": "mailto:should.fail.com"}, ".mbox"),
    ("2.4.2.3 mbox a page", {"mbox": "http://should.fail.com"}, ".mbox"),
    ("2.4.2.3 mbox with two addresses", {"mbox": "mailto:a@x.org,b@x.org"}, ".mbox"),
    ("2.4.2.3 mbox with a subject", {"mbox": "mailto:a@x.org?subject=x"}, ".mbox"),
    ("2.4.2.3 mbox with a blank", {"mbox": "mailto:a b@x.org"}, ".mbox"),
    ("2.4.2.3 mbox a number", {"mbox": 1}, ".mbox"),
    ("2.4.2.3 mbox empty", {"mbox": ""}, ".mbox"),
    ("2.4.2.3 sha1 too short", {"mbox_sha1sum": "cd9b00"}, ".mbox_sha1sum"),
    ("2.4.2.3 sha1 not hexadecimal", {"mbox_sha1sum": "g" * 40}, ".mbox_sha1sum"),
    ("2.4.2.3 sha1 a number", {"mbox_sha1sum": 123}, ".mbox_sha1sum"),
    ("2.4.2.3 openid of a wrong scheme", {"openid": "ab=c://should.fail.com"}, ".openid"),
    ("2.4.2.3 openid with letters of an IRI", {"openid": "https://ví-dụ.vn/1"}, ".openid"),
    ("2.4.2.4 account a string", {"account": "lan"}, ".account"),
    ("2.4.2.4.s2 account without home page", {"account": {"name": "1"}}, ".account.homePage"),
    ("2.4.2.4.s2 account without name", {"account": {"homePage": HOME}}, ".account.name"),
    ("2.4.2.4.s2 home page without scheme", {"account": {"homePage": "x", "name": "1"}}, ".account.homePage"),
    ("2.4.2.4.s2 account name an object", {"account": {"homePage": HOME, "name": {}}}, ".account.name"),
    ("2.4.2.4.s2 account with more", {"account": {"homePage": HOME, "name": "1", "id": 1}}, ".account.id"),
]
REFUSED_GROUPS: list[tuple[str, Any, str]] = [
    ("2.4.2.2.s4.b1 anonymous without members", {"objectType": "Group"}, ".member"),
    ("2.4.2.2.s4.b1 anonymous with no member", {"objectType": "Group", "member": []}, ".member"),
    ("2.4.2.2.s2 members no array", {"objectType": "Group", "member": AGENT}, ".member"),
    (
        "2.4.2.2.s4.b2 a group as member",
        {"objectType": "Group", "member": [AGENT, GROUP]},
        ".member[1].objectType",
    ),
    (
        "2.4.2.2.s5.b2 a group as member",
        {**MBOX, "objectType": "Group", "member": [GROUP]},
        ".member[0].objectType",
    ),
    ("2.4.2.2 a spoilt member", {"objectType": "Group", "member": [AGENT, {"name": "x"}]}, ".member[1]"),
    ("2.4.2.2 type in wrong case", {**GROUP, "objectType": "group"}, ".objectType"),
    ("2.4.2.2 name an object", {**GROUP, "name": {}}, ".name"),
    ("2.4.2.2 unknown property", {**GROUP, "members": []}, ".members"),
    ("2.4.2.2.s5.b1 two identifiers", {**GROUP, **MBOX, **OPENID}, ""),
]


def _cases(cases: list[tuple[str, Any, str]]) -> Any:
    return pytest.mark.parametrize(
        ("who", "below"), [case[1:] for case in cases], ids=[case[0] for case in cases]
    )


@pytest.mark.parametrize("place", PLACES | TYPED_PLACES)
@pytest.mark.parametrize("identifier", IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_an_agent_with_one_identifier_is_accepted(identifier: dict[str, Any], place: str) -> None:
    who = {"objectType": "Agent", "name": "Lan", **identifier}
    validate((PLACES | TYPED_PLACES)[place](who), "2.0.0")


@pytest.mark.parametrize("place", sorted((PLACES | TYPED_PLACES).keys() - {"authority"}))
@pytest.mark.parametrize("identifier", [{}, *IDENTIFIERS.values()], ids=["none", *IDENTIFIERS])
def test_a_group_is_accepted_with_an_identifier_or_members(identifier: dict[str, Any], place: str) -> None:
    put = (PLACES | TYPED_PLACES)[place]
    validate(put({**GROUP, "name": "Tổ 1", **identifier}), "2.0.0")
    if identifier:
        validate(put({"objectType": "Group", **identifier}), "2.0.0")


@pytest.mark.parametrize("place", PLACES)
@_cases(REFUSED_AGENTS)
def test_a_spoilt_agent_is_refused_wherever_it_stands(who: Any, below: str, place: str) -> None:
    assert refusal(PLACES[place](who)).path == place + below


@pytest.mark.parametrize("place", PLACES)
@_cases(REFUSED_GROUPS)
def test_a_spoilt_group_is_refused_wherever_it_stands(who: Any, below: str, place: str) -> None:
    assert refusal(PLACES[place](who)).path == place + below


@pytest.mark.parametrize("place", TYPED_PLACES)
@_cases([case for case in REFUSED_AGENTS if isinstance(case[1], dict) and "objectType" not in case[1]])
def test_a_spoilt_agent_as_object_is_refused(who: Any, below: str, place: str) -> None:
    assert refusal(TYPED_PLACES[place]({"objectType": "Agent", **who})).path == place + below


def test_hashes_and_addresses_of_any_case_and_alphabet_are_accepted() -> None:
    validate(a_statement(actor={"mbox_sha1sum": SHA1["mbox_sha1sum"].upper()}), "1.0.3")
    validate(a_statement(actor={"mbox": "mailto:o'hara+học%20sinh@ví-dụ.vn"}), "1.0.3")
