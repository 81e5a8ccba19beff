"""The profile is one by the specification (xAPI Profiles part 2), and the check would notice otherwise."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest

from lms.core.vocabulary import iris
from lms.core.vocabulary.document import VERSIONS, profile
from tests.profiles.structure import structural_faults

Json = dict[str, Any]
ADDRESS = "https://hoc.example.vn/xapi/profile"
# What a released version says is never changed, for statements carry its id for ever (6.1, 8.0, 9.0). A
# change goes into a new version: a new id in `iris.VERSION`, the old one in its `wasRevisionOf`, new ids for
# templates and patterns that changed, and a line here. Before its release the line of a version may change.
SAID = {iris.VERSION: "47d883d271b3a485"}


def said() -> str:
    parts = {
        name: part for name, part in profile(ADDRESS).items() if name in ("templates", "patterns", "concepts")
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def test_it_keeps_every_requirement_of_the_structure():
    assert structural_faults(profile(ADDRESS)) == []


def test_it_is_the_same_on_every_installation_but_for_where_it_stands():
    one, another = profile(ADDRESS), profile("http://localhost:8000/xapi/profile")
    assert one.pop("seeAlso") != another.pop("seeAlso")
    assert one == another
    assert "localhost" not in json.dumps(one)


def test_a_version_that_was_published_is_not_changed():
    assert SAID[VERSIONS[0]["id"]] == said()


def language_maps(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield from (value[name] for name in ("prefLabel", "definition", "scopeNote") if name in value)
        for member in value.values():
            yield from language_maps(member)
    elif isinstance(value, list):
        for member in value:
            yield from language_maps(member)


def test_everything_is_said_in_vietnamese_and_english():
    found = list(language_maps(profile(ADDRESS)))
    assert len(found) > 20
    assert all(each.keys() == {"vi", "en"} and each["vi"] != each["en"] for each in found)


def first(document: Json, name: str, **having: Any) -> Json:
    return next(each for each in document[name] if having.items() <= each.items())


FAULTS: dict[str, Callable[[Json], Any]] = {
    "4.0 $.definition: empty": lambda it: it.update(definition={}),
    "4.0 $.templates.0.rules.0.location: empty": lambda it: it["templates"][0]["rules"][0].update(
        location=""
    ),
    "attachmentType is unknown": lambda it: it["templates"][0].update(attachmentType="x"),
    "6.0 @context": lambda it: it.update({"@context": "https://example.org"}),
    "6.0 conformsTo": lambda it: it.update(conformsTo="https://w3id.org/xapi/profiles#2.0"),
    "author is missing": lambda it: it.pop("author"),
    "prefLabel: not a language map": lambda it: it.update(prefLabel="Lessons"),
    "generatedAtTime: not a timestamp": lambda it: it["versions"][0].update(generatedAtTime="2026-11-21"),
    "wasRevisionOf: is missing": lambda it: it.update(
        versions=[{**it["versions"][0], "id": "urn:x"}, *VERSIONS]
    ),
    "stands for two things": lambda it: it["versions"][0].update(id=it["id"]),
    "6.2 author": lambda it: it["author"].pop("name"),
    "of another version": lambda it: it["concepts"][0].update(inScheme="urn:uuid:another"),
    "defined by another profile": lambda it: it["concepts"].append(
        {**it["concepts"][0], "id": iris.COMPLETED, "type": "Verb"}
    ),
    "no kind of concept": lambda it: it["concepts"][0].update(type="Rule"),
    "related, and not deprecated": lambda it: it["concepts"].append(
        {**it["concepts"][0], "id": iris.own("x"), "type": "Verb", "related": ["urn:x"]}
    ),
    "two schemas": lambda it: it["concepts"][0].update(schema="https://example.org/schema"),
    "not a JSON Schema": lambda it: it["concepts"][0].update(inlineSchema='{"type": "word"}'),
    "an object of two kinds": lambda it: it["templates"][0].update(
        objectStatementRefTemplate=[iris.own("taken-back")]
    ),
    "names no template": lambda it: it["templates"][0].update(contextStatementRefTemplate=["urn:x"]),
    "contextParentActivityType is not an array": lambda it: it["templates"][0].update(
        contextParentActivityType=iris.COURSE
    ),
    "demands nothing": lambda it: it["templates"][0]["rules"].append({"location": "$.id"}),
    "no such presence": lambda it: it["templates"][0]["rules"][0].update(presence="wanted"),
    "not a JSONPath": lambda it: it["templates"][0]["rules"][0].update(location="$..id[?(@.x)]"),
    "any is not an array": lambda it: it["templates"][0]["rules"][0].update(any="x"),
    "primary, and not labelled": lambda it: first(it, "patterns", id=iris.own("attempt")).pop("definition"),
    "not exactly one operator": lambda it: it["patterns"][0].update(optional=iris.own("taken-back")),
    "neither a template nor a pattern": lambda it: it["patterns"][0]["sequence"].append("urn:x"),
    "is within itself": lambda it: first(it, "patterns", id=iris.own("before-and-after")).update(
        zeroOrMore=iris.own("attempt")
    ),
    "stands among alternates": lambda it: first(it, "patterns", id=iris.own("anything"))["alternates"].append(
        iris.own("completed-once")
    ),
    "sequence of one": lambda it: it["patterns"][0].update(sequence=[iris.own("anything")]),
    "alternates of one": lambda it: first(it, "patterns", id=iris.own("anything")).update(
        alternates=[iris.own("lesson-passed")]
    ),
    "takes one member": lambda it: first(it, "patterns", id=iris.own("completed-once")).update(
        optional=[iris.own("lesson-completed")]
    ),
    "in no primary pattern": lambda it: it["patterns"].pop(),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_in_its_structure_would_be_found(fault: str):
    document = deepcopy(profile(ADDRESS))
    FAULTS[fault](document)
    found = structural_faults(document)
    assert any(fault in each for each in found), found
