"""The description of `/api/v1/` (OpenAPI 3.1), its schemas made from the structs that are sent."""

from importlib.metadata import version
from typing import Any

import msgspec

from lms.rates.answers import CourseAnswer, Explanation, Problem, RateAnswer, UnitAnswer

ASKED = ("course", "unit", "audience", "as_of", "known_on")
_DAY = {"type": "string", "format": "date"}
_REF = "#/components/schemas/{name}"


def description() -> dict[str, Any]:
    """The whole document."""
    _, schemas = msgspec.json.schema_components(
        [RateAnswer, Explanation, UnitAnswer, CourseAnswer, Problem], ref_template=_REF
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bình dân học vụ số",
            "version": version("binh-dan-hoc-vu-so"),
            "description": "Completed / members for any unit, course, audience and date. A day is one of "
            "Asia/Ho_Chi_Minh. Sign in, or send the credentials of a client with the scope rates/read.",
        },
        "security": [{"client": []}, {"session": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "client": {"type": "http", "scheme": "basic"},
                "session": {"type": "apiKey", "in": "cookie", "name": "lms"},
            },
        },
    }


def _paths() -> dict[str, Any]:
    by = _query("by", "Also the units directly below.", {"type": "string", "enum": ["unit"]})
    offset = _query("offset", "How many people to leave out.", {"type": "integer", "minimum": 0})
    limit = _query("limit", "How many people to send.", {"type": "integer", "minimum": 1, "maximum": 10_000})
    return {
        "/api/v1/rates": _get("A rate.", _ref(RateAnswer), [*_asked(), by]),
        "/api/v1/explain": _get(
            "The people behind a rate, of a unit of at most 100,000.",
            _ref(Explanation),
            [*_asked(), offset, limit],
        ),
        "/api/v1/units": _get("The units that may be asked about.", _list(UnitAnswer), []),
        "/api/v1/courses": _get("The courses on offer.", _list(CourseAnswer), []),
        "/api/v1/openapi.json": {
            "get": {
                "summary": "This description.",
                "security": [],
                "responses": {"200": _body("OpenAPI 3.1", {"type": "object"})},
            }
        },
    }


def _asked() -> list[dict[str, Any]]:
    course = _query("course", "Short name of the course.", {"type": "string", "minLength": 1})
    return [
        {**course, "required": True},
        _query("unit", "Code of the unit; without it, the asker's own.", {"type": "string"}),
        _query("audience", "Whom to count.", {"type": "string", "enum": ["officer", "citizen"]}),
        _query("as_of", "As of the end of this day; without it, of today.", _DAY),
        _query("known_on", "By what was recorded until the end of this day.", _DAY),
    ]


def _get(summary: str, schema: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    wrong = _ref(Problem)
    responses = {
        "200": _body("The answer.", schema),
        "400": _body("A parameter is wrong; it is named.", wrong),
        "401": _body("Nobody is signed in, or the credentials are wrong.", wrong),
        "403": _body("The asker's roles do not reach this.", wrong),
        "404": _body("There is no such unit or course.", wrong),
    }
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _query(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _body(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _ref(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {"$ref": _REF.format(name=struct.__name__)}


def _list(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {"type": "array", "items": _ref(struct)}
