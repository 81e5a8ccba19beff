"""Lists as one value: a condition and an INSERT whose SQL is the same for one row and for a thousand.

SQLAlchemy's own forms write one placeholder for each value, so that drivers and databases parse a new text
for every length. PostgreSQL takes arrays; SQLite reads JSON, and has a quick `executemany`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import orjson
from sqlalchemy import ARRAY, Boolean, ColumnElement, Connection, Dialect, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import bindparam
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Row = Mapping[str, Any]
Convert = Callable[[Any], Any] | None


class _Listed(TypeDecorator[Any]):
    """A list of values of one type: an array on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        items = list(value)
        if dialect.name == "postgresql":
            return items
        convert = self.item.dialect_impl(dialect).bind_processor(dialect)
        return orjson.dumps([convert(item) for item in items] if convert else items).decode()


class _OneOf(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "one_of"


@compiles(_OneOf, "postgresql")
def _any_of_array(element: _OneOf, compiler: Any, **options: Any) -> str:
    column, wanted = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({_binary(wanted)})"


def _binary(placeholder: str) -> str:
    """The mark of a value that travels in binary: psycopg writes arrays four times quicker than as text."""
    return placeholder.replace(")s", ")b", 1)


@compiles(_OneOf, "sqlite")
def _in_json(element: _OneOf, compiler: Any, **options: Any) -> str:
    column, wanted = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({wanted}))"  # noqa: S608  (compiled parts)


def one_of(column: Any, name: str = "wanted") -> ColumnElement[bool]:
    """The column is one of a list that is given when the statement is executed.

    For statements that are built once: building one takes longer than SQLite takes to answer it.
    """
    return cast("ColumnElement[bool]", _OneOf(column, bindparam(name, type_=_Listed(column.type))))


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Row], *, conflict: str = "", returning: str = ""
) -> Sequence[Any]:
    """Insert rows that all have the same columns, past SQLAlchemy's bookkeeping.

    `conflict` is what stands after ON CONFLICT, `returning` after RETURNING (PostgreSQL only); both are SQL
    of the program's own. Rows are inserted in their order.
    """
    if not rows:
        return ()
    names = tuple(rows[0])
    sql, converts = _insert(table, names, conflict, returning, connection.dialect)
    if connection.dialect.name == "sqlite":
        values = [tuple(_converted(row[name], how) for name, how in converts) for row in rows]
        connection.exec_driver_sql(sql, values)
        return ()
    arrays = tuple([_converted(row[name], how) for row in rows] for name, how in converts)
    answer = connection.exec_driver_sql(sql, arrays)
    return answer.all() if returning else ()


def _converted(value: Any, convert: Convert) -> Any:
    return convert(value) if convert else value


@lru_cache(maxsize=256)
def _insert(
    table: Table, names: tuple[str, ...], conflict: str, returning: str, dialect: Dialect
) -> tuple[str, list[tuple[str, Convert]]]:
    """The text of an INSERT, and how each column's values are to be given to the driver."""
    quote = dialect.identifier_preparer.quote
    columns = [table.c[name] for name in names]
    listed = ", ".join(quote(name) for name in names)
    converts: list[tuple[str, Convert]] = [
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in columns
    ]
    if dialect.name == "sqlite":
        values = f"VALUES ({', '.join('?' * len(names))})"
    else:
        marks = [f"%b::{column.type.compile(dialect)}[]" for column in columns]
        values = f"SELECT * FROM unnest({', '.join(marks)})"  # noqa: S608  (names of columns)
        converts = [(name, None) for name, _ in converts]
    tail = f" ON CONFLICT {conflict}" if conflict else ""
    tail += f" RETURNING {returning}" if returning else ""
    return f"INSERT INTO {quote(table.name)} ({listed}) {values}{tail}", converts
