"""Our statements against our profile: what the product makes is watched, and held to it afterwards."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from jsonschema_rs import validator_for

from lms.core.record import our_authority
from lms.core.vocabulary import iris
from lms.core.vocabulary.document import CONCEPTS
from lms.core.vocabulary.patterns import PATTERNS
from lms.core.vocabulary.templates import TEMPLATES
from tests.profiles.patterns import follows
from tests.profiles.templates import faults, matching, words_of

Json = Mapping[str, Any]

# Words of others that we use; cmi5 says what they are.
_TEXT = '{"type": "string", "minLength": 1}'
_PART = '{"type": "number", "minimum": 0, "maximum": 1}'
FOREIGN = {
    ("ResultExtension", iris.PROGRESS): '{"type": "integer", "minimum": 0, "maximum": 100}',
    ("ResultExtension", iris.WHY_WAIVED): _TEXT,
    ("ContextExtension", iris.SESSION_ID): _TEXT,
    ("ContextExtension", iris.LAUNCH_MODE): _TEXT,
    ("ContextExtension", iris.LAUNCH_URL): _TEXT,
    ("ContextExtension", iris.MOVE_ON): _TEXT,
    ("ContextExtension", iris.LAUNCH_PARAMETERS): _TEXT,
    ("ContextExtension", iris.MASTERY_SCORE): _PART,
}
WORDS = {(concept["type"], concept["id"]) for concept in CONCEPTS} | FOREIGN.keys()
WORDS |= {("Verb", template["verb"]) for template in TEMPLATES}
WORDS |= {("ActivityType", kind) for kind in (iris.COURSE, iris.LESSON, iris.INTERACTION)}
WORDS |= {("ActivityType", kind) for kind in (iris.CMI5_BLOCK, iris.CMI5_COURSE)}
SCHEMAS = {key[1]: schema for key, schema in FOREIGN.items()}
SCHEMAS |= {concept["id"]: concept["inlineSchema"] for concept in CONCEPTS if "inlineSchema" in concept}


# Ids of statements that tests tell in our name, but the product does not.
_PRETENDED: set[str] = set()


def pretended(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same statements, told in our name by a test for its own ends: nobody holds them to anything."""
    _PRETENDED.update(str(statement["id"]) for statement in statements)
    return statements


class Made:
    """The statements that the product made, in the order in which it stored them."""

    def __init__(self) -> None:
        self.statements: dict[str, Json] = {}

    def watch(self, store: Callable[..., Any]) -> Callable[..., Any]:
        """`store`, noting what goes in under our own authority."""

        def watched(session: Any, statements: Iterable[Json], **more: Any) -> Any:
            if more["authority"] == our_authority(more["home_page"]):
                ours = (each for each in statements if str(each["id"]) not in _PRETENDED)
                self.statements.update((each["id"], each) for each in ours)
            return store(session, statements, **more)

        return watched

    def faults(self) -> list[str]:
        """Everything that is wrong with what was made, one by one and together."""
        found = [
            f"{each['verb']['id']} {fault}" for each in self.statements.values() for fault in wrong(each)
        ]
        return found or [fault for group in self.groups() if (fault := out_of_order(group))]

    def groups(self) -> list[list[Json]]:
        """What belongs together: the statements of a registration; each without one stands alone."""
        found: dict[str, list[Json]] = defaultdict(list)
        for statement_id, statement in self.statements.items():
            found[statement.get("context", {}).get("registration", statement_id)].append(statement)
        return list(found.values())


def wrong(statement: Json) -> list[str]:
    """What keeps the statement from following our templates."""
    unknown = [
        f"{kind} {iri}: not in the profile" for kind, iri in words_of(statement) if (kind, iri) not in WORDS
    ]
    unfit = [
        f"{key}: {value!r} does not fit its schema"
        for place in ("context", "result")
        for key, value in statement.get(place, {}).get("extensions", {}).items()
        if key in SCHEMAS and not _schema(key).is_valid(value)
    ]
    templates = matching(statement, TEMPLATES)
    if not templates:
        return ["no template for it", *unknown, *unfit]
    return [fault for template in templates for fault in faults(statement, template)] + unknown + unfit


def kinds(statement: Json) -> set[str]:
    """The ids of the templates that a statement follows."""
    return {template["id"] for template in matching(statement, TEMPLATES) if not faults(statement, template)}


def out_of_order(statements: Iterable[Json]) -> str | None:
    """What is wrong with the statements of a registration together; ordered by timestamp (part 3, 2.2)."""
    ordered = sorted(statements, key=lambda each: datetime.fromisoformat(each["timestamp"]))
    if follows([kinds(each) for each in ordered], PATTERNS):
        return None
    return "no pattern for " + " ".join(each["verb"]["id"].rsplit("/", 1)[1] for each in ordered)


@cache
def _schema(key: str) -> Any:
    return validator_for(json.loads(SCHEMAS[key]))
