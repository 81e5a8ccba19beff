"""Whole statements, and the sub-statements within them (Data 2.4)."""

import re
from typing import Any, Literal

from tracking.statements.validation.activities import activity
from tracking.statements.validation.actors import actor, agent, authority, group
from tracking.statements.validation.attachments import attachments
from tracking.statements.validation.contexts import context_1_0, context_2_0, statement_reference
from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.formats import (
    iri,
    iso_timestamp,
    language_map,
    of_form,
    one_of,
    rfc_timestamp,
    uuid,
)
from tracking.statements.validation.results import result
from tracking.statements.validation.walking import Check, Table, each, remembering, walk

Version = Literal["1.0.3", "2.0.0"]

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_REQUIRED = ("actor", "verb", "object")
_SUB_REQUIRED = ("objectType", *_REQUIRED)
_OF_ACTIVITIES = ("revision", "platform")
_VERB = Table(id=iri, display=language_map)
# Data 2.4.10; a store that speaks 2.0 also keeps statements made for 1.0.x, each with its own version.
_VERSION_1_0 = of_form(re.compile(r"1\.0(?:\.[0-9]+)?"), "%(path)s: must be 1.0.x")
_VERSION_2_0 = of_form(re.compile(r"[12]\.0(?:\.[0-9]+)?"), "%(path)s: must be 2.0.x or 1.0.x")


@remembering
def _verb(value: Any) -> None:
    walk(value, _VERB, ("id",))


def _object(kinds: dict[str, Check]) -> Check:
    """A check of a statement's object, by its type; without one it is an activity (Data 2.4.4.s2)."""
    listed = ", ".join(kinds)

    def thing(value: Any) -> None:
        if type(value) is not dict:
            raise Invalid("%(path)s: must be an object")
        kind = value.get("objectType", "Activity")
        check = kinds.get(kind) if type(kind) is str else None
        if check is None:
            raise Invalid(
                "%(path)s: must be one of %(allowed)s (upper and lower case matter)",
                "objectType",
                allowed=listed,
            )
        check(value)

    return thing


def _agreement(statement: dict[str, Any]) -> None:
    """What properties demand of each other (Data 2.3.2.s2, 2.4.6.s4)."""
    kind = statement["object"].get("objectType", "Activity")
    if kind != "StatementRef" and statement["verb"]["id"] == VOIDED:
        raise Invalid("%(path)s: a voiding statement needs a StatementRef as its object", "object.objectType")
    if kind != "Activity" and "context" in statement:
        for name in _OF_ACTIVITIES:
            if name in statement["context"]:
                raise Invalid("%(path)s: only for a statement about an activity", f"context.{name}")


def _statement(context: Check, timestamp: Check, version: Check) -> Check:
    """A check of statements with these checks of what the versions of xAPI see differently."""
    kinds: dict[str, Check] = {
        "Activity": activity,
        "Agent": agent,
        "Group": group,
        "StatementRef": statement_reference,
    }
    common: dict[str, Check] = {
        "actor": actor,
        "verb": _verb,
        "result": result,
        "context": context,
        "timestamp": timestamp,
        "attachments": attachments,
    }
    sub_table = Table(common, objectType=one_of("SubStatement"), object=_object(kinds))

    def sub_statement(value: Any) -> None:
        walk(value, sub_table, _SUB_REQUIRED)
        _agreement(value)

    table = Table(
        common,
        id=uuid,
        object=_object(kinds | {"SubStatement": sub_statement}),
        stored=timestamp,
        authority=authority,
        version=version,
    )

    def statement(value: Any) -> None:
        walk(value, table, _REQUIRED)
        _agreement(value)

    return statement


_CHECKS: dict[Version, Check] = {
    "1.0.3": _statement(context_1_0, iso_timestamp, _VERSION_1_0),
    "2.0.0": _statement(context_2_0, rfc_timestamp, _VERSION_2_0),
}


def validate(statement: dict[str, Any], version: Version) -> None:
    """Check one statement; raise `Invalid` with the exact path of the first fault.

    Changes one thing: a single activity in contextActivities becomes an array of one, as a store must
    return it (Data 2.4.6.2.s4.b4).
    """
    _CHECKS[version](statement)


def validate_batch(statements: list[dict[str, Any]], version: Version) -> None:
    """Check statements sent together; of several, paths begin with the place, such as `[3].actor.mbox`.

    From 2.0 on, no id may come twice. 1.0.3 has no such rule: a repeated id is left to the store, which
    takes the same statement for a repetition and any other for a conflict.
    """
    if len(statements) == 1:
        validate(statements[0], version)
        return
    each(statements, _CHECKS[version])
    if version != "1.0.3":
        _unrepeated(statements)


def _unrepeated(statements: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for position, statement in enumerate(statements):
        key = statement.get("id", "").lower()
        if key in seen:
            raise Invalid("%(path)s: another statement of this batch has the same id", "id").enter(position)
        if key:
            seen.add(key)
