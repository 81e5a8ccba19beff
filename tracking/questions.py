"""Questions: SELECTs that are compiled once, and asked in round trips (`tracking.rounds`)."""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Dialect, LargeBinary
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.rounds import Command, Rows, Steps, Written, answers
from tracking.values import Convert, into, out_of

MakeRow = Callable[[Sequence[Any]], Any]

_MARK = re.compile(r"%\((\w+)\)[sb]|%%")  # of psycopg


class Question:
    """A SELECT for any database. Called with the values of its parameters it is a command.

    Its rows are named tuples.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, **values: Any) -> Command:
        return _Asked(self, values)

    def ask(self, session: Session, **values: Any) -> Rows:
        """Its rows, asked alone."""
        return answers(session.connection(), [self(**values)])[0]

    def compiled(self, dialect: Dialect) -> "_Compiled":
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._statement, dialect)
        return found


def asked(question: Question, wanted: Sequence[Any]) -> Steps[Rows]:
    """The rows for a list (`wanted`) of any length, which may be empty."""
    if not wanted:
        return []
    answered = yield [question(wanted=part) for part in batches(wanted)]
    return [row for rows in answered for row in rows]


class Several(dict[str, Any]):
    """One value that a driver is given as several: their names follow its own name and `_`."""


def _maker_of(names: Sequence[str]) -> MakeRow:
    given: Any = namedtuple  # noqa: PYI024  (the names are not known before)
    made: MakeRow = given("Row", names, rename=True)._make
    return made


def row_of(names: Sequence[str], converts: Sequence[Convert] = ()) -> MakeRow:
    """What makes a named tuple of the values of columns; `converts`: what is done to each before."""
    make = _maker_of(names)
    changed = [(place, convert) for place, convert in enumerate(converts) if convert]
    if not changed:
        return make

    def converted(values: Sequence[Any]) -> Any:
        found = list(values)
        for place, convert in changed:
            found[place] = convert(found[place])
        return make(found)

    return converted


@dataclass(frozen=True, slots=True)
class _Asked:
    question: Question
    values: Mapping[str, Any]

    def written(self, dialect: Dialect) -> Written:
        return self.question.compiled(dialect).written(self.values)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`names` are those of the parameters in the order in which the driver wants their values."""

    sql: str
    names: Sequence[str]
    fixed: Mapping[str, Any]
    converts: Mapping[str, Convert]
    row: MakeRow
    in_json: bool

    def written(self, values: Mapping[str, Any]) -> Written:
        given = {**self.fixed, **values}
        for name, convert in self.converts.items():
            if convert:
                value = given[name] = convert(given[name])
                if isinstance(value, Several):
                    given |= {f"{name}_{part}": one for part, one in value.items()}
        return Written(self.sql, [given[name] for name in self.names], self.row, self.in_json)


def _compile(statement: ClauseElement, dialect: Dialect) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect)
    columns = [(entry.keyname, entry.type) for entry in compiled._result_columns]  # noqa: SLF001
    sql, names = (str(compiled), compiled.positiontup) if compiled.positional else _numbered(str(compiled))
    in_json = dialect.name == "sqlite" and not any(isinstance(kind, LargeBinary) for _, kind in columns)
    return _Compiled(
        _as_one(sql, len(columns)) if in_json else sql,
        names,
        compiled.params,
        {name: into(bind.type, dialect) for name, bind in compiled.binds.items()},
        row_of([name for name, _ in columns], [out_of(kind, dialect) for _, kind in columns]),
        in_json,
    )


def _as_one(sql: str, width: int) -> str:
    """All rows of a SELECT as one, in their order.

    SQLite's driver lets other threads work at each row, and then waits for its turn: in a busy process that
    takes a hundred times as long as the reading. Without a limit SQLite may leave out the order.
    """
    names = ", ".join(f"c{number}" for number in range(width))
    return f"WITH found({names}) AS ({sql} LIMIT -1) SELECT json_group_array(json_array({names})) FROM found"  # noqa: S608


def _numbered(sql: str) -> tuple[str, list[str]]:
    """A text with psycopg's marks as PostgreSQL reads it, and the names in the order of their numbers."""
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _MARK.sub(mark, sql), names
