"""Every resource of /xapi/ with its methods."""

from collections.abc import Iterable, Mapping
from typing import Any

from lms.xapi.describing import examples
from lms.xapi.describing.parameters import use
from lms.xapi.describing.schemas import STRING, UUID, Schema, array, ref

Operation = dict[str, Any]

_JSON = "application/json"
_REFUSALS = {
    "400": "Something is wrong with the request; the sentence names it.",
    "401": "No credentials, or wrong ones.",
    "403": "The client's scopes do not reach this.",
    "404": "There is no such thing.",
    "409": "What is there contradicts the request.",
    "411": "Content-Length is missing.",
    "412": "The document is not the one that is meant.",
    "413": "Larger than may be sent.",
    "415": "Compressed: it must be sent as it is.",
    "429": "Too many requests; Retry-After tells when to come back.",
    "503": "The database is away, or busy for long; Retry-After tells when to come back.",
    "507": "There is no room on the disk; Retry-After tells when to come back.",
}
_ALWAYS = ("400", "401", "403", "429", "503")
_FILTERS = (
    "statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "related_activities",
    "related_agents", "since", "until", "limit", "format", "attachments", "ascending", "more",
)  # fmt: skip


def paths() -> dict[str, Any]:
    return {
        "/xapi/statements": _statements(),
        "/xapi/activities/state": _documents("state", "stateId", ["activityId", "actor"], ["registration"]),
        "/xapi/activities/profile": _documents("activity profile", "profileId", ["activityId"], []),
        "/xapi/agents/profile": _documents("agent profile", "profileId", ["actor"], []),
        "/xapi/agents": _read("agents", "What an agent is known by.", "agent", "Person", examples.PERSON),
        "/xapi/activities": _read(
            "activities", "What statements said of an activity.", "activityId", "Activity", examples.ACTIVITY
        ),
        "/xapi/about": _open("about", "Versions and limits.", ref("About")),
        "/xapi/openapi.json": _open("description", "This description.", {"type": "object"}),
        "/xapi/profile": _open(
            "vocabulary", "Our own statements, as an xAPI Profile.", {"type": "object"}, "application/ld+json"
        ),
    }


def _statements() -> dict[str, Any]:
    sent = {
        _JSON: {
            "schema": {"anyOf": [ref("Statement"), array(ref("Statement"))]},
            "examples": examples.STATEMENTS,
        }
    }
    mixed = {"multipart/mixed": {"schema": STRING}}
    one = {_JSON: {"schema": ref("Statement"), "example": examples.STATEMENT}}
    found = _content({"anyOf": [ref("StatementResult"), ref("Statement")]})
    get = _operation(
        "read_statements",
        "One statement, or a page of those that fit.",
        [*use(*_FILTERS, "language")],
        {"200": _answer("Statements.", found | mixed, "through")},
        refusals=[*_ALWAYS, "404"],
    )
    return _with_head(get) | {
        "post": _operation(
            "send_statements",
            "Store one statement or up to 1,000: all or none.",
            [],
            {"200": _answer("The ids, in the order sent.", _content(array(UUID), examples.IDS))},
            body=sent | mixed,
            refusals=[*_ALWAYS, "409", "413", "415", "507"],
        ),
        "put": _operation(
            "put_statement",
            "Store one statement under the id in the address.",
            use("statementId", required=True),
            {"204": _answer("It is stored.")},
            body=one | mixed,
            refusals=[*_ALWAYS, "409", "413", "415", "507"],
        ),
    }


def _documents(what: str, name: str, about: list[str], filters: list[str]) -> dict[str, Any]:
    """The documents of a resource; without a name all of them are meant where that is possible."""
    verb = what.replace(" ", "_")
    needed = use(*about, required=True) + use(*filters)
    named = needed + use(name, required=True)
    conditions = use("if_match", "if_none_match")
    document = {"*/*": {"schema": True, "example": examples.STATE}}
    get = _operation(
        f"read_{verb}",
        f"The {what}, or without {name} the names of all there are.",
        needed + use(name, "since", "if_none_match"),
        {
            "200": _answer("The document, or a list of names.", document, "etag", "modified"),
            "304": _answer("As known."),
        },
        refusals=[*_ALWAYS, "404", "412"],
    )
    writing: Mapping[str, Any] = {
        "body": document,
        "refusals": [*_ALWAYS, "409", "411", "412", "413", "415", "507"],
    }
    kept = {"204": _answer("It is stored.", None, "etag", "modified")}
    put = _operation(f"put_{verb}", f"Put the {what} there.", named + conditions, kept, **writing)
    post = _operation(f"merge_{verb}", f"Merge JSON into the {what}.", named + conditions, kept, **writing)
    delete = _operation(
        f"delete_{verb}",
        f"Take the {what} away" + (", or all of them." if filters else "."),
        (needed + use(name) if filters else named) + conditions,
        {"204": _answer("It is gone.")},
        refusals=[*_ALWAYS, "412"],
    )
    return _with_head(get) | {"put": put, "post": post, "delete": delete}


def _read(name: str, summary: str, parameter: str, schema: str, example: Any) -> dict[str, Any]:
    content = _content(ref(schema), example)
    found = {"200": _answer(summary, content, "etag"), "304": _answer("As known.")}
    parameters = use(parameter, required=True) + use("if_none_match")
    return _with_head(_operation(f"read_{name}", summary, parameters, found, refusals=_ALWAYS))


def _open(name: str, summary: str, schema: Schema, mimetype: str = _JSON) -> dict[str, Any]:
    """What everybody may read, in any version."""
    found = _answer(summary, {mimetype: {"schema": schema}})
    get = {
        "operationId": f"read_{name}",
        "summary": summary,
        "security": [],
        "responses": {"200": found, "400": _refusal("400")},
    }
    return _with_head(get)


def _operation(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    answers: dict[str, Any],
    *,
    body: dict[str, Any] | None = None,
    refusals: Iterable[str],
) -> Operation:
    sent = {"requestBody": {"required": True, "content": body}} if body else {}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*use("version"), *parameters],
        **sent,
        "responses": answers | {status: _refusal(status) for status in sorted(refusals)},
    }


def _with_head(get: Operation) -> dict[str, Operation]:
    """HEAD answers as GET does, without a body (1.1)."""
    head = get | {
        "operationId": get["operationId"].replace("read_", "look_at_", 1),
        "responses": {
            status: {name: part for name, part in answer.items() if name != "content"}
            for status, answer in get["responses"].items()
        },
    }
    return {"get": get, "head": head}


def _answer(text: str, content: dict[str, Any] | None = None, *headers: str) -> dict[str, Any]:
    titles = {"etag": "ETag", "modified": "Last-Modified", "through": "X-Experience-API-Consistent-Through"}
    given = {"X-Experience-API-Version": {"$ref": "#/components/headers/version"}}
    given |= {titles[name]: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return {"description": text, "headers": given} | ({"content": content} if content else {})


def _refusal(status: str) -> dict[str, Any]:
    return _answer(_REFUSALS[status], _content(ref("Error"), examples.ERROR))


def _content(schema: Schema, example: Any = None) -> dict[str, Any]:
    return {_JSON: {"schema": schema} | ({"example": example} if example is not None else {})}
