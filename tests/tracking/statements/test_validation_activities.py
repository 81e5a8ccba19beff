"""Activities, definitions and interactions (Data 2.4.4.1)."""

from typing import Any

import pytest

from tests.tracking.statements.examples import ACTIVITY, a_statement, refusal, within
from tracking.statements.validation import validate

PARTS = [{"id": "a", "description": {"vi": "Một"}}, {"id": "b"}]
ALLOWED = {
    "true-false": [],
    "choice": ["choices"],
    "fill-in": [],
    "long-fill-in": [],
    "matching": ["source", "target"],
    "performance": ["steps"],
    "sequencing": ["choices"],
    "likert": ["scale"],
    "numeric": [],
    "other": [],
}
LISTS = ["choices", "scale", "source", "target", "steps"]
CHOICE = {"interactionType": "choice"}

REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("s1 id missing", {"objectType": "Activity"}, ".id"),
    ("s1 id without scheme", {"id": "lesson"}, ".id"),
    ("s1 id empty", {"id": ""}, ".id"),
    ("s1 id a number", {"id": 1}, ".id"),
    ("s1 unknown property", {**ACTIVITY, "name": "x"}, ".name"),
    ("s1 definition a string", {**ACTIVITY, "definition": "should error"}, ".definition"),
    ("s1 definition null", {**ACTIVITY, "definition": None}, ".definition"),
]
REFUSED_DEFINITIONS: list[tuple[str, dict[str, Any], str]] = [
    ("s2 name a string", {"name": "x"}, "name"),
    ("s2 name in no language", {"name": {"something": "x"}}, "name.something"),
    ("s2 description a number", {"description": 1}, "description"),
    ("s2 type without scheme", {"type": "should error"}, "type"),
    ("s2 moreInfo without scheme", {"moreInfo": "should error"}, "moreInfo"),
    ("s2 moreInfo null", {"moreInfo": None}, "moreInfo"),
    ("s2 unknown property", {"moreinfo": "http://x.org"}, "moreinfo"),
    ("s2 extensions a string", {"extensions": "x"}, "extensions"),
    ("4.1.s3.b1 extension without scheme", {"extensions": {"id": "valid"}}, "extensions.id"),
    ("4.1.s3.b1 extension with an empty key", {"extensions": {"": 1}}, 'extensions[""]'),
    ("s8 type of no kind", {"interactionType": "should error"}, "interactionType"),
    ("s8 type in wrong case", {"interactionType": "true-faLse"}, "interactionType"),
    ("s8 type a number", {"interactionType": 12345}, "interactionType"),
    ("s8 type an object", {"interactionType": {}}, "interactionType"),
    ("s8 pattern a string", {**CHOICE, "correctResponsesPattern": "a"}, "correctResponsesPattern"),
    ("s8 pattern of numbers", {**CHOICE, "correctResponsesPattern": ["a", 1]}, "correctResponsesPattern[1]"),
    ("s15 components no array", {**CHOICE, "choices": {"id": "a"}}, "choices"),
    ("s15 component a string", {**CHOICE, "choices": ["a"]}, "choices[0]"),
    ("s15 component without id", {**CHOICE, "choices": [{"description": {"vi": "x"}}]}, "choices[0].id"),
    ("s15 component id a number", {**CHOICE, "choices": [{"id": 1}]}, "choices[0].id"),
    ("s15 component with more", {**CHOICE, "choices": [{"id": "a", "text": "x"}]}, "choices[0].text"),
    (
        "s15 description a string",
        {**CHOICE, "choices": [{"id": "a", "description": "x"}]},
        "choices[0].description",
    ),
    (
        "4.2 description in no language",
        {**CHOICE, "choices": [{"id": "a", "description": {"something": "x"}}]},
        "choices[0].description.something",
    ),
    (
        "s16.b1 ids not distinct",
        {**CHOICE, "choices": [{"id": "a"}, {"id": "b"}, {"id": "a"}]},
        "choices[2].id",
    ),
]


@pytest.mark.parametrize("kind", ALLOWED)
def test_every_interaction_takes_its_own_components(kind: str) -> None:
    definition = {
        "name": {"vi": "Câu hỏi"},
        "description": {"en": "A question"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "moreInfo": "https://example.org/info",
        "interactionType": kind,
        "correctResponsesPattern": ["{lang=vi}a[,]b", ""],
        "extensions": {"https://example.org/e": None},
        **dict.fromkeys(ALLOWED[kind], PARTS),
    }
    statement = a_statement(object={**ACTIVITY, "definition": definition})
    validate(statement, "1.0.3")
    validate(within(statement), "2.0.0")


@pytest.mark.parametrize("kind", ALLOWED)
def test_no_interaction_takes_the_components_of_another(kind: str) -> None:
    for name in set(LISTS) - set(ALLOWED[kind]):
        definition = {"interactionType": kind, name: PARTS}
        fault = refusal(a_statement(object={**ACTIVITY, "definition": definition}))
        assert fault.path == f"object.definition.{name}"


@pytest.mark.parametrize("name", [*LISTS, "correctResponsesPattern"])
def test_what_belongs_to_an_interaction_needs_its_type(name: str) -> None:
    value = ["true"] if name == "correctResponsesPattern" else PARTS
    fault = refusal(a_statement(object={**ACTIVITY, "definition": {name: value}}))
    assert fault.path == "object.definition.interactionType"


@pytest.mark.parametrize(
    ("activity", "below"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_spoilt_activity_is_refused_wherever_it_stands(activity: Any, below: str) -> None:
    assert refusal(a_statement(object=activity)).path == f"object{below}"
    assert refusal(within(a_statement(object=activity))).path == f"object.object{below}"
    for kind in ("parent", "grouping", "category", "other"):
        single = a_statement(context={"contextActivities": {kind: activity}})
        assert refusal(single).path == f"context.contextActivities.{kind}{below}"
        listed = a_statement(context={"contextActivities": {kind: [ACTIVITY, activity]}})
        assert refusal(listed).path == f"context.contextActivities.{kind}[1]{below}"


@pytest.mark.parametrize(
    ("definition", "path"),
    [case[1:] for case in REFUSED_DEFINITIONS],
    ids=[case[0] for case in REFUSED_DEFINITIONS],
)
def test_a_spoilt_definition_is_refused_at_its_place(definition: Any, path: str) -> None:
    statement = a_statement(object={**ACTIVITY, "definition": definition})
    assert refusal(statement).path == f"object.definition.{path}"
    assert refusal(within(statement), "1.0.3").path == f"object.object.definition.{path}"


def test_extensions_may_hold_anything_and_nothing() -> None:
    for held in ({}, {"urn:e": None}, {"urn:e": ""}, {"urn:e": {}}, {"urn:e": [{"x": None}]}, {"urn:e": 1.5}):
        validate(a_statement(object={**ACTIVITY, "definition": {"extensions": held}}), "2.0.0")
        validate(a_statement(result={"extensions": held}, context={"extensions": held}), "1.0.3")


def test_an_extension_may_nest_a_hundred_deep_but_not_more() -> None:
    nested: Any = "x"
    for level in range(100):
        nested = [nested] if level % 2 else {"a": nested}
    validate(a_statement(result={"extensions": {"urn:e": nested}}), "2.0.0")
    fault = refusal(a_statement(result={"extensions": {"urn:e": [nested]}}))
    assert fault.path == 'result.extensions["urn:e"]'
