"""Round trips to the database: what does not wait for each other's answers is asked in one.

A small question costs a database less than the way there and back. So a room may say what it wants in steps:
a generator that yields commands and is given their rows, as often as it needs to. `run` takes one such
generator to its end; `beside` lets several share their round trips, in the order in which they stand.

What nobody waits for (`Later`) waits itself: on PostgreSQL it goes with whatever is asked next, or with the
commit, in the same round trip.

Commands go past SQLAlchemy's bookkeeping, which takes longer than most answers. What fails is raised as
SQLAlchemy raises it, so that nobody else has to tell the difference.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson
from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

T = TypeVar("T")

_PUT_OFF = "rounds.put_off"  # in the `info` of a connection: commands


class Written(NamedTuple):
    """A command as a driver takes it; `row` makes one of the values of each row that comes back.

    For SQLite the text has `?` for the values; in its place there may be several texts, each with its values.
    For PostgreSQL it has `$1`, `$2` and so on.
    """

    sql: str
    values: Sequence[Any]
    row: Callable[[Sequence[Any]], Any] = tuple
    in_json: bool = False  # SQLite: the rows come as one, an array of arrays


class Command(Protocol):
    """What is asked of the database."""

    def written(self, dialect: Dialect) -> Written: ...


class Said(NamedTuple):
    """A command that says the same every time, such as BEGIN."""

    sql: str

    def written(self, dialect: Dialect) -> Written:
        del dialect
        return Written(self.sql, ())


class Later(NamedTuple):
    """A command whose answer nobody waits for."""

    command: Command

    def written(self, dialect: Dialect) -> Written:
        return self.command.written(dialect)


Rows = list[Any]  # as wide as the command says, most of them with names
Steps = Generator[Sequence[Command], list[Rows], T]


def run(session: Session, steps: Steps[T]) -> T:
    """Take the steps, in the session's transaction; their result."""
    connection = session.connection()
    try:
        commands = next(steps)
        while True:
            commands = steps.send(_taken(connection, commands))
    except StopIteration as done:
        result: T = done.value
        return result


def beside(*several: Steps[Any]) -> Steps[list[Any]]:
    """Steps that take all of these at once; their results in their order."""
    results: list[Any] = [None] * len(several)
    # Those that have not come to their end, with the commands that they wait for.
    waiting: list[tuple[int, Steps[Any], Sequence[Command]]] = []
    for place, steps in enumerate(several):
        try:
            waiting.append((place, steps, next(steps)))
        except StopIteration as done:
            results[place] = done.value
    while waiting:
        answered = iter((yield [command for *_, commands in waiting for command in commands]))
        going_on = []
        for place, steps, commands in waiting:
            try:
                going_on.append((place, steps, steps.send([next(answered) for _ in commands])))
            except StopIteration as done:
                results[place] = done.value
        waiting = going_on
    return results


def telling(commands: Sequence[Command]) -> Steps[None]:
    """Steps that ask these, if any, and nobody waits for an answer."""
    if commands:
        yield later(commands)


def later(commands: Sequence[Command]) -> Sequence[Command]:
    """The same, and nobody waits for their answers."""
    return [Later(command) for command in commands]


def put_off(connection: Connection, commands: Sequence[Command]) -> None:
    """Have these done in this transaction, before anything else is asked in it."""
    if connection.dialect.name == "sqlite":
        answers(connection, commands)
    else:
        connection.info.setdefault(_PUT_OFF, []).extend(commands)


def _taken(connection: Connection, commands: Sequence[Command]) -> list[Rows]:
    if not all(isinstance(command, Later) for command in commands):
        return answers(connection, commands)
    put_off(connection, commands)
    return [[] for _ in commands]


def answers(connection: Connection, commands: Sequence[Command]) -> list[Rows]:
    """What each of them answers, asked in this order and in one round trip."""
    if not commands:
        return []
    if connection.dialect.name == "sqlite":
        written = [command.written(connection.dialect) for command in commands]
        with _raising_as_usual(connection):
            return _in_turn(connection, written)
    from tracking.wire import exchange

    waiting: list[Command] = connection.info.pop(_PUT_OFF, [])
    written = [command.written(connection.dialect) for command in (*waiting, *commands)]
    driver: Any = connection.connection.dbapi_connection
    with _raising_as_usual(connection):
        return exchange(driver, written)[len(waiting) :]


@event.listens_for(Engine, "commit")
def _with_the_commit(connection: Connection) -> None:
    """The driver then finds that nothing is left to be committed."""
    if _PUT_OFF in connection.info:
        answers(connection, [Said("COMMIT")])


@event.listens_for(Engine, "before_cursor_execute")
def _before_others(connection: Connection, *_: Any) -> None:
    """Whoever asks past these steps finds what was put off done."""
    waiting = connection.info.pop(_PUT_OFF, None)
    if waiting:
        answers(connection, waiting)


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    if not connection.invalidated:
        connection.info.pop(_PUT_OFF, None)


def _in_turn(connection: Connection, written: Sequence[Written]) -> list[Rows]:
    """SQLite is in this process: there is no way to save."""
    cursor = connection.connection.cursor()
    found = []
    for sql, values, row, in_json in written:
        for text, given in [(sql, values)] if sql else values:
            cursor.execute(text, given)
        rows = cursor.fetchall()
        found.append([row(one) for one in (orjson.loads(rows[0][0]) if in_json else rows)])
    cursor.close()
    return found


@contextmanager
def _raising_as_usual(connection: Connection) -> Iterator[None]:
    dialect = connection.dialect
    errors = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        raised = DBAPIError.instance(
            None, None, error, errors, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        )
        if lost:
            connection.invalidate(error)
        raise raised from error
