"""The tables of the pages: by unit with ranks, by course, over time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.catalogue.queries import courses
from lms.core.names import fold
from lms.enrolment.queries import assignments_for
from lms.rates.answers import percent_of
from lms.rates.queries import rates_of
from lms.rates.questions import Question
from lms.units.models import Unit
from lms.units.queries import children, grouped_by_child, subtree_ids
from tracking.rates.queries import Rate
from tracking.rates.series import over_time

WEEKS = 12


@dataclass(frozen=True)
class Figure:
    """A rate as it is shown: `percent` to one decimal, none where nobody is counted."""

    completed: int
    members: int

    @property
    def percent(self) -> float | None:
        return percent_of(self.completed, self.members)

    @property
    def missing(self) -> int:
        return self.members - self.completed

    @property
    def share(self) -> float:
        """0 to 1, exactly; -1 where nobody is counted, so that those stand last."""
        return self.completed / self.members if self.members else -1.0


@dataclass(frozen=True)
class UnitRow:
    """A unit's figure; `rank` from 1, equal shares share it, none where nobody is counted."""

    unit: Unit
    figure: Figure
    rank: int | None = None
    itself: bool = False  # those who are counted in the unit asked about, and in none below it


@dataclass(frozen=True)
class CourseRow:
    """A course's figure, and the day by which it must be completed, where it must."""

    course: Course
    figure: Figure
    due: date | None


@dataclass(frozen=True)
class DayRow:
    """The figure as of a day."""

    day: date
    figure: Figure


SORTS = {
    "rank": lambda row: (-row.figure.share, -row.figure.members, row.unit.order_key),
    "name": lambda row: (row.unit.order_key,),
    "percent": lambda row: (row.figure.share, row.unit.order_key),
    "completed": lambda row: (row.figure.completed, row.unit.order_key),
    "members": lambda row: (row.figure.members, row.unit.order_key),
    "missing": lambda row: (row.figure.missing, row.unit.order_key),
}


def unit_rows(session: Session, asked: Question, kind: str | None = None) -> list[UnitRow]:
    """The units directly below, best first, with ranks among those of `kind`; and the unit itself."""
    below = [unit for unit in children(session, asked.unit) if kind in (None, unit.kind)]
    found = rates_of(session, asked, grouped_by_child(session, asked.unit))
    rows = ranked(UnitRow(unit, _figure(found[unit.id])) for unit in below)
    own = _figure(found[asked.unit.id])
    if own.members and below and kind is None:
        rows.append(UnitRow(asked.unit, own, itself=True))
    return rows


def ranked(rows: Iterable[UnitRow]) -> list[UnitRow]:
    """Best share first; 1, 2, 2, 4."""
    ordered = sorted(rows, key=SORTS["rank"])
    result: list[UnitRow] = []
    for place, row in enumerate(ordered, start=1):
        before = result[-1] if result else None
        same = before is not None and before.figure.share == row.figure.share
        rank = before.rank if before and same else place
        result.append(replace(row, rank=rank if row.figure.members else None))
    return result


def sorted_rows(rows: Iterable[UnitRow], sort: str, text: str = "") -> list[UnitRow]:
    """`sort` is a key of SORTS, `-` before it for the other way round; `text` stands in the name."""
    wanted = fold(text)
    kept = [row for row in rows if wanted in fold(row.unit.name) or text.strip() == row.unit.code]
    ordered = sorted(kept, key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    # Where nobody is counted there is nothing to compare.
    return sorted(ordered, key=lambda row: row.figure.members == 0)


def course_rows(session: Session, asked: Question) -> list[CourseRow]:
    """All courses on offer for the same unit, audience and day; the mandatory first, by their last day."""
    due: dict[int, date] = {}
    for each in assignments_for(session, asked.unit, asked.audience):
        due.setdefault(each.course_id, each.due)
    units = {0: subtree_ids(session, asked.unit)}
    rows = [
        CourseRow(
            course, _figure(rates_of(session, replace(asked, course=course), units)[0]), due.get(course.id)
        )
        for course in courses(session, published_only=True)
    ]
    return sorted(rows, key=lambda row: (row.due is None, row.due or date.max))


def week_rows(session: Session, asked: Question, weeks: int = WEEKS) -> list[DayRow]:
    """The figure week by week until the day asked about, the latest first; by what is known now."""
    points = over_time(
        session,
        activity=asked.course.iri,
        units=subtree_ids(session, asked.unit),
        audience=asked.audience,
        first=asked.as_of - timedelta(weeks=weeks),
        last=asked.as_of,
        step=7,
    )
    rows = [DayRow(point.day, _figure(point.rate)) for point in points]
    # Weeks before anybody had completed say nothing, but for the last of them.
    while len(rows) > 1 and rows[1].figure.completed == 0:
        rows.pop(0)
    return rows[::-1]


def _figure(rate: Rate) -> Figure:
    return Figure(rate.completed, rate.members)
