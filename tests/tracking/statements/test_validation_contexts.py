"""Contexts (Data 2.4.6; contextAgents and contextGroups of xAPI 2.0, 4.2.2.5)."""

from typing import Any

import pytest

from tests.tracking.statements.examples import (
    ACTIVITY,
    AGENT,
    GROUP,
    REFERENCE,
    SUB_STATEMENT,
    UUID,
    VERSIONS,
    a_statement,
    refusal,
    within,
)
from tracking.statements.validation import Version, validate

ROLE = "https://example.org/roles/tutor"
CONTEXT_AGENT = {"objectType": "contextAgent", "agent": AGENT, "relevantTypes": [ROLE]}
CONTEXT_GROUP = {"objectType": "contextGroup", "group": GROUP}
NOT_ACTIVITIES = {"agent": AGENT, "group": GROUP, "reference": REFERENCE, "sub-statement": SUB_STATEMENT}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("s3 registration an object", {"registration": {"key": "x"}}, "registration"),
    ("s3 registration no UUID", {"registration": "should fail"}, "registration"),
    ("s3 registration null", {"registration": None}, "registration"),
    ("s3 instructor an object", {"instructor": {"key": "x"}}, "instructor.key"),
    ("s3 instructor a string", {"instructor": "x"}, "instructor"),
    ("s3 team an agent", {"team": AGENT}, "team.objectType"),
    ("s3 team without object type", {"team": {"mbox": "mailto:a@example.org"}}, "team.objectType"),
    ("s3 team a string", {"team": "x"}, "team"),
    ("s3 contextActivities a string", {"contextActivities": "x"}, "contextActivities"),
    ("2.4.6.2.s4.b1 of no kind", {"contextActivities": {"Parent": [ACTIVITY]}}, "contextActivities.Parent"),
    ("2.4.6.2.s4.b2 a string", {"contextActivities": {"parent": "x"}}, "contextActivities.parent"),
    (
        "2.4.6.2.s4.b2 one spoilt",
        {"contextActivities": {"other": [ACTIVITY, {"key": "x"}]}},
        "contextActivities.other[1].key",
    ),
    ("s3 revision a number", {"revision": 1}, "revision"),
    ("s3 platform an object", {"platform": {}}, "platform"),
    ("s3 language a number", {"language": 1}, "language"),
    ("s3 language of no form", {"language": "something"}, "language"),
    ("s3 language empty", {"language": ""}, "language"),
    ("s3 statement without type", {"statement": {"id": UUID}}, "statement.objectType"),
    (
        "s3 statement of wrong case",
        {"statement": {"objectType": "statementref", "id": UUID}},
        "statement.objectType",
    ),
    ("s3 statement without id", {"statement": {"objectType": "StatementRef"}}, "statement.id"),
    ("s3 statement a sub-statement", {"statement": SUB_STATEMENT}, "statement.objectType"),
    ("s3 extensions a string", {"extensions": "x"}, "extensions"),
    ("4.1.s3.b1 extension without scheme", {"extensions": {"x": 1}}, "extensions.x"),
    ("2.2.s4.b1.b7 unknown property", {"Team": GROUP}, "Team"),
]
REFUSED_BY_2_0: list[tuple[str, dict[str, Any], str]] = [
    ("agents no array", {"contextAgents": CONTEXT_AGENT}, "contextAgents"),
    ("agents a string", {"contextAgents": ["x"]}, "contextAgents[0]"),
    (
        "agent of another type",
        {"contextAgents": [{**CONTEXT_AGENT, "objectType": "x"}]},
        "contextAgents[0].objectType",
    ),
    ("agent without type", {"contextAgents": [{"agent": AGENT}]}, "contextAgents[0].objectType"),
    ("agent missing", {"contextAgents": [{"objectType": "contextAgent"}]}, "contextAgents[0].agent"),
    (
        "agent spoilt",
        {"contextAgents": [{**CONTEXT_AGENT, "agent": {"key": "x"}}]},
        "contextAgents[0].agent.key",
    ),
    (
        "agent a group",
        {"contextAgents": [{**CONTEXT_AGENT, "agent": GROUP}]},
        "contextAgents[0].agent.objectType",
    ),
    (
        "no type",
        {"contextAgents": [{**CONTEXT_AGENT, "relevantTypes": []}]},
        "contextAgents[0].relevantTypes",
    ),
    (
        "type no IRI",
        {"contextAgents": [{**CONTEXT_AGENT, "relevantTypes": ["abc"]}]},
        "contextAgents[0].relevantTypes[0]",
    ),
    (
        "types a string",
        {"contextAgents": [{**CONTEXT_AGENT, "relevantTypes": ROLE}]},
        "contextAgents[0].relevantTypes",
    ),
    ("agent with more", {"contextAgents": [{**CONTEXT_AGENT, "member": []}]}, "contextAgents[0].member"),
    ("groups no array", {"contextGroups": CONTEXT_GROUP}, "contextGroups"),
    (
        "group of another type",
        {"contextGroups": [{**CONTEXT_GROUP, "objectType": "Group"}]},
        "contextGroups[0].objectType",
    ),
    ("group missing", {"contextGroups": [{"objectType": "contextGroup"}]}, "contextGroups[0].group"),
    (
        "group spoilt",
        {"contextGroups": [{**CONTEXT_GROUP, "group": {"key": "x"}}]},
        "contextGroups[0].group.key",
    ),
    (
        "group an agent",
        {"contextGroups": [{**CONTEXT_GROUP, "group": AGENT}]},
        "contextGroups[0].group.objectType",
    ),
    (
        "group's no type",
        {"contextGroups": [{**CONTEXT_GROUP, "relevantTypes": []}]},
        "contextGroups[0].relevantTypes",
    ),
    (
        "group's type no IRI",
        {"contextGroups": [{**CONTEXT_GROUP, "relevantTypes": [1]}]},
        "contextGroups[0].relevantTypes[0]",
    ),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_full_context_is_accepted(version: Version) -> None:
    context = {
        "registration": UUID,
        "instructor": AGENT,
        "team": GROUP,
        "contextActivities": {
            "parent": [ACTIVITY],
            "grouping": [],
            "category": ACTIVITY,
            "other": [ACTIVITY],
        },
        "revision": "2",
        "platform": "",
        "language": "vi-VN",
        "statement": REFERENCE,
        "extensions": {},
    }
    validate(a_statement(context=context), version)
    validate(within(a_statement(context=context)), version)
    validate(a_statement(context={**context, "instructor": GROUP}), version)
    validate(a_statement(context={"contextActivities": {}}), version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("context", "path"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_spoilt_context_is_refused_at_its_place(
    context: dict[str, Any], path: str, version: Version
) -> None:
    assert refusal(a_statement(context=context), version).path == f"context.{path}"
    assert refusal(within(a_statement(context=context)), version).path == f"object.context.{path}"


@pytest.mark.parametrize("property_", ["revision", "platform"])
@pytest.mark.parametrize("kind", NOT_ACTIVITIES)
def test_revision_and_platform_are_only_for_activities(kind: str, property_: str) -> None:
    statement = a_statement(object=NOT_ACTIVITIES[kind], context={property_: "x"})
    assert refusal(statement).path == f"context.{property_}"
    if kind != "sub-statement":
        assert refusal(within(statement)).path == f"object.context.{property_}"


def test_the_context_of_a_statement_does_not_ask_about_the_object_of_its_sub_statement() -> None:
    validate(
        a_statement(object={**SUB_STATEMENT, "context": {"platform": "x"}}, context={"language": "vi"}),
        "1.0.3",
    )


def test_single_context_activities_become_arrays() -> None:
    statement = within(a_statement(context={"contextActivities": {"parent": ACTIVITY, "other": [ACTIVITY]}}))
    statement["context"] = {"contextActivities": {"category": ACTIVITY}}
    validate(statement, "1.0.3")
    assert statement["context"]["contextActivities"] == {"category": [ACTIVITY]}
    assert statement["object"]["context"]["contextActivities"] == {"parent": [ACTIVITY], "other": [ACTIVITY]}


def test_2_0_knows_context_agents_and_groups() -> None:
    groups = [CONTEXT_GROUP, {**CONTEXT_GROUP, "relevantTypes": [ROLE, "urn:x"]}]
    context = {"contextAgents": [CONTEXT_AGENT, {**CONTEXT_AGENT}], "contextGroups": groups}
    validate(a_statement(context=context), "2.0.0")
    validate(within(a_statement(context=context)), "2.0.0")
    validate(a_statement(object=REFERENCE, context={"contextAgents": [], "contextGroups": []}), "2.0.0")


def test_1_0_3_does_not_know_context_agents_and_groups() -> None:
    assert refusal(a_statement(context={"contextAgents": []}), "1.0.3").path == "context.contextAgents"
    assert refusal(a_statement(context={"contextGroups": []}), "1.0.3").path == "context.contextGroups"


@pytest.mark.parametrize(
    ("context", "path"), [case[1:] for case in REFUSED_BY_2_0], ids=[case[0] for case in REFUSED_BY_2_0]
)
def test_spoilt_context_agents_and_groups_are_refused(context: dict[str, Any], path: str) -> None:
    assert refusal(a_statement(context=context)).path == f"context.{path}"
    assert refusal(within(a_statement(context=context))).path == f"object.context.{path}"
