"""The description of /xapi/ (OpenAPI 3.1) says what there is, and nothing else."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from lms.xapi.addresses import ACTIVITY_PROFILE, AGENT_PROFILE, STATE
from lms.xapi.describing import description, examples
from lms.xapi.parameters import ALLOWED
from tests.lms.xapi.asking import ROOT
from tracking.statements.validation import activities, actors, attachments, contexts, results
from tracking.statements.validation.statements import validate

DOCUMENT = description()
OPERATIONS = [
    (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from inside(item)
    elif isinstance(value, list):
        for item in value:
            yield from inside(item)


def named(reference: str) -> Any:
    found: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def parameters(path: str, method: str) -> set[str]:
    """The names of an operation's parameters of the address."""
    operation = DOCUMENT["paths"][path][method]
    given = [named(one["$ref"]) if "$ref" in one else one for one in operation["parameters"]]
    return {one["name"] for one in given if one["in"] == "query"}


def test_every_route_and_method_is_described_and_no_other(wired_app: Flask):
    rules = [rule for rule in wired_app.url_map.iter_rules() if rule.rule.startswith(f"{ROOT}/")]
    there = {
        (rule.rule, method.lower()) for rule in rules for method in rule.methods or () if method != "OPTIONS"
    }
    assert len(there) > 25
    assert {(path, method) for path, method, _ in OPERATIONS} == there


def test_the_description_is_served_to_everybody(visitor):
    answer = visitor.get(f"{ROOT}/openapi.json")
    assert (answer.status_code, answer.json) == (200, DOCUMENT)


def test_every_reference_leads_to_something_and_every_operation_has_a_name_of_its_own():
    for found in inside(DOCUMENT):
        if "$ref" in found:
            assert named(found["$ref"]) is not None
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))
    used = {found["$ref"] for found in inside(DOCUMENT) if "$ref" in found}
    schemas = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    assert schemas <= used


def test_the_parameters_are_those_that_are_read():
    assert parameters("/xapi/statements", "get") >= ALLOWED
    for resource in (STATE, ACTIVITY_PROFILE, AGENT_PROFILE):
        path = f"{ROOT}/{resource.path}"
        known = {*resource.about, resource.name, *resource.filters}
        assert parameters(path, "get") == known | {"since"}
        for method in ("put", "post", "delete"):
            assert parameters(path, method) == known


PARTS = {
    "Account": actors._ACCOUNT,
    "Agent": actors._AGENT,
    "Group": actors._GROUP,
    "Activity": activities._ACTIVITY,
    "ActivityDefinition": activities._DEFINITION,
    "InteractionComponent": activities._COMPONENT,
    "StatementRef": contexts._REFERENCE,
    "Result": results._RESULT,
    "Score": results._SCORE,
    "Context": contexts._CONTEXT_2_0,
    "ContextAgent": contexts._CONTEXT_AGENT,
    "ContextGroup": contexts._CONTEXT_GROUP,
    "Attachment": attachments._ATTACHMENT,
}


@pytest.mark.parametrize("name", PARTS)
def test_the_schemas_have_the_properties_that_the_validator_knows(name):
    assert set(DOCUMENT["components"]["schemas"][name]["properties"]) == set(PARTS[name])


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_the_examples_are_valid(version):
    for one in examples.STATEMENTS.values():
        value = one["value"]
        for statement in value if isinstance(value, list) else [value]:
            validate(statement, version)
    actors.agent(examples.AGENT)
    activities.activity(examples.ACTIVITY)


def test_the_examples_fit_the_schemas_that_they_stand_beside():
    seen = 0
    for found in inside(DOCUMENT):
        values = [found["example"]] if "example" in found else []
        values += [one["value"] for one in found.get("examples", {}).values()]
        if "schema" in found and values:
            schema = {"components": DOCUMENT["components"], "allOf": [found["schema"]]}
            validator = jsonschema_rs.Draft202012Validator(schema)
            for value in values:
                validator.validate(value)
                seen += 1
    assert seen > 20
