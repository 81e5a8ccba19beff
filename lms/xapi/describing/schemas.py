"""The objects of xAPI as JSON Schema; what no schema can say is told in words (xAPI 1.0.3 part 2)."""

from typing import Any

Schema = dict[str, Any]

_IFI = ("mbox", "mbox_sha1sum", "openid", "account")
_INTERACTIONS = (
    "true-false", "choice", "fill-in", "long-fill-in", "matching", "performance", "sequencing", "likert",
    "numeric", "other",
)  # fmt: skip
_KINDS_OF_CONTEXT = ("parent", "grouping", "category", "other")


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _object(properties: dict[str, Schema], *required: str, **more: Any) -> Schema:
    """An object without other properties (Data 2.2.s4.b1)."""
    named = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **named, **more}


def _const(value: str) -> Schema:
    return {"const": value}


STRING: Schema = {"type": "string"}
IRI: Schema = {
    "type": "string",
    "description": "An IRI with a scheme.",
    "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:.",
}
UUID: Schema = {
    "type": "string",
    "pattern": "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$",
}
TIMESTAMP: Schema = {"type": "string", "description": "ISO 8601; from 2.0 on RFC 3339. Not with -00:00."}
_NUMBER: Schema = {"type": "number"}
_IDENTIFIERS: dict[str, Schema] = {
    "mbox": {"type": "string", "pattern": "^mailto:.+@.+$"},
    "mbox_sha1sum": {"type": "string", "pattern": "^[0-9A-Fa-f]{40}$"},
    "openid": {"type": "string", "description": "A URI."},
    "account": ref("Account"),
}
_ONE_IFI: Schema = {"oneOf": [{"required": [name]} for name in _IFI]}
_MANY = array(ref("InteractionComponent"))
_ACTIVITIES = array(ref("Activity"))

_PARTS: dict[str, Schema] = {
    "actor": ref("Actor"),
    "verb": ref("Verb"),
    "result": ref("Result"),
    "context": ref("Context"),
    "timestamp": TIMESTAMP,
    "attachments": array(ref("Attachment")),
}
_OBJECTS = [ref(name) for name in ("Activity", "Agent", "Group", "StatementRef")]

SCHEMAS: dict[str, Schema] = {
    "Account": _object({"homePage": IRI, "name": STRING}, "homePage", "name"),
    "Agent": _object({"objectType": _const("Agent"), "name": STRING, **_IDENTIFIERS}, **_ONE_IFI),
    "Group": _object(
        {"objectType": _const("Group"), "name": STRING, "member": array(ref("Agent")), **_IDENTIFIERS},
        "objectType",
        description="With one identifier, or without any and with members.",
    ),
    "Actor": {"anyOf": [ref("Agent"), ref("Group")]},
    "LanguageMap": {
        "type": "object",
        "additionalProperties": STRING,
        "description": "Texts by language tag (RFC 5646).",
    },
    "Extensions": {"type": "object", "description": "Any values by IRI."},
    "Verb": _object({"id": IRI, "display": ref("LanguageMap")}, "id"),
    "Activity": _object(
        {"objectType": _const("Activity"), "id": IRI, "definition": ref("ActivityDefinition")}, "id"
    ),
    "ActivityDefinition": _object(
        {
            "name": ref("LanguageMap"),
            "description": ref("LanguageMap"),
            "type": IRI,
            "moreInfo": IRI,
            "extensions": ref("Extensions"),
            "interactionType": {"enum": list(_INTERACTIONS)},
            "correctResponsesPattern": array(STRING),
            **dict.fromkeys(("choices", "scale", "source", "target", "steps"), _MANY),
        }
    ),
    "InteractionComponent": _object({"id": STRING, "description": ref("LanguageMap")}, "id"),
    "StatementRef": _object({"objectType": _const("StatementRef"), "id": UUID}, "objectType", "id"),
    "SubStatement": _object(
        {"objectType": _const("SubStatement"), **_PARTS, "object": {"anyOf": _OBJECTS}},
        *("objectType", "actor", "verb", "object"),
    ),
    "Result": _object(
        {
            "score": ref("Score"),
            "success": {"type": "boolean"},
            "completion": {"type": "boolean"},
            "response": STRING,
            "duration": {"type": "string", "description": "ISO 8601, such as PT1H30M."},
            "extensions": ref("Extensions"),
        }
    ),
    "Score": _object(
        {
            "scaled": {"type": "number", "minimum": -1, "maximum": 1},
            **dict.fromkeys(("raw", "min", "max"), _NUMBER),
        }
    ),
    "Context": _object(
        {
            "registration": UUID,
            "instructor": ref("Actor"),
            "team": ref("Group"),
            "contextActivities": _object(
                {kind: {"anyOf": [_ACTIVITIES, ref("Activity")]} for kind in _KINDS_OF_CONTEXT}
            ),
            "revision": STRING,
            "platform": STRING,
            "language": {"type": "string", "description": "A language tag (RFC 5646)."},
            "statement": ref("StatementRef"),
            "extensions": ref("Extensions"),
            "contextAgents": array(ref("ContextAgent"), description="From 2.0 on."),
            "contextGroups": array(ref("ContextGroup"), description="From 2.0 on."),
        }
    ),
    "ContextAgent": _object(
        {
            "objectType": _const("contextAgent"),
            "agent": ref("Agent"),
            "relevantTypes": array(IRI, minItems=1),
        },
        *("objectType", "agent"),
    ),
    "ContextGroup": _object(
        {
            "objectType": _const("contextGroup"),
            "group": ref("Group"),
            "relevantTypes": array(IRI, minItems=1),
        },
        *("objectType", "group"),
    ),
    "Attachment": _object(
        {
            "usageType": IRI,
            "display": ref("LanguageMap"),
            "description": ref("LanguageMap"),
            "contentType": STRING,
            "length": {"type": "integer", "minimum": 0},
            "sha2": {"type": "string", "pattern": "^[0-9A-Fa-f]{56,128}$"},
            "fileUrl": IRI,
        },
        *("usageType", "display", "contentType", "length", "sha2"),
    ),
    "Statement": _object(
        {
            "id": UUID,
            **_PARTS,
            "object": {"anyOf": [*_OBJECTS, ref("SubStatement")]},
            "stored": TIMESTAMP,
            "authority": ref("Actor"),
            "version": {"type": "string", "pattern": "^[12]\\.0(\\.[0-9]+)?$"},
        },
        *("actor", "verb", "object"),
    ),
    "StatementResult": _object(
        {
            "statements": array(ref("Statement")),
            "more": {"type": "string", "description": "The address of the next page; empty on the last."},
        },
        "statements",
    ),
    "Person": _object(
        {
            "objectType": _const("Person"),
            "name": array(STRING),
            **{name: array(schema) for name, schema in _IDENTIFIERS.items()},
        },
        "objectType",
    ),
    "About": _object({"version": array(STRING), "extensions": ref("Extensions")}, "version"),
    "Error": {
        "type": "object",
        "properties": {"error": {"type": "string", "description": "What is wrong, and what to do."}},
        "required": ["error"],
    },
}
