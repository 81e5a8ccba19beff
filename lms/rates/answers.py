"""The answers as other programs get them: by command and by `/api/v1/`, both from these structs."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

LEAST, MOST = 0.1, 99.9


class Child(Struct, frozen=True):
    """The rate of a unit directly below the one that was asked about."""

    code: str
    name: str
    kind: str
    completed: int
    members: int
    percent: float | None


class RateAnswer(Struct, frozen=True):
    """A rate with all it rests on. `percent` is none where nobody is counted.

    `course` is its slug, `unit` its code; `audience` is none where all are counted; `children` has the units
    directly below when asked for by unit.
    """

    course: str
    unit: str
    audience: str | None
    as_of: date
    known_on: date | None
    completed: int
    members: int
    percent: float | None
    definition: str
    children: list[Child]


class Explained(Struct, frozen=True):
    """A member; `completed_at` and `statement` are none for one who has not completed."""

    code: str | None
    name: str | None
    unit: str
    completed_at: datetime | None
    statement: UUID | None


class Explanation(Struct, frozen=True):
    """Every member behind a rate. `next` is the `offset` of those that follow, none after the last."""

    course: str
    unit: str
    audience: str | None
    as_of: date
    known_on: date | None
    completed: int
    members: int
    percent: float | None
    definition: str
    people: list[Explained]
    next: int | None = None


class UnitAnswer(Struct, frozen=True):
    """A unit that the asker may see."""

    code: str
    name: str
    kind: str
    parent: str | None


class CourseAnswer(Struct, frozen=True):
    """A course on offer, as in `lms courses list`."""

    slug: str
    iri: str
    title: str
    standard: str
    topic: int | None
    audience: str | None
    minutes: int | None
    lessons: int


class Problem(Struct, frozen=True):
    """What is wrong and what to do, in a sentence; `parameter` names the one that is wrong."""

    error: str
    parameter: str | None = None


def percent_of(completed: int, members: int) -> float | None:
    """To one decimal: 100.0 only when all have completed, 0.0 only when nobody has, none of nobody."""
    if not members:
        return None
    if completed in (0, members):
        return 100.0 * completed / members
    # Half up, as people round: 12.25 is 12.3.
    tenths = (completed * 2000 + members) // (members * 2)
    return min(MOST, max(LEAST, tenths / 10))
