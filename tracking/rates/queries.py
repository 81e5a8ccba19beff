"""Completed / members for groups of units, as of any day, and as known on any earlier day."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from tracking.rates import known
from tracking.rates.counters import settle
from tracking.rates.models import CompletedChange, CompletedTotal, MemberChange, MemberTotal
from tracking.record.models import Activity
from tracking.tables import Query

Group = TypeVar("Group", bound=Hashable)

# Up to here the database picks the units; beyond, reading all counters of an activity is quicker.
_FEW_UNITS = 400


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `members` on a day, those who had `completed` by that day; never more than there are members."""

    completed: int
    members: int

    @property
    def percent(self) -> float | None:
        """0 to 100, not rounded; None where there is nobody to count."""
        return 100 * self.completed / self.members if self.members else None


def rates(
    session: Session,
    *,
    activity: str,
    units: Mapping[Group, Collection[int]],
    audience: str | None = None,
    as_of: date,
    known_on: date | None = None,
) -> dict[Group, Rate]:
    """The rate of each group of units, all from one reading of the database.

    `units` gives for each group that is shown the units in it (its own and all below). `audience` None counts
    both. Without `known_on` the answer is by what is known now, from the counters; with it, by what was known
    at the end of that local day, from the dated rows. An activity nobody has heard of has 0 completed.
    """
    wanted = {unit for members in units.values() for unit in members}
    if known_on is None:
        settle(session)
        rows = session.execute(_counted(activity, audience, as_of, wanted))
    else:
        rows = session.execute(known.counted(activity, audience, as_of, known_on))
    completed: dict[int, int] = {}
    members: dict[int, int] = {}
    for kind, unit, number in rows:
        found = completed if kind == "completed" else members
        found[unit] = found.get(unit, 0) + int(number)
    return {group: _rolled_up(completed, members, inside) for group, inside in units.items()}


def _rolled_up(completed: Mapping[int, int], members: Mapping[int, int], inside: Collection[int]) -> Rate:
    """Over the units of a group, each once; most units of a large city have counters of their own."""
    own = inside if isinstance(inside, set | frozenset) else set(inside)
    return Rate(
        sum([completed[unit] for unit in own if unit in completed]),
        sum([members[unit] for unit in own if unit in members]),
    )


def _counted(activity: str, audience: str | None, as_of: date, units: Collection[int]) -> Any:
    """Rows (kind, unit, number): the totals, and what has to be taken off for the changes after `as_of`."""
    number = select(Activity.id).where(Activity.iri == activity).scalar_subquery()
    parts = (
        _part("completed", CompletedTotal, CompletedTotal.completed),
        _part("completed", CompletedChange, -CompletedChange.delta).where(CompletedChange.day > as_of),
        _part("members", MemberTotal, MemberTotal.members),
        _part("members", MemberChange, -MemberChange.delta).where(MemberChange.day > as_of),
    )
    models: tuple[Any, ...] = (CompletedTotal, CompletedChange, MemberTotal, MemberChange)
    narrowed = []
    for model, part in zip(models, parts, strict=True):
        query = part
        if hasattr(model, "activity_id"):
            query = query.where(model.activity_id == number)
        if audience is not None:
            query = query.where(model.audience == audience)
        if len(units) <= _FEW_UNITS:
            query = query.where(model.unit.in_(units))
        narrowed.append(query)
    return union_all(*narrowed)


def _part(kind: str, model: Any, number: Any) -> Query:
    return select(literal(kind), model.unit, func.sum(number)).group_by(model.unit)
