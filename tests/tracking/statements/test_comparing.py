"""What may differ between two statements that say the same, and what may not (Data 2.3.1)."""

from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracking.statements.examples import (
    ACCOUNT,
    ACTIVITY,
    AGENT,
    ATTACHMENT,
    GROUP,
    OTHER_UUID,
    REFERENCE,
    SUB_STATEMENT,
    UUID,
    VERSIONS,
    a_statement,
    within,
)
from tests.tracking.statements.strategies import statements
from tracking.statements.comparing import SIGNATURE, fingerprint, same, same_moment
from tracking.statements.validation import Version, validate

NOON = "2026-01-31T12:00:00Z"
unhurried = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)

# Pairs of properties that make no difference, by the exception that says so.
ALIKE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("b1 id by the store", {}, {"id": UUID}),
    ("b1 authority", {"authority": AGENT}, {"authority": ACCOUNT}),
    ("b1 stored", {"stored": NOON}, {"stored": "2027-01-31T12:00:00Z"}),
    ("b1 timestamp by the store", {}, {"timestamp": NOON}),
    ("b1 version", {"version": "1.0.0"}, {"version": "1.0.3"}),
    (
        "b2 definition",
        {"object": {**ACTIVITY, "definition": {"name": {"vi": "x"}}}},
        {"object": {"id": ACTIVITY["id"]}},
    ),
    (
        "b2 definition in the context",
        {"context": {"contextActivities": {"parent": [{**ACTIVITY, "definition": {}}]}}},
        {"context": {"contextActivities": {"parent": [ACTIVITY]}}},
    ),
    ("b3 display", {"verb": {"id": "urn:v", "display": {"vi": "x"}}}, {"verb": {"id": "urn:v"}}),
    ("b4 zone", {"timestamp": NOON}, {"timestamp": "2026-01-31T19:00:00.000+07:00"}),
    (
        "4.5.s1.b7 beyond milliseconds",
        {"timestamp": "2026-01-31T12:00:00.1234Z"},
        {"timestamp": "2026-01-31T12:00:00.123Z"},
    ),
    (
        "b4 zone within",
        {"object": {**SUB_STATEMENT, "timestamp": NOON}},
        {"object": {**SUB_STATEMENT, "timestamp": "2026-01-31T12:00:00+00:00"}},
    ),
    ("b5 order of members", {"actor": GROUP}, {"actor": {**GROUP, "member": GROUP["member"][::-1]}}),
    ("b7 case of a domain", {"actor": {"mbox": "mailto:lan@EXAMPLE.org"}}, {"actor": AGENT}),
    ("b7 case of a hash", {"actor": {"mbox_sha1sum": "AB" * 20}}, {"actor": {"mbox_sha1sum": "ab" * 20}}),
    ("b7 case of a UUID", {"object": REFERENCE}, {"object": {**REFERENCE, "id": UUID.upper()}}),
    ("b7 case of a language", {"context": {"language": "vi-vn"}}, {"context": {"language": "vi-VN"}}),
    (
        "b7 case of a registration",
        {"context": {"registration": UUID}},
        {"context": {"registration": UUID.upper()}},
    ),
    ("2.4.2.1 type of an agent", {"actor": AGENT}, {"actor": {"mbox": AGENT["mbox"]}}),
    (
        "2.4.6.2.s4.b4 one activity",
        {"context": {"contextActivities": {"other": ACTIVITY}}},
        {"context": {"contextActivities": {"other": [ACTIVITY]}}},
    ),
    (
        "4.6.s1.b5 beyond hundredths",
        {"result": {"duration": "PT1.239S"}},
        {"result": {"duration": "PT1.231S"}},
    ),
    ("4.6.s1.b5 cut away", {"result": {"duration": "PT1.001S"}}, {"result": {"duration": "PT1S"}}),
    ("one number", {"result": {"score": {"raw": 1.0}}}, {"result": {"score": {"raw": 1}}}),
    (
        "one number in an extension",
        {"result": {"extensions": {"urn:e": [2.0]}}},
        {"result": {"extensions": {"urn:e": [2]}}},
    ),
    ("2.6 a signature", {"attachments": [{**ATTACHMENT, "usageType": SIGNATURE}]}, {}),
    (
        "2.4.11 case of a hash",
        {"attachments": [ATTACHMENT]},
        {"attachments": [{**ATTACHMENT, "sha2": ATTACHMENT["sha2"].upper()}]},
    ),
]
UNLIKE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("id", {"id": UUID}, {"id": OTHER_UUID}),
    ("actor", {"actor": AGENT}, {"actor": ACCOUNT}),
    ("name of the actor", {"actor": AGENT}, {"actor": {**AGENT, "name": "Lan"}}),
    ("case of a local part", {"actor": AGENT}, {"actor": {"mbox": "mailto:LAN@example.org"}}),
    ("a member more", {"actor": GROUP}, {"actor": {**GROUP, "member": [AGENT]}}),
    ("agent or group", {"object": {**AGENT}}, {"object": {"objectType": "Group", "mbox": AGENT["mbox"]}}),
    ("verb", {}, {"verb": {"id": "urn:other"}}),
    ("activity", {}, {"object": {"id": "https://example.org/lessons/2"}}),
    ("case of an IRI", {}, {"object": {"id": "https://example.org/Lessons/1"}}),
    ("kind of object", {"object": REFERENCE}, {"object": SUB_STATEMENT}),
    ("timestamp", {"timestamp": NOON}, {"timestamp": "2026-01-31T12:00:00.001Z"}),
    ("timestamp within", {"object": {**SUB_STATEMENT, "timestamp": NOON}}, {"object": SUB_STATEMENT}),
    ("success", {"result": {"success": True}}, {"result": {"success": False}}),
    ("true and 1", {"result": {"extensions": {"urn:e": True}}}, {"result": {"extensions": {"urn:e": 1}}}),
    ("null and nothing", {"result": {"extensions": {"urn:e": None}}}, {"result": {"extensions": {}}}),
    (
        "order in an extension",
        {"result": {"extensions": {"urn:e": [1, 2]}}},
        {"result": {"extensions": {"urn:e": [2, 1]}}},
    ),
    ("score", {"result": {"score": {"raw": 1}}}, {"result": {"score": {"raw": 1.5}}}),
    ("b8 units of a duration", {"result": {"duration": "PT60S"}}, {"result": {"duration": "PT1M"}}),
    ("hundredths", {"result": {"duration": "PT1.23S"}}, {"result": {"duration": "PT1.24S"}}),
    ("response", {"result": {"response": "a"}}, {"result": {"response": "A"}}),
    ("registration", {"context": {"registration": UUID}}, {"context": {"registration": OTHER_UUID}}),
    ("platform", {"context": {"platform": "a"}}, {}),
    (
        "context activities",
        {"context": {"contextActivities": {"other": [ACTIVITY]}}},
        {"context": {"contextActivities": {"parent": [ACTIVITY]}}},
    ),
    ("an attachment", {"attachments": [ATTACHMENT]}, {}),
]


def _cases(cases: list[tuple[str, dict[str, Any], dict[str, Any]]]) -> Any:
    return pytest.mark.parametrize(
        ("one", "other"), [case[1:] for case in cases], ids=[case[0] for case in cases]
    )


@_cases(ALIKE)
def test_what_may_differ_makes_no_difference(one: dict[str, Any], other: dict[str, Any]) -> None:
    a, b = a_statement(**one), a_statement(**other)
    assert same(a, b)
    assert same(b, a)
    assert fingerprint(a) == fingerprint(b)


@_cases(UNLIKE)
def test_what_may_not_differ_makes_a_difference(one: dict[str, Any], other: dict[str, Any]) -> None:
    a, b = a_statement(**one), a_statement(**other)
    assert not same(a, b)
    assert not same(b, a)


@_cases(
    [
        case
        for case in ALIKE + UNLIKE
        if case[1].keys() | case[2].keys() <= {"actor", "verb", "result", "context", "attachments"}
    ]
)
def test_sub_statements_are_compared_in_the_same_way(one: dict[str, Any], other: dict[str, Any]) -> None:
    a, b = a_statement(**one), a_statement(**other)
    assert same(within(a), within(b)) == same(a, b)


def test_2_0_compares_context_agents_and_groups() -> None:
    agents = {"contextAgents": [{"objectType": "contextAgent", "agent": AGENT}]}
    plain = {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": AGENT["mbox"]}}]}
    groups = {"contextGroups": [{"objectType": "contextGroup", "group": GROUP}]}
    assert same(a_statement(context=agents), a_statement(context=plain))
    assert not same(a_statement(context=agents), a_statement(context=groups))
    assert same(a_statement(context=groups), a_statement(context=deepcopy(groups)))


def test_a_missing_moment_agrees_with_any() -> None:
    assert same_moment(None, NOON)
    assert same_moment(NOON, "2026-01-31T19:00:00+07:00")
    assert not same_moment(NOON, "2026-01-31T12:00:01Z")


any_statement = st.sampled_from(VERSIONS).flatmap(
    lambda version: st.tuples(st.just(version), statements(version))
)


@unhurried
@given(any_statement)
def test_a_statement_is_the_same_however_it_is_written(made: tuple[Version, dict[str, Any]]) -> None:
    version, statement = made
    sent = deepcopy(statement)
    read = orjson.loads(orjson.dumps(statement, option=orjson.OPT_SORT_KEYS))
    validate(read, version)
    assert same(read, statement)
    assert statement == sent
    assert len(fingerprint(statement)) == 16


@unhurried
@given(st.tuples(statements(), statements()))
def test_two_statements_are_the_same_in_both_directions(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    a, b = pair
    assert same(a, b) == same(b, a)
    assert same(a, a)
