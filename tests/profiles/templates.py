"""Statements against statement templates (xAPI Profiles part 2, 8.0; part 3, 2.1)."""

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.profiles.paths import find

Json = Mapping[str, Any]
UNMATCHABLE = object()

_DETERMINING = {
    "verb": "$.verb.id",
    "objectActivityType": "$.object.definition.type",
    "contextGroupingActivityType": "$.context.contextActivities.grouping[*].definition.type",
    "contextParentActivityType": "$.context.contextActivities.parent[*].definition.type",
    "contextOtherActivityType": "$.context.contextActivities.other[*].definition.type",
    "contextCategoryActivityType": "$.context.contextActivities.category[*].definition.type",
    "attachmentUsageType": "$.attachments[*].usageType",
}


def matching(statement: Json, templates: Iterable[Json]) -> list[Json]:
    """The templates whose determining properties the statement has."""
    normal = normalised(statement)
    return [template for template in templates if _has_determining(normal, template)]


def faults(statement: Json, template: Json) -> list[str]:
    """Which rules of the template the statement breaks, each named by its place."""
    normal = normalised(statement)
    return [
        f"{rule['location']}: {fault}"
        for rule in template.get("rules", ())
        if (fault := broken(normal, rule)) is not None
    ]


def broken(statement: Json, rule: Json) -> str | None:
    """Why the rule is broken; None when it is kept."""
    values = _values(statement, rule)
    matchable = [value for value in values if value is not UNMATCHABLE]
    complete = len(matchable) == len(values)
    presence = rule.get("presence")
    if presence == "included" and not (values and complete):
        return "is missing"
    if presence == "excluded" and matchable:
        return "must not be there"
    if presence == "recommended" and not values:
        return None
    given = {_key(value) for value in matchable}
    kept = {
        "any": lambda: given & _keys(rule["any"]),
        "all": lambda: complete and given <= _keys(rule["all"]),
        "none": lambda: not given & _keys(rule["none"]),
    }
    return next(
        (f"is not {name} of {rule[name]}" for name in kept if name in rule and not kept[name]()), None
    )


def normalised(statement: Json) -> Json:
    """With context activities as arrays, as a record store gives them out."""
    activities = statement.get("context", {}).get("contextActivities", {})
    if all(isinstance(value, list) for value in activities.values()):
        return statement
    changed = deepcopy(dict(statement))
    for name, value in activities.items():
        changed["context"]["contextActivities"][name] = value if isinstance(value, list) else [value]
    return changed


def _has_determining(statement: Json, template: Json) -> bool:
    return all(
        _set_of(template[name]) <= set(find(path, statement))
        for name, path in _DETERMINING.items()
        if name in template
    )


def _set_of(wanted: str | list[str]) -> set[str]:
    return {wanted} if isinstance(wanted, str) else set(wanted)


def _values(statement: Json, rule: Json) -> list[Any]:
    values = find(rule["location"], statement)
    if "selector" not in rule:
        return values
    return [chosen for value in values for chosen in find(rule["selector"], value) or [UNMATCHABLE]]


def _keys(values: Iterable[Any]) -> set[str]:
    return {_key(value) for value in values}


def _key(value: Any) -> str:
    """Equal values of JSON have equal keys; to Python, 1 and true are equal."""
    return json.dumps(value, sort_keys=True)


def words_of(statement: Json) -> Iterator[tuple[str, str]]:
    """Every verb, activity type, attachment usage type and extension in the statement, with its kind."""
    for kind, path in (
        ("Verb", "$.verb.id"),
        ("ActivityType", "$.object.definition.type | $.context.contextActivities[*][*].definition.type"),
        ("AttachmentUsageType", "$.attachments[*].usageType"),
    ):
        yield from ((kind, value) for value in find(path, normalised(statement)))
    for kind, path in (
        ("ContextExtension", "$.context.extensions"),
        ("ResultExtension", "$.result.extensions"),
        ("ActivityExtension", "$.object.definition.extensions"),
    ):
        yield from ((kind, key) for value in find(path, statement) for key in value)
