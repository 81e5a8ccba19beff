"""Lists as one value: a condition and an INSERT whose SQL is the same for one row and for a thousand.

SQLAlchemy's own forms write one placeholder for each value, so that drivers and databases parse a new text
for every length. PostgreSQL takes arrays; SQLite reads JSON, and has a quick `executemany`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, cast

import orjson
from sqlalchemy import Boolean, ColumnElement, Connection, Dialect, FromClause, Table, Text, and_, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import bindparam
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from tracking.arrays import Packed, Write, alone, array_type, packed, writer_of
from tracking.questions import Several, row_of
from tracking.rounds import Command, Written, answers
from tracking.values import into

Row = Any  # a mapping or a named tuple

_FEW = 4  # rows that PostgreSQL is given value by value
_LENGTHS = (64, 8, 4, 2, 1)  # rows of one INSERT on SQLite, which allows 32,766 values


class _Listed(TypeDecorator[Any]):
    """A list of values of one type: an array on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return NullType() if dialect.name == "postgresql" else dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return packed(list(value), self.item)
        convert = into(self.item, dialect)
        return orjson.dumps([convert(item) for item in value] if convert else list(value)).decode()


class _ListedPairs(TypeDecorator[Any]):
    """A list of pairs: two arrays on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, first: TypeEngine[Any], second: TypeEngine[Any]) -> None:
        super().__init__()
        self.items = (first, second)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return Several(
                {
                    str(place): packed([pair[place] for pair in value], item)
                    for place, item in enumerate(self.items)
                }
            )
        a, b = (into(item, dialect) for item in self.items)
        return orjson.dumps([(a(x) if a else x, b(y) if b else y) for x, y in value]).decode()


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "one_of"

    def self_group(self, against: Any = None) -> Any:
        """Never `(… IN …) = 1`, which SQLAlchemy makes of truth values on SQLite, and no index answers."""
        del against
        return self


class _Pairs(FunctionElement[Any]):
    """A table of the pairs in a list, its columns called a and b."""

    inherit_cache = True
    name = "pairs"


@compiles(_OneOf, "postgresql")
def _any_of_array(element: _OneOf, compiler: Any, **options: Any) -> str:
    column, wanted = element.clauses
    mark = compiler.process(wanted, **options).replace(")s", ")b", 1)  # psycopg's mark for binary values
    return f"{compiler.process(column, **options)} = ANY ({mark}::{array_type(column.type)})"


@compiles(_Pairs, "postgresql")
def _pairs_in_arrays(element: _Pairs, compiler: Any, **options: Any) -> str:
    """Arrays side by side: the planner takes them for few rows, and looks each pair up by an index."""
    (wanted,) = element.clauses
    compiler.process(wanted, **options)  # so that its values are asked for
    kinds = enumerate(cast("_ListedPairs", wanted.type).items)
    a, b = (f"%({wanted.key}_{place})b::{array_type(kind)}" for place, kind in kinds)
    return f"(SELECT * FROM unnest({a}, {b}) AS pair(a, b))"  # noqa: S608


@compiles(_Pairs, "sqlite")
def _pairs_in_json(element: _Pairs, compiler: Any, **options: Any) -> str:
    (wanted,) = element.clauses
    rows = f"json_each({compiler.process(wanted, **options)})"
    return f"(SELECT json_extract(value, '$[0]') AS a, json_extract(value, '$[1]') AS b FROM {rows})"  # noqa: S608


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: Any, **options: Any) -> str:
    column, wanted = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({wanted}))"  # noqa: S608  (compiled parts)


def one_of(column: Any, name: str = "wanted") -> ColumnElement[bool]:
    """The column is one of a list that is given when the statement is executed.

    For statements that are built once: building one takes longer than SQLite takes to answer it.
    """
    return cast("ColumnElement[bool]", _OneOf(column, bindparam(name, type_=_Listed(column.type))))


def pairs(first: Any, second: Any, name: str = "wanted") -> tuple[FromClause, ColumnElement[bool]]:
    """A table of pairs, and that the two columns are one of them: what to join, and on what.

    The list is given when the statement is asked, as a `tracking.questions.Question`. A join, because SQLite
    looks pairs up one by one only there.
    """
    wanted = bindparam(name, type_=_ListedPairs(first.type, second.type))
    table = _Pairs(wanted).table_valued(column("a", first.type), column("b", second.type))
    return table, and_(first == table.c.a, second == table.c.b)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row], *, conflict: str = "") -> None:
    """Insert rows that all have the same columns, in their order, alone (`inserted` among other commands)."""
    answers(connection, inserted(table, rows, conflict=conflict))


def inserted(table: Table, rows: Sequence[Row], *, conflict: str = "", returning: str = "") -> list[Command]:
    """The command that inserts rows which all have the same columns, in their order; none for no rows.

    Rows are mappings or, which is quicker, named tuples.
    `conflict` is what stands after ON CONFLICT, `returning` after RETURNING (PostgreSQL alone), names of
    columns; both are SQL of the program's own.
    """
    if not rows:
        return []
    if isinstance(rows[0], Mapping):
        names = tuple(rows[0])
        columns: list[Any] = [[row[name] for row in rows] for name in names]
    else:
        names = rows[0]._fields
        columns = list(zip(*rows, strict=True))
    return [Insertion(table, names, columns, conflict, returning)]


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows for a table, column by column."""

    table: Table
    names: tuple[str, ...]
    columns: Sequence[Sequence[Any]]
    conflict: str = ""
    returning: str = ""

    def written(self, dialect: Dialect) -> Written:
        if dialect.name == "sqlite":
            return Written("", list(self._parts(dialect)))
        rows = len(self.columns[0])
        few = rows if rows <= _FEW else 0
        sql = _insert(self.table, self.names, self.conflict, self.returning, dialect, few)
        return Written(sql, self._alone() if few else self._in_arrays(), _returned(self.returning))

    def _in_arrays(self) -> list[Packed]:
        kinds = (self.table.c[name].type for name in self.names)
        return [packed(column, kind) for column, kind in zip(self.columns, kinds, strict=True)]

    def _alone(self) -> list[Packed | None]:
        """Of a few rows each value by itself: what an array has around it takes longer than the values."""
        writers = _writers(self.table, self.names)
        return [
            alone(value, write)
            for row in zip(*self.columns, strict=True)
            for value, write in zip(row, writers, strict=True)
        ]

    def _parts(self, dialect: Dialect) -> Iterator[tuple[str, Sequence[Any]]]:
        """Texts of a few lengths, each with its values.

        SQLite's driver lets other threads work at every step of a statement, and `executemany` takes one for
        each row: in a busy process it waits longer for its turns than it writes.
        """
        columns = list(self.columns)
        for place, convert in _converters(self.table, self.names, dialect):
            columns[place] = _converted(columns[place], convert)
        if len(columns[0]) == 1:  # as most of a commit's
            sql = _insert(self.table, self.names, self.conflict, self.returning, dialect, 1)
            yield sql, [column[0] for column in columns]
            return
        rows = list(zip(*columns, strict=True))
        begun = 0
        for length in _LENGTHS:
            while len(rows) - begun >= length:
                part = rows[begun : begun + length]
                begun += length
                sql = _insert(self.table, self.names, self.conflict, self.returning, dialect, length)
                yield sql, list(chain.from_iterable(part))


def _converted(values: Sequence[Any], convert: Callable[[Any], Any]) -> list[Any]:
    first = values[0]
    if len(values) == 1:
        return [convert(first)]
    if all(value is first for value in values):  # as in many columns
        return [convert(first)] * len(values)
    return [convert(value) for value in values]


@lru_cache(maxsize=16)
def _returned(names: str) -> Callable[[Sequence[Any]], Any]:
    return row_of(names.split(", ")) if names else tuple


@lru_cache(maxsize=256)
def _converters(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> list[tuple[int, Callable[[Any], Any]]]:
    """How values are converted that SQLite's driver wants otherwise, by the places of their columns."""
    converts = [into(table.c[name].type, dialect) for name in names]
    return [(place, convert) for place, convert in enumerate(converts) if convert]


@lru_cache(maxsize=256)
def _writers(table: Table, names: tuple[str, ...]) -> list[Write]:
    """How PostgreSQL reads the values of each column."""
    return [writer_of(table.c[name].type) for name in names]


@lru_cache(maxsize=512)
def _insert(
    table: Table, names: tuple[str, ...], conflict: str, returning: str, dialect: Dialect, rows: int
) -> str:
    """The text of an INSERT of so many rows; on PostgreSQL 0 stands for any number, in arrays."""
    quote = dialect.identifier_preparer.quote
    into = f"INSERT INTO {quote(table.name)} ({', '.join(quote(name) for name in names)})"
    if dialect.name == "sqlite":
        row = f"({', '.join('?' * len(names))})"
        values = f"VALUES {', '.join([row] * rows)}"
    else:
        kinds = [array_type(table.c[name].type) for name in names]
        values = _values(kinds, rows) if rows else f"SELECT * FROM unnest({_marks(kinds, 1)})"  # noqa: S608  (types)
    tail = f" ON CONFLICT {conflict}" if conflict else ""
    tail += f" RETURNING {returning}" if returning else ""
    return f"{into} {values}{tail}"


def _values(kinds: Sequence[str], rows: int) -> str:
    single = [kind.removesuffix("[]") for kind in kinds]
    return f"VALUES {', '.join(f'({_marks(single, 1 + row * len(kinds))})' for row in range(rows))}"


def _marks(kinds: Sequence[str], first: int) -> str:
    return ", ".join(f"${number}::{kind}" for number, kind in enumerate(kinds, first))
