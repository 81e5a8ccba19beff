"""Rows straight into a table by the database's driver, past everything of ours."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, insert

from tracking.tables import Base, table_of

Prepared = Sequence[Any]  # rows as the driver wants them


class Inserter:
    """Writes rows of one table through one connection of the driver; each `write` is one transaction."""

    def __init__(self, engine: Engine, model: type[Base], columns: Sequence[str]) -> None:
        table = table_of(model)
        compiled = insert(table).compile(dialect=engine.dialect, column_keys=list(columns))
        self._sql = str(compiled)
        self._positions: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._converters = {
            name: table.c[name].type.dialect_impl(engine.dialect).bind_processor(engine.dialect)
            for name in columns
        }
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._pooled = engine.raw_connection()
        self._cursor = self._pooled.cursor()

    def prepared(self, rows: Iterable[dict[str, Any]]) -> Prepared:
        """Rows (by column) turned into what `write` takes, so that this is not part of what is measured."""
        converted = (self._converted(row) for row in rows)
        if self._positions:
            return [tuple(row[name] for name in self._positions) for row in converted]
        return list(converted)

    def write(self, rows: Prepared) -> None:
        if self._is_sqlite:
            self._cursor.execute("BEGIN IMMEDIATE")
        self._cursor.executemany(self._sql, rows)
        if self._is_sqlite:
            self._cursor.execute("COMMIT")
        else:
            self._pooled.commit()

    def close(self) -> None:
        self._cursor.close()
        self._pooled.close()

    def _converted(self, row: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, convert in self._converters.items():
            value = row.get(name)
            found[name] = convert(value) if convert else value
        return found
