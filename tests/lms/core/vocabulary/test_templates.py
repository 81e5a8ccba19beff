"""Statements of ours follow one template each, and whatever is changed in them is noticed."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from lms.core.vocabulary import iris
from lms.core.vocabulary.templates import TEMPLATES
from tests.profiles.ours import kinds, wrong
from tests.profiles.paths import read
from tests.profiles.samples import one_of_each
from tests.profiles.templates import broken, faults, matching

Json = dict[str, Any]
STATEMENTS = one_of_each()
BY_ID = {template["id"]: template for template in TEMPLATES}


def test_there_is_a_statement_of_each_kind_and_each_is_of_one_kind():
    assert STATEMENTS.keys() == BY_ID.keys()
    for template, statement in STATEMENTS.items():
        assert wrong(statement) == [], template
        assert [each["id"] for each in matching(statement, TEMPLATES)] == [template]
        assert kinds(statement) == {template}


def places(rule: Json) -> Iterator[tuple[Any, ...]]:
    """Where a rule looks, as keys; the first of many."""
    for steps in read(rule["location"]):
        yield tuple(0 if step == ("*",) else step[0] for step in steps)


def put(within: Any, keys: tuple[Any, ...], value: Any) -> None:
    """Put it there, into every member of a list."""
    if isinstance(within, list):
        for member in within:
            put(member, keys[1:], value)
    elif len(keys) > 1:
        put(within.setdefault(keys[0], [{}] if keys[1] == 0 else {}), keys[1:], value)
    else:
        within[keys[0]] = value


def take(within: Any, keys: tuple[Any, ...]) -> None:
    """Take it out, of every member where it is in one of many."""
    if isinstance(within, list):
        for member in within:
            take(member, keys[1:])
    elif len(keys) > 1:
        take(within[keys[0]], keys[1:])
    else:
        del within[keys[0]]


def violations() -> Iterator[tuple[str, str, Json]]:
    """Each rule of each template, broken in each way that it forbids."""
    for template in TEMPLATES:
        for rule in template["rules"]:
            for keys in places(rule):
                changed = deepcopy(STATEMENTS[template["id"]])
                if rule["presence"] == "excluded":
                    put(changed, keys, "something")
                    yield template["id"], f"{rule['location']} put in", changed
                elif rule["presence"] == "included":
                    take(changed, keys)
                    yield template["id"], f"{rule['location']} taken out", changed
                if "all" in rule or "any" in rule:
                    changed = deepcopy(STATEMENTS[template["id"]])
                    put(changed, keys, 1)
                    yield template["id"], f"{rule['location']} another value", changed


VIOLATIONS = list(violations())


def test_every_rule_that_is_broken_is_named():
    assert len(VIOLATIONS) > 100
    for template, what, changed in VIOLATIONS:
        location = what.rsplit(" ", 2)[0]
        found = faults(changed, BY_ID[template])
        assert any(fault.startswith(location) for fault in found), (template, what, found)


MUTATIONS = {
    "a verb that no template has": lambda it: it["verb"].update(
        id="http://adlnet.gov/expapi/verbs/experienced"
    ),
    "the mark of another profile": lambda it: it["context"]["contextActivities"].update(
        category=[{"id": "urn:x"}]
    ),
    "no mark": lambda it: it["context"]["contextActivities"].pop("category"),
    "the learner's name": lambda it: it["actor"].update(name="Nguyễn Văn An"),
    "an e-mail": lambda it: it.update(actor={"mbox": "mailto:an@example.org"}),
    "another language": lambda it: it["context"].update(language="en"),
    "an extension that nobody knows": lambda it: (
        it["context"].setdefault("extensions", {}).update({"urn:x": 1})
    ),
    "a file of no known use": lambda it: it.update(attachments=[{"usageType": "urn:x"}]),
    "no time": lambda it: it.pop("timestamp"),
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_every_kind_of_statement_that_was_tampered_with_is_noticed(what: str):
    for template, statement in STATEMENTS.items():
        changed = deepcopy(statement)
        MUTATIONS[what](changed)
        assert wrong(changed), template


@pytest.mark.parametrize("value", [-1, 101, 4.5, "40", None, True])
def test_progress_that_is_no_percentage_is_noticed(value: Any):
    changed = deepcopy(STATEMENTS[iris.own("lesson-progressed")])
    changed["result"]["extensions"][iris.PROGRESS] = value
    assert wrong(changed)


@pytest.mark.parametrize("value", ["", "x" * 1001, 5])
def test_a_reason_that_is_none_is_noticed(value: Any):
    changed = deepcopy(STATEMENTS[iris.own("taken-back")])
    changed["context"]["extensions"][iris.REASON] = value
    assert wrong(changed)


def test_an_activity_of_another_type_has_no_template():
    changed = deepcopy(STATEMENTS[iris.own("lesson-passed")])
    changed["object"]["definition"]["type"] = iris.COURSE
    assert "no template for it" in wrong(changed)


def test_context_activities_may_come_alone():
    """Before rules are applied, one activity is made an array of one (8.1)."""
    changed = deepcopy(STATEMENTS[iris.own("lesson-passed")])
    for name, value in changed["context"]["contextActivities"].items():
        changed["context"]["contextActivities"][name] = value[0]
    assert wrong(changed) == []


STATEMENT = {"a": {"b": [1, 2]}, "c": [{"d": 1}, {"e": 2}]}


@pytest.mark.parametrize(
    ("kept", "rule"),
    [
        (True, {"location": "$.a.b[*]", "any": [2, 3]}),
        (False, {"location": "$.a.b[*]", "any": [3]}),
        (False, {"location": "$.a.b[*]", "all": [2, 3]}),
        (True, {"location": "$.a.b[*]", "all": [1, 2, 3]}),
        (False, {"location": "$.a.b[*]", "none": [2]}),
        (True, {"location": "$.a.x", "none": [2]}),
        (False, {"location": "$.a.x", "any": [2]}),
        (True, {"location": "$.a.x", "all": [2]}),
        (True, {"location": "$.a.x", "presence": "recommended", "any": [2]}),
        (False, {"location": "$.a.b[*]", "presence": "recommended", "any": [3]}),
        (False, {"location": "$.a.b[0]", "all": [True]}),
        (
            True,
            {"location": "$.c[*]", "selector": "$.d", "any": [1]},
        ),
        (False, {"location": "$.c[*]", "selector": "$.d", "presence": "included"}),
        (False, {"location": "$.c[*]", "selector": "$.d", "all": [1]}),
        (True, {"location": "$.c[*]", "selector": "$.x", "presence": "excluded"}),
    ],
)
def test_rules_are_kept_or_broken_as_the_specification_says(kept, rule):
    """Part 3, 2.1: a selector that finds nothing makes a value that nothing matches."""
    assert (broken(STATEMENT, rule) is None) == kept
