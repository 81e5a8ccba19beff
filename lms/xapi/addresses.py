"""The queries of the resources beside statements, strictly read: unknown and misspelt names are refused.

xAPI 1.0.3 part 3, 2.3 to 2.7; what every refusal names is the parameter (3.2.s3.b7, b8).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from lms.xapi.reach import READING, Resource
from tracking.documents.places import Kind, Place, Shelf
from tracking.statements.agents import identifier
from tracking.statements.parsing import parse_json, timestamp
from tracking.statements.validation import Invalid, Version, agent, group, iri, uuid

Query = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Documents:
    """A resource of documents: its path below /xapi/, and its parameters."""

    path: Resource
    kind: Kind
    name: str
    about: tuple[str, ...]
    filters: tuple[str, ...] = ()


STATE = Documents(
    "activities/state", Kind.STATE, "stateId", about=("activityId", "agent"), filters=("registration",)
)
ACTIVITY_PROFILE = Documents("activities/profile", Kind.ACTIVITY_PROFILE, "profileId", about=("activityId",))
AGENT_PROFILE = Documents("agents/profile", Kind.AGENT_PROFILE, "profileId", about=("agent",))


@dataclass(frozen=True, slots=True)
class Asked:
    """The documents that a request is about: a shelf, and on it one by name, or all of them."""

    shelf: Shelf
    name: str | None
    registration: UUID | None
    since: datetime | None

    @property
    def place(self) -> Place | None:
        return None if self.name is None else self.shelf.place(self.name, self.registration)


def read_documents(given: Query, resource: Documents, method: str, version: Version) -> Asked:
    """The query of a request for documents. Raises Invalid naming the parameter."""
    known = {*resource.about, resource.name, *resource.filters}
    if method in READING:
        known.add("since")
    needed = [*resource.about]
    if method in ("PUT", "POST") or (method == "DELETE" and resource is not STATE):
        needed.append(resource.name)
    check_names(given, known, needed)
    groups = resource is STATE or version == "2.0.0"
    return Asked(
        shelf=Shelf(
            resource.kind,
            activity=read_activity(given) if "activityId" in resource.about else None,
            agent=identified(read_agent(given, groups=groups)) if "agent" in resource.about else None,
        ),
        name=_name(given, resource.name),
        registration=_registration(given),
        since=_since(given),
    )


def check_names(given: Query, known: Iterable[str], needed: Iterable[str]) -> None:
    """Raise Invalid for a name that is unknown, stands twice, or is missing."""
    allowed = {name.lower(): name for name in known}
    for name in given:
        meant = allowed.get(name.lower())
        if meant is None:
            raise Invalid("%(path)s: not a parameter of this request", name)
        if meant != name:
            raise Invalid("%(path)s: is written %(meant)s (upper and lower case matter)", name, meant=meant)
        if len(given.getlist(name)) > 1:
            raise Invalid("%(path)s: stands more than once", name)
    for name in needed:
        if name not in given:
            raise Invalid("%(path)s: is missing", name)


def read_activity(given: Query) -> str:
    activity = given["activityId"]
    _check(iri, activity, "activityId")
    return activity


def read_agent(given: Query, *, groups: bool) -> dict[str, Any]:
    """The agent as it was given; an identified group too, where those are taken (xAPI 2.0)."""
    try:
        value = parse_json(given["agent"].encode())
    except Invalid:
        raise Invalid("%(path)s: not an agent in JSON", "agent") from None
    is_group = groups and isinstance(value, dict) and value.get("objectType") == "Group"
    _check(group if is_group else agent, value, "agent")
    found: dict[str, Any] = value
    return found


def identified(found: dict[str, Any]) -> str:
    """The canonical identifier, under which a group's documents are those of an agent too (2.6.s3)."""
    known_as = identifier(found)
    if known_as is None:
        raise Invalid("%(path)s: a group without an identifier has no documents", "agent")
    return known_as


def _check(check: Any, value: Any, name: str) -> None:
    try:
        check(value)
    except Invalid as fault:
        raise fault.enter(name) from None


def _name(given: Query, parameter: str) -> str | None:
    name = given.get(parameter)
    if name == "":
        raise Invalid("%(path)s: is empty", parameter)
    return name


def _registration(given: Query) -> UUID | None:
    text = given.get("registration")
    if text is None:
        return None
    _check(uuid, text, "registration")
    return UUID(text)


def _since(given: Query) -> datetime | None:
    text = given.get("since")
    if text is None:
        return None
    try:
        return timestamp(text)
    except Invalid:
        raise Invalid("%(path)s: not a timestamp of ISO 8601", "since") from None
