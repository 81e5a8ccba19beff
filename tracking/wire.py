"""Commands to PostgreSQL in one round trip, by libpq's pipeline mode.

psycopg has pipelines too, and does for each command in one what it does for a query of its own: a cursor, a
look at the socket, a wait. Here commands that are all known beforehand are written out one after the other,
and their results read one after the other. What psycopg knows of types, errors and transactions is its own.
"""

from collections.abc import Callable, Sequence
from itertools import count
from select import POLLIN, POLLOUT, poll
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg.abc import Transformer as Converter
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

# A text with $1, $2 and so on, the values for these, and what makes one of the values of each row.
# The last is for SQLite.
Command = tuple[str, Sequence[Any], Callable[[Sequence[Any]], Any], bool]
Key = tuple[bytes, tuple[int, ...]]  # a text and the types of its values


# "cached plan must not change result type", and a name that is not known any more.
_OUTDATED = ("0A000", "26000")


class _Ready(NamedTuple):
    """A command as libpq takes it."""

    key: Key
    values: Sequence[Any]
    formats: Sequence[Format]


class _Kept:
    """What belongs to one connection: the names of statements that it has prepared, and its converter."""

    def __init__(self, connection: "Connection[Any]") -> None:
        self.names: dict[Key, bytes] = {}
        self.numbers = count()
        self.converter: Converter = Transformer(connection)


_kept: "WeakKeyDictionary[Connection[Any], _Kept]" = WeakKeyDictionary()


def exchange(connection: "Connection[Any]", commands: Sequence[Command]) -> list[list[Any]]:
    """The rows of each command. Raises psycopg's errors; then there is nothing left but to roll back.

    A transaction is begun where none is open.
    """
    kept = _kept.get(connection)
    if kept is None:
        kept = _kept[connection] = _Kept(connection)
    round_trip = _Round(connection, kept, [_made_ready(kept.converter, command) for command in commands])
    with connection.lock:
        results = round_trip.take()
    return [_loaded(kept.converter, result, each[2]) for result, each in zip(results, commands, strict=True)]


def _made_ready(converter: Converter, command: Command) -> _Ready:
    sql, given = command[:2]
    values = converter.dump_sequence(given, [PyFormat.BINARY] * len(given))
    return _Ready((sql.encode(), converter.types or ()), values, converter.formats or ())


def _loaded(converter: Converter, result: PGresult, row: Callable[[Sequence[Any]], Any]) -> list[Any]:
    if not result.nfields:
        return []
    converter.set_pgresult(result)
    return converter.load_rows(0, result.ntuples, row)


class _Round:
    """One round trip. `own` tells, result by result, which are of commands and not of what else was sent."""

    def __init__(self, connection: "Connection[Any]", kept: _Kept, ready: Sequence[_Ready]) -> None:
        self._connection = connection
        self._link: PGconn = connection.pgconn
        self._kept = kept
        self._ready = ready
        self._own: list[bool] = []
        self._preparing: list[Key] = []

    def take(self) -> list[PGresult]:
        try:
            self._link.enter_pipeline_mode()
            self._begin()
            for each in self._ready:
                self._send(each, is_own=True)
            self._link.pipeline_sync()
            results = _results(self._link, len(self._own))
            self._link.exit_pipeline_mode()
        except BaseException:
            self._connection.close()  # nobody knows what is still on its way
            raise
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                error = error_from_result(result, self._connection.info.encoding)
                self._forget(error.sqlstate)
                raise error
        return [result for result, is_own in zip(results, self._own, strict=True) if is_own]

    def _forget(self, state: str | None) -> None:
        """Prepare anew what was perhaps prepared in vain; or everything, where tables have changed."""
        for key in self._preparing:
            del self._kept.names[key]
        if state in _OUTDATED:
            self._kept.names.clear()

    def _begin(self) -> None:
        if self._connection.autocommit or self._link.transaction_status != TransactionStatus.IDLE:
            return
        level = self._connection.isolation_level
        words = "BEGIN" if level is None else f"BEGIN ISOLATION LEVEL {level.name.replace('_', ' ')}"
        self._send(_Ready((words.encode(), ()), (), ()), is_own=False)

    def _send(self, each: _Ready, *, is_own: bool) -> None:
        names, (sql, types) = self._kept.names, each.key
        if each.key not in names:
            names[each.key] = b"round_%d" % next(self._kept.numbers)
            self._preparing.append(each.key)
            self._link.send_prepare(names[each.key], sql, types)
            self._own.append(False)
        self._link.send_query_prepared(names[each.key], each.values, each.formats, Format.BINARY)
        self._own.append(is_own)


def _results(link: PGconn, expected: int) -> list[PGresult]:
    """As many results, and the end of the round after them."""
    watch = poll()
    watch.register(link.socket, POLLIN | POLLOUT)
    while link.flush():
        if watch.poll()[0][1] & ~POLLOUT:  # the other side may wait for us to read
            link.consume_input()
    watch.modify(link.socket, POLLIN)
    results = [_result(link, watch) for _ in range(expected)]
    end = _next(link, watch)
    if end is None or end.status != ExecStatus.PIPELINE_SYNC:
        raise RuntimeError("the database's answers do not fit what it was asked")
    return results


def _result(link: PGconn, watch: poll) -> PGresult:
    result = _next(link, watch)
    if result is None or _next(link, watch) is not None:
        raise RuntimeError("the database's answers do not fit what it was asked")
    return result


def _next(link: PGconn, watch: poll) -> PGresult | None:
    while link.is_busy():
        watch.poll()
        link.consume_input()
    return link.get_result()
