"""What to list: the filters of a request, and the numbers that stand for their words."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from tracking.statements.streams import Condition, Shape

# Statements are written once, in the order of their numbers, and read by that order: PostgreSQL must not
# weigh other ways, which look short only while it guesses wrong. There is one way, so it need not be planned
# anew for other values either.
_PLANNING = {
    **dict.fromkeys(
        ("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin", "enable_sort", "jit"),
        "off",
    ),
    "plan_cache_mode": "force_generic_plan",
}
_DICTIONARIES = {"agent": "identifier", "authority": "identifier", "verb": "iri", "activity": "iri"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list; None asks for everything. `since` is exclusive and `until` inclusive, both of `stored`.

    `agent` and `authority` are canonical identifiers (`tracking.statements.agents.identifier`): of an Agent,
    or of a Group as a whole. `authority` limits the list to what one authority vouches for, and what is found
    by reference to what it vouches for.
    """

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None
    authority: str | None = None
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """A filter by numbers: its shape, and the values of its parameters."""

    shape: Shape
    values: dict[str, Any]


def sought(session: Session, wanted: Filter) -> Sought | None:
    """None where a word is not known to the record: then there is nothing to list."""
    words = {name: getattr(wanted, name) for name in _DICTIONARIES}
    words = {name: word for name, word in words.items() if word is not None}
    if any("\x00" in word for word in words.values()):
        return None  # no such word is kept, and PostgreSQL cannot even be asked for it
    numbers = _numbers(session, words)
    if not all(numbers.values()):
        return None
    values: dict[str, Any] = {
        f"agent{place}": number for place, number in enumerate(numbers.pop("agent", ()))
    }
    agents = len(values)
    values |= {name: found[0] for name, found in numbers.items()}
    for name in ("registration", "since", "until"):
        if getattr(wanted, name) is not None:
            values[name] = getattr(wanted, name)
    return Sought(_shape(session, wanted, agents), values)


def _shape(session: Session, wanted: Filter, agents: int) -> Shape:
    names: tuple[Condition, ...] = ("agent", "verb", "activity", "registration", "authority")
    return Shape(
        conditions=frozenset(name for name in names if getattr(wanted, name) is not None),
        agents=agents,
        related_agents=wanted.related_agents,
        related_activities=wanted.related_activities,
        since=wanted.since is not None,
        until=wanted.until is not None,
        ascending=wanted.ascending,
        dialect=session.get_bind().dialect.name,
    )


def _numbers(session: Session, words: dict[str, str]) -> dict[str, list[int]]:
    """One for each word; for an agent two where an Agent and a Group share the identifier."""
    question = _question(tuple(sorted(words)), session.get_bind().dialect.name)
    found: dict[str, list[int]] = {name: [] for name in words}
    if question is not None:
        for row in session.connection().execute(question, words):
            if row.what is not None:
                found[row.what].append(row.id)
    return found


@lru_cache(maxsize=64)
def _question(names: tuple[str, ...], dialect: str) -> TextClause | None:
    parts = [
        f"SELECT '{name}' AS what, id FROM {_table(name)} WHERE {_DICTIONARIES[name]} = :{name}"  # noqa: S608
        for name in names
    ]
    if dialect == "postgresql":
        # Until the transaction ends.
        settings = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in _PLANNING.items())
        parts.append(f"SELECT NULL AS what, NULL AS id FROM (SELECT {settings} OFFSET 0) AS planning")  # noqa: S608
    return text(" UNION ALL ".join(parts)) if parts else None


def _table(name: str) -> str:
    return "agent" if name == "authority" else name
