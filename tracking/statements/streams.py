"""Ways into the record: each an index whose entries for one word come in the order of statements.

A page is put together from the beginnings of a few such streams, so it costs the same at any depth, however
many statements there are and however they are spread over words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Condition = Literal["agent", "verb", "activity", "registration", "authority"]


@dataclass(frozen=True, slots=True)
class Shape:
    """Which filters a question has, without their values. `agents`: how many numbers stand for the agent."""

    conditions: frozenset[Condition]
    agents: int
    related_agents: bool
    related_activities: bool
    since: bool
    until: bool
    ascending: bool
    dialect: str


@dataclass(frozen=True, slots=True)
class Stream:
    """`table` in the order of `key` (columns and their values) and number.

    `refers`: entries are of statements that refer to others, each with a `source` that it is found by.
    """

    table: str
    key: tuple[tuple[str, str], ...]
    refers: bool = False


def streams_of(shape: Shape, condition: Condition | None) -> list[Stream]:
    """All the streams in which statements stand that meet the condition; without one, all statements."""
    if condition is None:
        return [Stream("statement", ())]
    return list(_STREAMS[condition](shape))


def _by_agent(shape: Shape) -> Iterator[Stream]:
    for number in range(shape.agents):
        who = ("agent_id", f":agent{number}")
        yield Stream("statement", (who,))
        if shape.related_agents:
            yield Stream("statement", (("authority_id", f":agent{number}"),))
        for direct in ("true", "false") if shape.related_agents else ("true",):
            yield Stream("statement_agent", (who, ("direct", direct)))
            yield Stream("referred_agent", (who, ("direct", direct)), refers=True)


def _by_activity(shape: Shape) -> Iterator[Stream]:
    what = ("activity_id", ":activity")
    yield Stream("statement", (what,))
    yield Stream("referred_activity", (what, ("direct", "true")), refers=True)
    if shape.related_activities:
        yield Stream("statement_activity", (what,))
        yield Stream("referred_activity", (what, ("direct", "false")), refers=True)


def _by_verb(_shape: Shape) -> Iterator[Stream]:
    yield Stream("statement", (("verb_id", ":verb"),))
    yield Stream("statement_reference", (("verb_id", ":verb"),), refers=True)


def _by_registration(_shape: Shape) -> Iterator[Stream]:
    yield Stream("statement", (("registration", ":registration"),))
    yield Stream("statement_reference", (("registration", ":registration"),), refers=True)


def _by_authority(shape: Shape) -> Iterator[Stream]:
    whose = ("authority_id", ":authority")
    yield Stream("statement", (whose,))
    if len(shape.conditions) > 1:
        yield Stream("statement_reference", (whose,), refers=True)


_STREAMS = {
    "agent": _by_agent,
    "activity": _by_activity,
    "verb": _by_verb,
    "registration": _by_registration,
    "authority": _by_authority,
}
