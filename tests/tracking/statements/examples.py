"""Statements to start from, and the one way to spoil them."""

from copy import deepcopy
from typing import Any

import pytest

from tracking.statements.validation import Invalid, Version, validate

VERSIONS: tuple[Version, ...] = ("1.0.3", "2.0.0")
UUID = "8f87ccde-bb56-4c2e-ab83-44982ef22df0"
OTHER_UUID = "fd41c918-b88b-4b20-a0a5-a4c32391aaa0"
AGENT = {"objectType": "Agent", "mbox": "mailto:lan@example.org"}
ACCOUNT = {"account": {"homePage": "https://hoc.example.org", "name": "7d9c"}}
GROUP = {"objectType": "Group", "member": [AGENT, ACCOUNT]}
ACTIVITY = {"objectType": "Activity", "id": "https://example.org/lessons/1"}
REFERENCE = {"objectType": "StatementRef", "id": UUID}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}
ATTACHMENT = {
    "usageType": "https://example.org/usage/certificate",
    "display": {"vi": "Giấy chứng nhận"},
    "contentType": "text/plain; charset=utf-8",
    "length": 27,
    "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
}
SMALLEST = {
    "actor": AGENT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": ACTIVITY,
}
SUB_STATEMENT = {"objectType": "SubStatement", **SMALLEST}
GONE = object()


def a_statement(**properties: Any) -> dict[str, Any]:
    """The smallest statement with these properties; one that is `GONE` is left out."""
    statement = deepcopy({**SMALLEST, **properties})
    return {name: value for name, value in statement.items() if properties.get(name) is not GONE}


def within(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement about this one as a sub-statement."""
    return a_statement(object={"objectType": "SubStatement", **statement})


def refusal(statement: Any, version: Version = "2.0.0") -> Invalid:
    with pytest.raises(Invalid) as caught:
        validate(statement, version)
    assert str(caught.value).startswith(f"{caught.value.path or 'statement'}: ")
    return caught.value
