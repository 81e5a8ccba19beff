"""What the record keeps of a valid statement: the statement filled in, and the columns read out of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from tracking.completions.rules import Outcome, outcome_of
from tracking.identities.agents import Described, Name
from tracking.identities.keys import key_of
from tracking.statements.agents import identifier
from tracking.statements.parsing import timestamp
from tracking.statements.validation.statements import VOIDED
from tracking.times import local_date, showable


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement as it was sent, and as it is going to be kept."""

    sent: dict[str, Any]
    statement: dict[str, Any]
    id: UUID
    timestamp: datetime
    happened_on: date
    agent: Name | None
    verb: str
    activity: str | None
    registration: UUID | None
    voids: UUID | None
    outcome: Outcome | None

    @property
    def raw(self) -> bytes:
        return orjson.dumps(self.statement)


def filled(
    statement: dict[str, Any], *, authority: dict[str, Any], version: str, now: datetime
) -> dict[str, Any]:
    """The statement with what the store sets (Data 2.4); its own id, version and timestamp stay."""
    stored = now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    result = {"id": str(uuid4()), "timestamp": stored, "version": default_version(version), **statement}
    result |= {"stored": stored, "authority": authority}
    return result


def default_version(version: str) -> str:
    """The version of a statement that names none, when the request was made in `version`."""
    return "1.0.0" if version.startswith("1.") else "2.0.0"


def read(statement: dict[str, Any], sent: dict[str, Any] | None = None) -> Reading:
    """The columns of a statement that is valid and filled in."""
    moment = showable(timestamp(statement["timestamp"]))
    about = statement["object"]
    is_activity = about.get("objectType", "Activity") == "Activity"
    registration = statement.get("context", {}).get("registration")
    return Reading(
        sent=sent or statement,
        statement=statement,
        id=UUID(statement["id"]),
        timestamp=moment,
        happened_on=local_date(moment),
        agent=name_of(statement["actor"]),
        verb=statement["verb"]["id"],
        activity=about["id"] if is_activity else None,
        registration=UUID(registration) if registration else None,
        voids=UUID(about["id"]) if statement["verb"]["id"] == VOIDED else None,
        outcome=outcome_of(statement),
    )


def name_of(agent: dict[str, Any]) -> Name | None:
    """Canonical identifier and kind; None for an anonymous group."""
    found = identifier(agent)
    if found is None:
        return None
    return (found, "group" if agent.get("objectType") == "Group" else "agent")


def described(agents: list[dict[str, Any]], home_page: str) -> dict[Name, Described]:
    """The identified agents and groups among these, each with the key it is looked for under."""
    result: dict[Name, Described] = {}
    for agent in agents:
        name = name_of(agent)
        if name is not None:
            result[name] = Described(key_of(agent, name[0], home_page), agent.get("name"))
    return result
