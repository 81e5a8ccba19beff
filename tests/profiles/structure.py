"""What the specification demands of a profile as a document (xAPI Profiles part 2, 4.0 to 9.0)."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from jsonschema_rs import ValidationError, meta

from tests.profiles.paths import BadPath, read
from tracking.statements.validation import Invalid
from tracking.statements.validation import iri as check_iri

Json = Mapping[str, Any]

CONTEXT = "https://w3id.org/xapi/profiles/context"
CONFORMS_TO = "https://w3id.org/xapi/profiles#1.0"
OPERATORS = ("alternates", "optional", "oneOrMore", "sequence", "zeroOrMore")
LISTED = ("alternates", "sequence")
LABELLED = {"prefLabel", "definition"}
RELATIONS = {
    *("broader", "broadMatch", "narrower", "narrowMatch"),
    *("related", "relatedMatch", "exactMatch"),
}
SCHEMAS = {"context", "schema", "inlineSchema"}
_PART = {"id", "type", "inScheme"}
_CONCEPT = _PART | LABELLED
_CONTEXTS = {f"context{where}ActivityType" for where in ("Grouping", "Parent", "Other", "Category")}
_REFERENCES = {"objectStatementRefTemplate", "contextStatementRefTemplate"}

# By type: the properties that must be there, and those that may.
PROPERTIES: dict[str, tuple[set[str], set[str]]] = {
    "Profile": (
        {"id", "@context", "type", "conformsTo", *LABELLED, "versions", "author"},
        {"seeAlso", "concepts", "templates", "patterns"},
    ),
    **dict.fromkeys(("Verb", "ActivityType", "AttachmentUsageType"), (_CONCEPT, {"deprecated", *RELATIONS})),
    **dict.fromkeys(
        ("ContextExtension", "ResultExtension"), (_CONCEPT, {"deprecated", "recommendedVerbs", *SCHEMAS})
    ),
    "ActivityExtension": (_CONCEPT, {"deprecated", "recommendedActivityTypes", *SCHEMAS}),
    "StatementTemplate": (
        _CONCEPT,
        {
            "deprecated",
            "verb",
            "objectActivityType",
            "attachmentUsageType",
            "rules",
            *_CONTEXTS,
            *_REFERENCES,
        },
    ),
    "Pattern": (_PART - {"inScheme"}, {"inScheme", "primary", "deprecated", *LABELLED, *OPERATORS}),
}
CONCEPTS = PROPERTIES.keys() - {"Profile", "StatementTemplate", "Pattern"}
RULE = {"location", "selector", "presence", "any", "all", "none", "scopeNote"}


def structural_faults(profile: Json) -> list[str]:
    """Every requirement that the document does not keep; the sections are named."""
    return [
        *_empty(profile, "$"),
        *_head(profile),
        *_ids(profile),
        *(fault for part in _parts(profile, "concepts") for fault in _concept(part)),
        *(fault for part in _parts(profile, "templates") for fault in _template(part, profile)),
        *_patterns(profile),
    ]


def _parts(profile: Json, name: str) -> list[Json]:
    return list(profile.get(name) or [])


def _empty(value: Any, path: str) -> Iterator[str]:
    if value is None or value in ("", {}, []):
        yield f"4.0 {path}: empty"
    members = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        yield from _empty(member, f"{path}.{name}")


def _head(profile: Json) -> Iterator[str]:
    yield from _properties(profile, "Profile", "6.0")
    if CONTEXT not in (profile.get("@context"), *list(profile.get("@context") or [])):
        yield "6.0 @context: not that of the specification"
    if profile.get("conformsTo") != CONFORMS_TO:
        yield "6.0 conformsTo: another specification"
    versions = _parts(profile, "versions")
    for at, version in enumerate(versions):
        if not _is_time(version.get("generatedAtTime")):
            yield "6.1 generatedAtTime: not a timestamp"
        if at < len(versions) - 1 and not version.get("wasRevisionOf"):
            yield "6.1 wasRevisionOf: is missing"
    author = profile.get("author") or {}
    if author.get("type") not in ("Organization", "Person") or not author.get("name"):
        yield "6.2 author: neither an organization nor a person with a name"


def _ids(profile: Json) -> Iterator[str]:
    """Ids are unique IRIs; every part is of the newest version, and named below the profile."""
    parts = [part for name in ("concepts", "templates", "patterns") for part in _parts(profile, name)]
    versions = [str(version.get("id")) for version in _parts(profile, "versions")]
    ids = [str(profile.get("id")), *versions, *(str(part.get("id")) for part in parts)]
    for each in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"6.1 {each}: stands for two things"
    for each in ids:
        try:
            check_iri(each)
        except Invalid:
            yield f"6.0 {each}: not an IRI"
    for part in parts:
        if part.get("inScheme", versions[:1]) not in (versions[:1], *versions[:1]):
            yield f"7.0 {part.get('id')}: of another version"
        if not str(part.get("id")).startswith(f"{profile.get('id')}#"):
            yield f"7.0 {part.get('id')}: defined by another profile"


def _properties(part: Json, kind: str, section: str) -> Iterator[str]:
    required, optional = PROPERTIES[kind]
    name = part.get("id")
    if part.get("type") != kind:
        yield f"{section} {name}: type is not {kind}"
    for missing in sorted(required - part.keys()):
        yield f"{section} {name}: {missing} is missing"
    for unknown in sorted(part.keys() - required - optional):
        if ":" not in unknown:
            yield f"4.0 {name}: {unknown} is unknown"
    for label in LABELLED & part.keys():
        yield from _language_map(part[label], f"{name}.{label}")


def _language_map(value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        yield f"6.0 {path}: not a language map"


def _concept(concept: Json) -> Iterator[str]:
    kind = str(concept.get("type"))
    if kind not in CONCEPTS:
        yield f"7.0 {concept.get('id')}: {kind} is no kind of concept"
        return
    yield from _properties(concept, kind, "7.0")
    if "related" in concept and not concept.get("deprecated"):
        yield f"7.1 {concept['id']}: related, and not deprecated"
    if {"schema", "inlineSchema"} <= concept.keys():
        yield f"7.2 {concept['id']}: two schemas"
    if "inlineSchema" in concept and not _is_schema(concept["inlineSchema"]):
        yield f"7.2 {concept['id']}: inlineSchema is not a JSON Schema in a string"


def _template(template: Json, profile: Json) -> Iterator[str]:
    yield from _properties(template, "StatementTemplate", "8.0")
    name = template.get("id")
    if {"objectStatementRefTemplate", "objectActivityType"} <= template.keys():
        yield f"8.0 {name}: an object of two kinds"
    known = {each.get("id") for each in _parts(profile, "templates")}
    for reference in _REFERENCES & template.keys():
        if not set(template[reference]) <= known:
            yield f"8.0 {name}: {reference} names no template"
    for listed in (_CONTEXTS | _REFERENCES | {"attachmentUsageType"}) & template.keys():
        if not isinstance(template[listed], list):
            yield f"8.0 {name}: {listed} is not an array"
    for rule in template.get("rules") or ():
        yield from (f"8.1 {name}: {fault}" for fault in _rule(rule))


def _rule(rule: Json) -> Iterator[str]:
    if rule.keys() - RULE:
        yield f"{sorted(rule.keys() - RULE)} unknown"
    if not rule.keys() & {"presence", "any", "all", "none"}:
        yield "demands nothing"
    if rule.get("presence", "included") not in ("included", "excluded", "recommended"):
        yield "no such presence"
    for name in ("any", "all", "none"):
        if not isinstance(rule.get(name, []), list):
            yield f"{name} is not an array"
    for path in (rule.get("location"), rule.get("selector", "$.x")):
        try:
            read(str(path or "["))
        except BadPath:
            yield f"{path}: not a JSONPath"
    if "scopeNote" in rule:
        yield from _language_map(rule["scopeNote"], "scopeNote")


def _patterns(profile: Json) -> Iterator[str]:
    templates = {str(each.get("id")) for each in _parts(profile, "templates")}
    patterns = {str(each.get("id")): each for each in _parts(profile, "patterns")}
    for name, pattern in patterns.items():
        yield from _properties(pattern, "Pattern", "9.0")
        if pattern.get("primary") and not pattern.keys() >= LABELLED:
            yield f"9.0 {name}: primary, and not labelled"
        if len(pattern.keys() & set(OPERATORS)) != 1:
            yield f"9.0 {name}: not exactly one operator"
        else:
            yield from (f"9.0 {name}: {fault}" for fault in _members(name, patterns, templates))
    reached = {
        member for name, each in patterns.items() if each.get("primary") for member in _below(name, patterns)
    }
    for unused in sorted((templates | patterns.keys()) - reached):
        yield f"9.0 {unused}: in no primary pattern"


def _members(name: str, patterns: Mapping[str, Json], templates: set[str]) -> Iterator[str]:
    pattern = patterns[name]
    members, operator = _listed(pattern), next(each for each in OPERATORS if each in pattern)
    if (operator in LISTED) != isinstance(pattern[operator], list):
        yield f"{operator} takes {'several members' if operator in LISTED else 'one member'}"
    for member in members:
        if member not in templates and member not in patterns:
            yield f"{member} is neither a template nor a pattern"
        if name in _below(member, patterns):
            yield "is within itself"
        if operator == "alternates" and {"optional", "zeroOrMore"} & patterns.get(member, {}).keys():
            yield f"{member} may be nothing, and stands among alternates"
    used = any(name in _listed(other) for other in patterns.values())
    alone = operator == "sequence" and pattern.get("primary") and not used and members[0] in templates
    if operator in LISTED and len(members) < 2 and not alone:
        yield f"{operator} of one"


def _listed(pattern: Json) -> list[str]:
    found = [pattern[operator] for operator in OPERATORS if operator in pattern]
    return [member for each in found for member in (each if isinstance(each, list) else [each])]


def _below(name: str, patterns: Mapping[str, Json]) -> set[str]:
    """The pattern and all that it is made of, at any depth."""
    found, waiting = set[str](), [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += _listed(patterns.get(each, {}))
    return found


def _is_time(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def _is_schema(text: Any) -> bool:
    try:
        meta.validate(json.loads(text))
    except (TypeError, ValueError, ValidationError):
        return False
    return True
