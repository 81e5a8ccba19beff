"""The questions that read streams, as SQL.

It is written out and not left to be composed, because its form decides how it is answered: PostgreSQL orders
by the word too, which no index but that of the word can serve, and is not free to guess that a scan of
everything finds the first page soon. In it `m` are entries of a stream, `s` the statements found, `o` what
they are found by where that is another, `x` what is looked up beside.
"""

from functools import lru_cache

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.types import TypeEngine

from tracking.record.models import Statement
from tracking.statements.streams import Condition, Shape, Stream, streams_of

# The columns that words stand in, as PostgreSQL calls their types.
_TYPES = {
    "agent_id": "bigint",
    "authority_id": "bigint",
    "verb_id": "integer",
    "activity_id": "integer",
    "registration": "uuid",
}


@lru_cache(maxsize=1024)
def beginnings(shape: Shape, driver: Condition | None, *, probing: bool = False) -> TextClause:
    """(stream, seq, size): the next `:most` of each stream of the driver that meet the other conditions too.

    Between `:low` and `:high`, both exclusive. `size` is that of the JSON in bytes. The other conditions are
    looked for in the statements' rows or, `probing`, in the indexes of their words: that takes longer for a
    statement that meets them, but those that do not are passed by the ten thousand without being read.
    """
    parts = (
        f"SELECT {number} AS stream, seq, size"  # noqa: S608  (words of the program's own, here and below)
        f" FROM ({_beginning(shape, stream, driver, probing=probing)}) AS s{number}"
        for number, stream in enumerate(streams_of(shape, driver))
    )
    return _typed(" UNION ALL ".join(parts), shape)


@lru_cache(maxsize=512)
def depths(shape: Shape, condition: Condition) -> TextClause:
    """(seq) of the entry in each stream of the condition that lies `:depth` entries away, where there is one.

    Only streams of what statements say themselves: references are few.
    """
    parts = (
        f"SELECT seq FROM (SELECT m.seq AS seq FROM {_entries(shape, stream)}"  # noqa: S608
        f" WHERE {_place(shape, stream)} ORDER BY {_order(shape, stream)} LIMIT 1 OFFSET :depth) AS s{number}"
        for number, stream in enumerate(streams_of(shape, condition))
        if not stream.refers
    )
    return _typed(" UNION ALL ".join(parts), shape, {condition})


def _beginning(shape: Shape, stream: Stream, driver: Condition | None, *, probing: bool) -> str:
    others = sorted(shape.conditions - {driver})
    tables, where = _entries(shape, stream), [_place(shape, stream)]
    # The entries of a word that a statement's own row holds are the statements.
    row = "m" if stream.table == "statement" and not probing else "s"
    if probing and not stream.refers:
        where += [_probed(shape, condition) for condition in others]
        tables, where = _fenced(shape, stream, tables, where)
    else:
        where += [_met(shape, condition, "o" if stream.refers else row) for condition in others]
    if row == "s":
        tables += " JOIN statement AS s ON s.seq = m.seq"
    if stream.refers:
        tables += " JOIN statement AS o ON o.seq = m.source"
    if stream.refers and "authority" in shape.conditions:
        # Whoever may see only their own finds nothing out by referring to what is not.
        where.append(f"{'o' if driver == 'authority' else 's'}.authority_id = :authority")
    where.append(f"{row}.voided_at IS NULL")
    where += [f"{row}.stored > :since"] * shape.since + [f"{row}.stored <= :until"] * shape.until
    return (
        f"SELECT {row}.seq AS seq, length({row}.raw) AS size FROM {tables} WHERE {' AND '.join(where)}"  # noqa: S608
        f" ORDER BY {_order(shape, stream)} LIMIT :most"
    )


def _fenced(shape: Shape, stream: Stream, tables: str, where: list[str]) -> tuple[str, list[str]]:
    """The entries that meet all conditions, before any statement is read.

    SQLite tests a condition as early as it can; PostgreSQL must not see beyond the parentheses.
    """
    if shape.dialect == "sqlite":
        return tables, where
    columns = ", ".join(f"m.{column}" for column in _ordered_by(shape, stream))
    entries = f"SELECT {columns} FROM {tables} WHERE {' AND '.join(where)}"  # noqa: S608
    return f"({entries} ORDER BY {_order(shape, stream)} OFFSET 0) AS m", []


def _entries(shape: Shape, stream: Stream) -> str:
    """The table; SQLite is told the index as well, for it takes that of whichever word it meets first."""
    if stream.table == "statement" and stream.key:
        return f"statement AS m{_by(shape, stream.key[0][0])}"
    return f"{stream.table} AS m"


def _by(shape: Shape, column: str) -> str:
    return f" INDEXED BY ix_statement_{column}_seq" if shape.dialect == "sqlite" else ""


def _place(shape: Shape, stream: Stream) -> str:
    """The part of the index in which to look: entries of one word, between two numbers."""
    equal = [f"m.{column} = {value}" for column, value in stream.key]
    if shape.dialect == "postgresql" and stream.key:
        # One of a list of one. After a plain "=" the order by numbers alone would do, which the index of all
        # statements has too; and PostgreSQL takes that where it guesses that the word is a common one.
        column, value = stream.key[0]
        equal[0] = f"m.{column} = ANY (ARRAY[{value}]::{_TYPES[column]}[])"
    partial = [f"m.{column} IS NOT NULL" for column, _ in stream.key if column == "registration"]
    return " AND ".join([*equal, *partial, "m.seq > :low", "m.seq < :high"])


def _ordered_by(shape: Shape, stream: Stream) -> list[str]:
    return [*([stream.key[0][0]] if shape.dialect == "postgresql" and stream.key else []), "seq"]


def _order(shape: Shape, stream: Stream) -> str:
    direction = "ASC" if shape.ascending else "DESC"
    return ", ".join(f"m.{column} {direction}" for column in _ordered_by(shape, stream))


def _met(shape: Shape, condition: Condition, table: str) -> str:
    """The statement in `table` meets the condition by what it says itself."""
    said = [f"{table}.{column} IN ({values})" for column, values in _said(shape, condition)]
    said += [
        _exists(f"{mentioned} AS x", where, f"{table}.seq")
        for mentioned, where in _mentioned(shape, condition)
    ]
    return f"({' OR '.join(said)})"


def _probed(shape: Shape, condition: Condition) -> str:
    """The statement of the entry meets the condition, by indexes alone."""
    said = [
        _exists(
            f"statement AS x{_by(shape, column)}",
            f"x.{column} IS NOT NULL AND x.{column} IN ({values})",
            "m.seq",
        )
        for column, values in _said(shape, condition)
    ]
    said += [
        _exists(f"{mentioned} AS x", where, "m.seq") for mentioned, where in _mentioned(shape, condition)
    ]
    return f"({' OR '.join(said)})"


def _exists(table: str, where: str, number: str) -> str:
    # Between, not equal: PostgreSQL would read all entries of the word beforehand, to have them at hand.
    return f"EXISTS (SELECT 1 FROM {table} WHERE {where} AND x.seq BETWEEN {number} AND {number})"  # noqa: S608


def _said(shape: Shape, condition: Condition) -> list[tuple[str, str]]:
    """The columns of a statement that tell what is looked for, and its values."""
    if condition == "agent":
        agents = ", ".join(f":agent{number}" for number in range(shape.agents))
        return [(column, agents) for column in ("agent_id", *["authority_id"] * shape.related_agents)]
    return [("registration" if condition == "registration" else f"{condition}_id", f":{condition}")]


def _mentioned(shape: Shape, condition: Condition) -> list[tuple[str, str]]:
    """The tables of mentions that tell it too, and where in them."""
    if condition == "agent":
        [(_, agents), *_] = _said(shape, condition)
        direct = "x.direct IN (true, false)" if shape.related_agents else "x.direct = true"
        return [("statement_agent", f"x.agent_id IN ({agents}) AND {direct}")]
    if condition == "activity" and shape.related_activities:
        return [("statement_activity", "x.activity_id = :activity")]
    return []


def _typed(sql: str, shape: Shape, conditions: set[Condition] | None = None) -> TextClause:
    """With the types of those values that the databases know under different forms."""
    wanted = shape.conditions if conditions is None else conditions
    types: dict[str, TypeEngine[object]] = {}
    if "registration" in wanted:
        types["registration"] = Statement.registration.type
    if conditions is None:
        types |= {name: Statement.stored.type for name in ("since", "until") if getattr(shape, name)}
    return text(sql).bindparams(*(bindparam(name, type_=kind) for name, kind in types.items()))
