"""What the author of a lesson is told when the file cannot be understood."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from courses.errors import Refused


class BrokenLesson(Refused):
    """A lesson that cannot be read; `params` are `file`, `line` (from 1) and `problem` (in English)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a lesson's file, to be named when something is wrong there."""

    file: Path
    line: int

    def at(self, line: int) -> "Place":
        return Place(self.file, line)

    def refuse(self, problem: str, **params: Any) -> NoReturn:
        raise BrokenLesson(
            "%(file)s, line %(line)s: %(problem)s",
            file=str(self.file),
            line=self.line,
            problem=problem % params if params else problem,
        )
