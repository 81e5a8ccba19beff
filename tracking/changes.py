"""Changes: UPDATEs of one row by its key, asked in round trips among other commands (`tracking.rounds`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Dialect, Table

from tracking.arrays import alone, array_type, writer_of
from tracking.rounds import Written
from tracking.values import Convert, into


@dataclass(frozen=True, slots=True)
class Change:
    """New values for some columns, by their names, of the row with this primary key."""

    table: Table
    key: Any
    values: Mapping[str, Any]

    def written(self, dialect: Dialect) -> Written:
        sql, converts = _update(self.table, tuple(self.values), dialect)
        given = [*self.values.values(), self.key]
        for place, convert in converts:
            if given[place] is not None:
                given[place] = convert(given[place])
        return Written(sql, given)


@lru_cache(maxsize=64)
def _update(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, list[tuple[int, Any]]]:
    """The text, and how values are converted whose driver wants them otherwise, by their places."""
    [key] = table.primary_key.columns
    columns = [*(table.c[name] for name in names), key]
    quote = dialect.identifier_preparer.quote
    marks = [_mark(place, column.type, dialect) for place, column in enumerate(columns, 1)]
    *said, wanted = (f"{quote(column.name)} = {mark}" for column, mark in zip(columns, marks, strict=True))
    sql = f"UPDATE {quote(table.name)} SET {', '.join(said)} WHERE {wanted}"  # noqa: S608  (names of columns)
    converts = [(place, _convert(column.type, dialect)) for place, column in enumerate(columns)]
    return sql, [(place, convert) for place, convert in converts if convert]


def _mark(place: int, kind: Any, dialect: Dialect) -> str:
    return "?" if dialect.name == "sqlite" else f"${place}::{array_type(kind).removesuffix('[]')}"


def _convert(kind: Any, dialect: Dialect) -> Convert:
    """For PostgreSQL all of one form, so that one text is prepared whatever the values are."""
    if dialect.name == "sqlite":
        return into(kind, dialect)
    return partial(alone, write=writer_of(kind))
