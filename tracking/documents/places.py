"""Where documents lie (xAPI 1.0.3 part 3, 2.3, 2.6, 2.7).

Identifiers together are longer than a database can index, so shelves and places have keys: 128 bits of
BLAKE2b over what they consist of.
"""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any
from uuid import UUID

import orjson

_KEY_BYTES = 16


class Kind(StrEnum):
    """What documents are about; the words are stored."""

    STATE = "state"
    ACTIVITY_PROFILE = "activity profile"
    AGENT_PROFILE = "agent profile"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What documents are about. `agent` is a canonical identifier (`tracking.statements.agents`)."""

    kind: Kind
    activity: str | None = None
    agent: str | None = None

    @property
    def key(self) -> UUID:
        return _key(self.kind, self.activity, self.agent)

    def place(self, name: str, registration: UUID | None = None) -> "Place":
        """One document of this shelf; only states differ by registration."""
        return Place(self, name, registration)


@dataclass(frozen=True, slots=True)
class Place:
    """One document's shelf, name (stateId or profileId) and registration."""

    shelf: Shelf
    name: str
    registration: UUID | None = None

    @property
    def key(self) -> UUID:
        shelf = self.shelf
        registration = str(self.registration) if self.registration else None
        return _key(shelf.kind, shelf.activity, shelf.agent, self.name, registration)


def state_of(activity: str, agent: str) -> Shelf:
    """The states of an agent in an activity."""
    return Shelf(Kind.STATE, activity=activity, agent=agent)


def profile_of_activity(activity: str) -> Shelf:
    return Shelf(Kind.ACTIVITY_PROFILE, activity=activity)


def profile_of_agent(agent: str) -> Shelf:
    return Shelf(Kind.AGENT_PROFILE, agent=agent)


def _key(*parts: Any) -> UUID:
    return UUID(bytes=blake2b(orjson.dumps(parts), digest_size=_KEY_BYTES).digest())
