"""What addresses and headers may say, each described once."""

from typing import Any

from lms.xapi.describing.schemas import IRI, STRING, TIMESTAMP, UUID, Schema, ref
from lms.xapi.versions import HEADER

_NAME: Schema = {"type": "string", "minLength": 1}
_YES: Schema = {"type": "boolean", "default": False}


def _query(name: str, text: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _as_json(name: str, text: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": ref(schema)}}
    return {"name": name, "in": "query", "description": text, "content": content}


def _header(name: str, text: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "header", "description": text, "schema": schema}


PARAMETERS: dict[str, dict[str, Any]] = {
    "version": {
        **_header(
            HEADER,
            "1.0 and 1.0.x are answered as 1.0.3, 2.0 and 2.0.x as 2.0.0.",
            {"type": "string", "pattern": "^[12]\\.0(\\.[0-9]+)?$"},
        ),
        "required": True,
        "example": "1.0.3",
    },
    "if_match": _header("If-Match", "The ETag of the document that is meant, or *.", STRING),
    "if_none_match": _header(
        "If-None-Match", "* where there must be no document yet; for profiles 1.0.3 demands it then.", STRING
    ),
    "language": _header("Accept-Language", "Which language the form canonical chooses.", STRING),
    "activityId": _query("activityId", "The activity.", IRI),
    "agent": _as_json("agent", "The agent, in JSON.", "Agent"),
    "actor": _as_json("agent", "The agent, or from 2.0 on the identified group, in JSON.", "Actor"),
    "registration": _query("registration", "The registration.", UUID),
    "stateId": _query("stateId", "The name of the state.", _NAME),
    "profileId": _query("profileId", "The name of the profile.", _NAME),
    "since": _query("since", "What was stored or changed after this moment.", TIMESTAMP),
    "until": _query("until", "What was stored at this moment or before.", TIMESTAMP),
    "statementId": _query("statementId", "One statement; only format and attachments beside it.", UUID),
    "voidedStatementId": _query(
        "voidedStatementId", "One statement that was voided; only format and attachments beside it.", UUID
    ),
    "verb": _query("verb", "The verb.", IRI),
    "activity": _query("activity", "The activity that statements are about.", IRI),
    "related_activities": _query("related_activities", "Also activities in context and substatement.", _YES),
    "related_agents": _query("related_agents", "Also other agents than the actor.", _YES),
    "limit": _query(
        "limit",
        "How many at most; 0 for as many as there may be on a page.",
        {"type": "integer", "minimum": 0},
    ),
    "ascending": _query("ascending", "The first stored first.", _YES),
    "attachments": _query("attachments", "With the files, as multipart/mixed.", _YES),
    "format": _query(
        "format",
        "Whole, identifiers only, or one language of what is known.",
        {"enum": ["exact", "ids", "canonical"], "default": "exact"},
    ),
    "more": _query("more", "The page; taken from the answer before, never made.", STRING),
}

HEADERS: dict[str, dict[str, Any]] = {
    "version": {"description": "The version in which this is answered.", "schema": STRING},
    "etag": {"description": "The SHA-1 of the bytes, in quotation marks.", "schema": STRING},
    "modified": {"description": "When it was last changed.", "schema": STRING},
    "through": {"description": "Until when everything that was stored can be read.", "schema": STRING},
}


def use(*names: str, required: bool = False) -> list[dict[str, Any]]:
    """These parameters; a required one is the shared one with that word added."""
    if required:
        return [{**PARAMETERS[name], "required": True} for name in names]
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]
