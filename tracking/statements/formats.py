"""The forms in which statements are given out (xAPI 1.0.3 part 3, 2.1.3: `format`).

exact: as they were kept. ids: only what identifies agents, verbs and activities. canonical: activities as all
statements together describe them, and every language map narrowed to one language.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.listed import one_of
from tracking.record.models import Activity
from tracking.statements.languages import chosen
from tracking.statements.parsing import parse_kept

Format = Literal["exact", "ids", "canonical"]
FORMATS: tuple[Format, ...] = ("exact", "ids", "canonical")

_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_PEOPLE = ("Agent", "Group")
_INTERACTIONS = ("choices", "scale", "source", "target", "steps")
_DEFINITIONS = select(Activity.iri, Activity.definition).where(one_of(Activity.iri))


def formatted(
    session: Session, statements: Sequence[bytes], form: Format, languages: Sequence[str]
) -> list[bytes]:
    """The statements (JSON) in this form; `languages` as those that `languages.wishes` gives."""
    if form == "exact":
        return list(statements)
    parsed = [parse_kept(raw) for raw in statements]
    if form == "ids":
        return [orjson.dumps(_ids(statement)) for statement in parsed]
    known = _definitions(session, {activity["id"] for each in parsed for activity in _activities(each)})
    for statement in parsed:
        for activity in _activities(statement):
            if known.get(activity["id"]):
                activity["definition"] = parse_kept(known[activity["id"]])
        _narrow(statement, languages)
    return [orjson.dumps(statement) for statement in parsed]


def _definitions(session: Session, iris: set[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for part in batches(sorted(iris)):
        rows = session.connection().execute(_DEFINITIONS, {"wanted": part})
        found.update({row.iri: row.definition for row in rows if row.definition})
    return found


def _objects(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The statement, and its sub-statement."""
    yield statement
    if statement["object"].get("objectType") == "SubStatement":
        yield statement["object"]


def _activities(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in _objects(statement):
        if each["object"].get("objectType", "Activity") == "Activity":
            yield each["object"]
        for activities in each.get("context", {}).get("contextActivities", {}).values():
            yield from activities


def _narrow(statement: dict[str, Any], languages: Sequence[str]) -> None:
    for each in _objects(statement):
        _choose(each["verb"], ("display",), languages)
        for attachment in each.get("attachments", ()):
            _choose(attachment, ("display", "description"), languages)
    for activity in _activities(statement):
        definition = activity.get("definition", {})
        _choose(definition, ("name", "description"), languages)
        for component in _components(definition):
            _choose(component, ("description",), languages)


def _components(definition: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name in _INTERACTIONS:
        yield from definition.get(name, ())


def _choose(holder: dict[str, Any], names: Iterable[str], languages: Sequence[str]) -> None:
    for name in names:
        texts = holder.get(name)
        if texts:
            key = chosen(texts, languages)
            holder[name] = {key: texts[key]}


def _ids(statement: dict[str, Any]) -> dict[str, Any]:
    """Only what identifies; the rest of the statement (result, extensions, attachments…) stays."""
    found = statement | {
        "actor": _who(statement["actor"]),
        "verb": {"id": statement["verb"]["id"]},
        "object": _what(statement["object"]),
    }
    if "context" in statement:
        found["context"] = _context_ids(statement["context"])
    if "authority" in statement:
        found["authority"] = _who(statement["authority"])
    return found


def _what(thing: dict[str, Any]) -> dict[str, Any]:
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        return _ids(thing)
    if kind in _PEOPLE:
        return _who(thing) | {"objectType": kind}
    # A reference is told from an activity by its type; an activity needs none.
    return thing if kind == "StatementRef" else {"id": thing["id"]}


def _who(agent: dict[str, Any]) -> dict[str, Any]:
    """An anonymous group is known by its members alone."""
    found = {name: agent[name] for name in _IDENTIFIERS if name in agent}
    if agent.get("objectType") == "Group":
        found["objectType"] = "Group"
        if len(found) == 1:
            found["member"] = [_who(member) for member in agent.get("member", ())]
    return found


def _context_ids(context: dict[str, Any]) -> dict[str, Any]:
    found = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            found[name] = _who(context[name])
    if "contextActivities" in context:
        found["contextActivities"] = {
            kind: [{"id": activity["id"]} for activity in activities]
            for kind, activities in context["contextActivities"].items()
        }
    for name, whom in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in context:
            found[name] = [item | {whom: _who(item[whom])} for item in context[name]]
    return found
