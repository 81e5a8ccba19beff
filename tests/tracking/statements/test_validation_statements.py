"""Properties of whole statements. Sections are those of xAPI 1.0.3, part two (Data)."""

from typing import Any

import pytest

from tests.tracking.statements.examples import (
    ACCOUNT,
    ACTIVITY,
    AGENT,
    GONE,
    GROUP,
    OTHER_UUID,
    REFERENCE,
    SMALLEST,
    SUB_STATEMENT,
    UUID,
    VERSIONS,
    VOIDED,
    a_statement,
    refusal,
    within,
)
from tracking.errors import Refused
from tracking.statements.validation import Invalid, Version, validate

ACCEPTED: dict[str, dict[str, Any]] = {
    "2.4.s2 the smallest statement": {},
    "2.4.1 an id": {"id": UUID},
    "2.4.1 an id in upper case": {"id": UUID.upper()},
    "2.4.1 an id of another variant": {"id": "12345678-1234-5678-1234-567812345678"},
    "2.4.3 a verb with its display": {
        "verb": {"id": "urn:v", "display": {"vi": "đã học", "en-US": "learnt"}}
    },
    "2.2.s2.b1 an empty language map": {"verb": {"id": "urn:v", "display": {}}},
    "2.4.4.s2 an activity without object type": {"object": {"id": "https://example.org/a"}},
    "2.4.4.2 an agent as object": {"object": AGENT},
    "2.4.4.2 a group as object": {"object": GROUP},
    "2.4.4.3.s4 a reference as object": {"object": REFERENCE},
    "2.4.4.3.s8 a sub-statement as object": {"object": SUB_STATEMENT},
    "2.4.4.3.s8 a sub-statement about a reference": {"object": {**SUB_STATEMENT, "object": REFERENCE}},
    "2.4.7.s3.b6 a timestamp in the future": {"timestamp": "2999-01-01T00:00:00Z"},
    "2.4.7.s3.b5 a sub-statement in the future": {
        "object": {**SUB_STATEMENT, "timestamp": "2999-01-01T00:00:00Z"}
    },
    "2.4.8.s3.b2 a stored, to be overwritten": {"stored": "2013-05-18T05:32:34.804Z"},
    "2.4.9.s3.b1 an agent as authority": {"authority": AGENT},
    "2.4.9.s3.b1 a pair as authority": {"authority": {"objectType": "Group", "member": [ACCOUNT, AGENT]}},
    "2.4.10.s3.b1 version 1.0": {"version": "1.0"},
    "2.4.10.s3.b1 version 1.0.9": {"version": "1.0.9"},
    "2.3.2.s2 a voiding statement": {"verb": VOIDED, "object": REFERENCE},
    "2.3.2.s2 a voiding sub-statement": {"object": {**SUB_STATEMENT, "verb": VOIDED, "object": REFERENCE}},
}

# What is wrong, the properties that make it so, and where the fault is told.
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("2.2.s2.b3 no actor", {"actor": GONE}, "actor"),
    ("2.2.s2.b3 no verb", {"verb": GONE}, "verb"),
    ("2.2.s2.b3 no object", {"object": GONE}, "object"),
    ("2.2.s4.b1.b1 null", {"result": None}, "result"),
    ("2.2.s4.b1.b5 wrong case of a name", {"timeStamp": "2026-01-31T08:00:00Z"}, "timeStamp"),
    ("2.2.s4.b1.b7 unknown property", {"note": "x"}, "note"),
    ("2.2.s4.b1.b7 voided of 0.9", {"voided": False}, "voided"),
    ("2.4.1 id a number", {"id": 12345}, "id"),
    ("2.4.1 id an object", {"id": {"key": "x"}}, "id"),
    ("2.4.1 id with a digit too many", {"id": "AA97B177-9383-4934-8543-0F91A7A028368"}, "id"),
    ("2.4.1 id with a letter beyond F", {"id": "MA97B177-9383-4934-8543-0F91A7A02836"}, "id"),
    ("2.4.1 id in braces", {"id": "{" + UUID + "}"}, "id"),
    ("2.4.1 id without hyphens", {"id": UUID.replace("-", "")}, "id"),
    ("2.4.1 id empty", {"id": ""}, "id"),
    ("2.4.1 id with a line end", {"id": UUID + "\n"}, "id"),
    ("2.4.3 verb a string", {"verb": "completed"}, "verb"),
    ("2.4.3.s3 verb without id", {"verb": {"display": {"vi": "x"}}}, "verb.id"),
    ("2.4.3.s3 verb id without scheme", {"verb": {"id": "completed"}}, "verb.id"),
    ("2.4.3.s3 verb id with a wrong scheme", {"verb": {"id": "ab=c://should.fail.com"}}, "verb.id"),
    ("2.4.3.s3 display a string", {"verb": {"id": "urn:v", "display": "x"}}, "verb.display"),
    (
        "4.2 display of no language",
        {"verb": {"id": "urn:v", "display": {"a12345": "x"}}},
        "verb.display.a12345",
    ),
    ("2.2.s4.b1.b1 display null", {"verb": {"id": "urn:v", "display": {"en": None}}}, "verb.display.en"),
    ("2.4.4 object an array", {"object": [ACTIVITY]}, "object"),
    ("2.4.4.s2 object of no type", {"object": {**ACTIVITY, "objectType": "activity"}}, "object.objectType"),
    ("2.4.4.s2 object type a number", {"object": {**ACTIVITY, "objectType": 1}}, "object.objectType"),
    ("2.4.4.s2 object type an array", {"object": {**ACTIVITY, "objectType": []}}, "object.objectType"),
    ("2.4.4.2.s1.b1 agent without type", {"object": {"mbox": "mailto:a@example.org"}}, "object.mbox"),
    ("2.4.4.3.s4 reference without id", {"object": {"objectType": "StatementRef"}}, "object.id"),
    ("2.4.4.3.s4 reference not to a UUID", {"object": {**REFERENCE, "id": "x"}}, "object.id"),
    ("2.4.4.3.s4 reference with more", {"object": {**REFERENCE, "definition": {}}}, "object.definition"),
    (
        "2.4.4.3.s8.b1 sub-statement, wrong case",
        {"object": {**SMALLEST, "objectType": "substatement"}},
        "object.objectType",
    ),
    (
        "2.4.4.3.s8.b2 sub-statement without verb",
        {"object": {"objectType": "SubStatement", "actor": AGENT, "object": ACTIVITY}},
        "object.verb",
    ),
    ("2.4.4.3.s8.b3 sub-statement with id", {"object": {**SUB_STATEMENT, "id": UUID}}, "object.id"),
    (
        "2.4.4.3.s8.b3 sub-statement with stored",
        {"object": {**SUB_STATEMENT, "stored": "2013-05-18T05:32:34Z"}},
        "object.stored",
    ),
    (
        "2.4.4.3.s8.b3 sub-statement with version",
        {"object": {**SUB_STATEMENT, "version": "1.0.0"}},
        "object.version",
    ),
    (
        "2.4.4.3.s8.b3 sub-statement with authority",
        {"object": {**SUB_STATEMENT, "authority": AGENT}},
        "object.authority",
    ),
    (
        "2.4.4.3.s8.b4 sub-statement in a sub-statement",
        {"object": {**SUB_STATEMENT, "object": SUB_STATEMENT}},
        "object.object.objectType",
    ),
    ("2.4.5 result an array", {"result": []}, "result"),
    ("2.4.6 context a string", {"context": "x"}, "context"),
    ("2.4.7 timestamp of words", {"timestamp": "should fail"}, "timestamp"),
    ("2.4.8 stored of words", {"stored": "should fail"}, "stored"),
    ("2.4.10.s3.b2 version 0.9.9", {"version": "0.9.9"}, "version"),
    ("2.4.10.s3.b2 version 1.1.0", {"version": "1.1.0"}, "version"),
    ("2.4.10.s3.b2 version of words", {"version": "should fail"}, "version"),
    ("2.4.10.s3.b2 version a number", {"version": 1.0}, "version"),
    ("2.4.11 attachments an object", {"attachments": {}}, "attachments"),
    ("2.3.2.s2.b1 voiding an activity", {"verb": VOIDED}, "object.objectType"),
    ("2.3.2.s2.b1 voiding an agent", {"verb": VOIDED, "object": AGENT}, "object.objectType"),
    ("2.3.2.s2.b1 voiding within", {"object": {**SUB_STATEMENT, "verb": VOIDED}}, "object.object.objectType"),
    (
        "2.4.9.s3.b1 authority an identified group",
        {"authority": {**GROUP, "mbox": "mailto:a@example.org"}},
        "authority",
    ),
    (
        "2.4.9.s3.b1 authority of one",
        {"authority": {"objectType": "Group", "member": [ACCOUNT]}},
        "authority.member",
    ),
    (
        "2.4.9.s3.b1 authority of three",
        {"authority": {"objectType": "Group", "member": [ACCOUNT, AGENT, AGENT]}},
        "authority.member",
    ),
    ("2.4.9.s3.b1 authority of none", {"authority": {"objectType": "Group"}}, "authority.member"),
    (
        "2.4.9.s7.b2 authority without an application",
        {"authority": {"objectType": "Group", "member": [AGENT, AGENT]}},
        "authority.member",
    ),
    ("2.4.9 authority a string", {"authority": "me"}, "authority"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("properties", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_a_statement_may_have_is_accepted(properties: dict[str, Any], version: Version) -> None:
    validate(a_statement(**properties), version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("properties", "path"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_breaks_a_rule_is_refused_at_its_place(
    properties: dict[str, Any], path: str, version: Version
) -> None:
    assert refusal(a_statement(**properties), version).path == path


@pytest.mark.parametrize("path", ["actor", "verb", "object", "result", "context", "timestamp", "attachments"])
def test_a_sub_statement_is_held_to_the_same_rules(path: str) -> None:
    assert refusal(within(a_statement(**{path: None}))).path == f"object.{path}"


@pytest.mark.parametrize("version", ["2.0.0", "2.0", "2.0.7"])
def test_statements_of_2_0_are_only_taken_as_2_0(version: str) -> None:
    validate(a_statement(version=version), "2.0.0")
    assert refusal(a_statement(version=version), "1.0.3").path == "version"


@pytest.mark.parametrize("value", [None, [], "x", 1, True])
def test_what_is_no_object_is_refused_as_a_whole(value: Any) -> None:
    fault = refusal(value)
    assert fault.path == ""
    assert str(fault) == "statement: must be an object"


def test_a_refusal_reads_as_path_and_reason_and_can_be_translated() -> None:
    fault = refusal(a_statement(actor={"mbox": "lan@example.org"}))
    assert isinstance(fault, Refused)
    assert fault.path == "actor.mbox"
    assert str(fault) == "actor.mbox: not a mailto IRI"
    assert fault.message % {"path": "chỗ này"} == "chỗ này: not a mailto IRI"


def test_long_and_odd_names_are_quoted_and_cut_in_paths() -> None:
    assert refusal(a_statement(**{'a"b\\': 1})).path == '["a\\"b\\\\"]'
    assert len(refusal(a_statement(**{"x" * 500: 1})).path) < 90


def test_per_cent_signs_in_names_do_not_disturb_the_sentence() -> None:
    assert str(Invalid("%(path)s: is missing", "%(x)s").enter("100%d")) == '["100%d"].%(x)s: is missing'


def test_ids_may_be_given_again_in_references() -> None:
    validate(a_statement(id=OTHER_UUID, object={**REFERENCE, "id": OTHER_UUID}), "2.0.0")
