"""What the record keeps of a valid statement: its JSON filled in, and the columns read out of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import orjson

from tracking.completions.rules import Outcome, outcome_of
from tracking.identities.agents import Name
from tracking.statements.agents import name_of
from tracking.statements.mentions import Mentions, mentions
from tracking.statements.parsing import timestamp
from tracking.statements.validation import Version
from tracking.statements.validation.statements import VOIDED
from tracking.times import local_date, showable

_SET_BY_THE_STORE = ("stored", "authority")


@dataclass(slots=True)  # frozen ones take three times as long to make
class Reading:
    """A statement as it was sent, less what the store sets, and the columns read out of it.

    `timestamp` and `happened_on` are None where the statement tells no time: then it happened when it was
    stored. `version` is the statement's own, or the one that its request gives it.
    """

    sent: dict[str, Any]
    id: UUID
    timestamp: datetime | None
    happened_on: date | None
    agent: Name | None
    verb: str
    activity: str | None
    registration: UUID | None
    refers_to: UUID | None
    voids: UUID | None
    outcome: Outcome | None
    authority: dict[str, Any]
    vouched_by: Name | None  # the authority's; None for the pair that OAuth makes
    version: str
    mentions: Mentions

    @property
    def definitions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What the statement says of activities, by their IRIs: of that which it is about, and of others."""
        if self.activity and self.sent["object"].get("definition"):
            yield self.activity, self.sent["object"]["definition"]
        yield from self.mentions.definitions

    def raw(self, now: datetime) -> bytes:
        """The JSON that is kept: as it was sent, with what the store sets (Data 2.4)."""
        stored = written(now)
        added = {"stored": stored, "authority": self.authority}
        if "id" not in self.sent:
            added["id"] = str(self.id)
        if self.timestamp is None:
            added["timestamp"] = stored
        if "version" not in self.sent:
            added["version"] = self.version
        return orjson.dumps({**self.sent, **added})


@lru_cache(maxsize=16)  # those of one transaction are of one instant
def written(moment: datetime) -> str:
    """An instant as statements tell it, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def default_version(version: str) -> str:
    """The version of a statement that names none, when the request was made in `version`."""
    return "1.0.0" if version.startswith("1.") else "2.0.0"


def read(statement: dict[str, Any], *, authority: dict[str, Any], version: Version) -> Reading:
    """The columns of a valid statement which came in a request of `version`, vouched for by `authority`."""
    if "stored" in statement or "authority" in statement:
        statement = {name: value for name, value in statement.items() if name not in _SET_BY_THE_STORE}
    about = statement["object"]
    verb = statement["verb"]["id"]
    moment = showable(timestamp(statement["timestamp"])) if "timestamp" in statement else None
    registration = statement["context"].get("registration") if "context" in statement else None
    refers_to = UUID(about["id"]) if about.get("objectType") == "StatementRef" else None
    return Reading(
        sent=statement,
        id=UUID(statement["id"]) if "id" in statement else uuid4(),
        timestamp=moment,
        happened_on=local_date(moment) if moment else None,
        agent=name_of(statement["actor"]),
        verb=verb,
        activity=about["id"] if about.get("objectType", "Activity") == "Activity" else None,
        registration=UUID(registration) if registration else None,
        refers_to=refers_to,
        voids=refers_to if verb == VOIDED else None,
        outcome=outcome_of(statement),
        authority=authority,
        vouched_by=name_of(authority),
        version=statement.get("version") or default_version(version),
        mentions=mentions(statement, authority),
    )


def reread(statement: dict[str, Any]) -> Reading:
    """The columns of a statement that is kept."""
    version: Version = "1.0.3" if statement["version"].startswith("1.") else "2.0.0"
    return read(statement, authority=statement["authority"], version=version)
