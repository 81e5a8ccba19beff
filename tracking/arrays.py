"""Arrays as PostgreSQL reads them on the wire, written out in one go.

psycopg can send lists, but looks at every value of each to find out what it is. Here the column says so. The
format is that of `array_recv` and of the types' own `recv` functions: dimensions, whether there are nulls,
the type's number (oid); length and lower bound of the dimension; then each value after its length in bytes.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from struct import Struct
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    TypeDecorator,
    Uuid,
    event,
)
from sqlalchemy.types import TypeEngine

_HEAD = Struct("!iiIii").pack
_LENGTH = Struct("!i").pack
_LENGTH_SIZE = 4
_INT2, _INT4, _INT8 = Struct("!ih").pack, Struct("!ii").pack, Struct("!iq").pack
_FLOAT8 = Struct("!id").pack
_NULL = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(2000, 1, 1).toordinal()
_DAY, _SECOND = 86_400_000_000, 1_000_000  # microseconds

Write = Callable[[Any], bytes]


class Packed:
    """An array, or a value, ready to be sent."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


def packed(values: Sequence[Any], kind: TypeEngine[Any]) -> Packed:
    """The array of these values, of a column's type; None is NULL. KeyError for a type that is not known."""
    _, oid, write = _WRITERS[_basic(kind)]
    first = values[0] if values else None
    if all(value is first for value in values):  # as in many columns
        written = [_NULL if first is None else write(first)] * len(values)
    else:
        written = [_NULL if value is None else write(value) for value in values]
    return Packed(_HEAD(1, 1, oid, len(written), 1) + b"".join(written))


def writer_of(kind: TypeEngine[Any]) -> Write:
    """What writes a value of a column's type after its length. KeyError for a type that is not known."""
    return _WRITERS[_basic(kind)][2]


def alone(value: Any, write: Write) -> Packed | None:
    """A value that stands in no array; None is NULL."""
    return None if value is None else Packed(write(value)[_LENGTH_SIZE:])


def array_type(kind: TypeEngine[Any]) -> str:
    """What PostgreSQL calls the array that `packed` makes of such values."""
    return f"{_WRITERS[_basic(kind)][0]}[]"


def _basic(kind: TypeEngine[Any]) -> type[TypeEngine[Any]]:
    """The class in the table below that a column's type is one of."""
    if isinstance(kind, TypeDecorator):
        return _basic(kind.impl_instance)
    return next(known for known in type(kind).__mro__ if known in _WRITERS)


def _instant(value: datetime) -> bytes:
    since = value - _EPOCH
    return _INT8(8, since.days * _DAY + since.seconds * _SECOND + since.microseconds)


def _bytes(value: bytes) -> bytes:
    return _LENGTH(len(value)) + value


_WRITERS: dict[type[Any], tuple[str, int, Write]] = {
    Boolean: ("bool", 16, lambda value: b"\0\0\0\1" + (b"\1" if value else b"\0")),
    LargeBinary: ("bytea", 17, _bytes),
    BigInteger: ("int8", 20, lambda value: _INT8(8, value)),
    SmallInteger: ("int2", 21, lambda value: _INT2(2, value)),
    Integer: ("int4", 23, lambda value: _INT4(4, value)),
    JSON: ("json", 114, lambda value: _bytes(orjson.dumps(value))),
    Float: ("float8", 701, lambda value: _FLOAT8(8, value)),
    String: ("text", 25, lambda value: _bytes(value.encode())),
    Date: ("date", 1082, lambda value: _INT4(4, value.toordinal() - _FIRST_DAY)),
    DateTime: ("timestamptz", 1184, _instant),
    Uuid: ("uuid", 2950, lambda value: b"\0\0\0\x10" + value.bytes),
}


@event.listens_for(Engine, "connect")
def _teach(connection: Any, _record: Any) -> None:
    """Have psycopg send what is packed as it is; a cast beside its mark says what it is an array of.

    And have it prepare nothing by itself: after a rollback it would take back what `tracking.wire` prepared.
    """
    if not type(connection).__module__.startswith("psycopg"):
        return
    from psycopg.adapt import Dumper
    from psycopg.pq import Format

    class PackedDumper(Dumper):
        format = Format.BINARY
        oid = 0

        def dump(self, obj: Packed) -> bytes:
            return obj.data

    connection.adapters.register_dumper(Packed, PackedDumper)
    connection.prepare_threshold = None
