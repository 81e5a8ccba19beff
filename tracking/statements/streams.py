"""Ways into the record: each an index whose entries for one word come in the order of statements.

A page is put together from the beginnings of a few such streams, so it costs the same at any depth, however
many statements there are and however they are spread over words. The SQL is written out and not left to be
composed, because its form decides how it is answered: PostgreSQL orders by the word too, which no index but
that of the word can serve, and is not free to guess that a scan of everything finds the first page soon.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.types import TypeEngine

from tracking.record.models import Statement

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


# The columns that words stand in, as PostgreSQL calls their types.
_TYPES = {
    "agent_id": "bigint",
    "authority_id": "bigint",
    "verb_id": "integer",
    "activity_id": "integer",
    "registration": "uuid",
}


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


@lru_cache(maxsize=512)
def beginnings(shape: Shape, driver: Condition | None) -> TextClause:
    """(stream, seq, size): the next `:most` of each stream of the driver that meet the other conditions too.

    Between `:low` and `:high`, both exclusive. `size` is that of the JSON in bytes.
    """
    parts = (
        f"SELECT {number} AS stream, seq, size FROM ({_beginning(shape, stream, driver)}) AS s{number}"  # noqa: S608
        for number, stream in enumerate(streams_of(shape, driver))
    )
    return _typed(" UNION ALL ".join(parts), shape)


@lru_cache(maxsize=512)
def depths(shape: Shape, condition: Condition) -> TextClause:
    """(seq) of the entry in each stream of the condition that lies `:depth` entries away, where there is one.

    Only streams of what statements say themselves: references are few.
    """
    parts = (
        f"SELECT seq FROM (SELECT m.seq AS seq FROM {_entries(shape, stream, 'm')}"  # noqa: S608
        f" WHERE {_place(shape, stream, 'm')}"
        f" ORDER BY {_order(shape, stream, 'm')} LIMIT 1 OFFSET :depth) AS s{number}"
        for number, stream in enumerate(streams_of(shape, condition))
        if not stream.refers
    )
    return _typed(" UNION ALL ".join(parts), shape, {condition})


def _beginning(shape: Shape, stream: Stream, driver: Condition | None) -> str:
    """`m` are the entries, `s` the statements found, `o` what they are found by (often the same row)."""
    first = "s" if stream.table == "statement" else "m"
    tables = _entries(shape, stream, first)
    if first == "m":
        tables += " JOIN statement AS s ON s.seq = m.seq"
    if stream.refers:
        tables += " JOIN statement AS o ON o.seq = m.source"
    said = "o" if stream.refers else "s"
    where = [_place(shape, stream, first), "s.voided_at IS NULL"]
    where += [_met(shape, condition, said) for condition in sorted(shape.conditions) if condition != driver]
    if "authority" in shape.conditions and stream.refers:
        # Whoever may see only their own finds nothing out by referring to what is not.
        where.append(f"{'o' if driver == 'authority' else 's'}.authority_id = :authority")
    where += ["s.stored > :since"] * shape.since + ["s.stored <= :until"] * shape.until
    return (
        f"SELECT s.seq AS seq, length(s.raw) AS size FROM {tables} WHERE {' AND '.join(where)}"  # noqa: S608
        f" ORDER BY {_order(shape, stream, first)} LIMIT :most"
    )


def _entries(shape: Shape, stream: Stream, table: str) -> str:
    """The table; SQLite is told the index as well, for it takes that of whichever word it meets first."""
    if shape.dialect == "sqlite" and stream.key and stream.table == "statement":
        return f"statement AS {table} INDEXED BY ix_statement_{stream.key[0][0]}_seq"
    return f"{stream.table} AS {table}"


def _place(shape: Shape, stream: Stream, table: str) -> str:
    """The part of the index in which to look: entries of one word, between two numbers."""
    equal = [f"{table}.{column} = {value}" for column, value in stream.key]
    if shape.dialect == "postgresql" and stream.key:
        # One of a list of one. After a plain "=" the order by numbers alone would do, which the index of all
        # statements has too; and PostgreSQL takes that where it guesses that the word is a common one.
        column, value = stream.key[0]
        equal[0] = f"{table}.{column} = ANY (ARRAY[{value}]::{_TYPES[column]}[])"
    partial = [f"{table}.{column} IS NOT NULL" for column, _ in stream.key if column == "registration"]
    return " AND ".join([*equal, *partial, f"{table}.seq > :low", f"{table}.seq < :high"])


def _order(shape: Shape, stream: Stream, table: str) -> str:
    direction = "ASC" if shape.ascending else "DESC"
    first = [stream.key[0][0]] if shape.dialect == "postgresql" and stream.key else []
    return ", ".join(f"{table}.{column} {direction}" for column in (*first, "seq"))


def _met(shape: Shape, condition: Condition, table: str) -> str:
    """The statement in `table` meets the condition by what it says itself."""
    if condition == "agent":
        return _names_agent(shape, table)
    if condition == "activity" and shape.related_activities:
        mentioned = f"m.activity_id = :activity AND m.seq = {table}.seq"
        exists = f"EXISTS (SELECT 1 FROM statement_activity AS m WHERE {mentioned})"  # noqa: S608
        return f"({table}.activity_id = :activity OR {exists})"
    column = condition if condition == "registration" else f"{condition}_id"
    return f"{table}.{column} = :{condition}"


def _names_agent(shape: Shape, table: str) -> str:
    agents = ", ".join(f":agent{number}" for number in range(shape.agents))
    direct = "m.direct IN (true, false)" if shape.related_agents else "m.direct = true"
    mentioned = f"m.agent_id IN ({agents}) AND {direct} AND m.seq = {table}.seq"
    ways = [f"{table}.agent_id IN ({agents})"]
    ways += [f"{table}.authority_id IN ({agents})"] * shape.related_agents
    ways.append(f"EXISTS (SELECT 1 FROM statement_agent AS m WHERE {mentioned})")  # noqa: S608
    return f"({' OR '.join(ways)})"


def _typed(sql: str, shape: Shape, conditions: set[Condition] | None = None) -> TextClause:
    """With the types of those values that the databases know under different forms."""
    wanted = shape.conditions if conditions is None else conditions
    types: dict[str, TypeEngine[object]] = {}
    if "registration" in wanted:
        types["registration"] = Statement.registration.type
    if conditions is None:
        types |= {name: Statement.stored.type for name in ("since", "until") if getattr(shape, name)}
    return text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))
