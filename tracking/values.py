"""Values as drivers take and give them, by the type of their column.

What SQLAlchemy's types do; the commonest of them on SQLite in fewer steps, since a commit of a lesson
converts some fifty values.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, Dialect, Uuid
from sqlalchemy.types import TypeEngine

from tracking.times import UTCDateTime, aware

Convert = Callable[[Any], Any] | None

_PLACES = len("2026-11-22 01:00:00.000000")


@lru_cache(maxsize=512)
def into(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    """What makes a value of this type one that the driver takes; None where it is one."""
    return _quick(kind, _INTO, dialect) or kind.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=512)
def out_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    """What makes a value of this type of what the driver gives; None where it is one."""
    return _quick(kind, _OUT_OF, dialect) or kind.dialect_impl(dialect).result_processor(dialect, None)


def _quick(kind: TypeEngine[Any], known: dict[type[Any], Callable[[Any], Any]], dialect: Dialect) -> Convert:
    if dialect.name != "sqlite" or (type(kind) is JSON and kind.none_as_null):
        return None
    return known.get(type(kind))


def _moment(value: datetime | None) -> str | None:
    return None if value is None else aware(value).isoformat(" ", "microseconds")[:_PLACES]


def _moment_in(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _hex(value: UUID | None) -> str | None:
    return None if value is None else value.hex


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _json_in(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


_INTO: dict[type[Any], Callable[[Any], Any]] = {
    UTCDateTime: _moment,
    JSON: _json,
    Uuid: _hex,
}
_OUT_OF: dict[type[Any], Callable[[Any], Any]] = {UTCDateTime: _moment_in, JSON: _json_in}
