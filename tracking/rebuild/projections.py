"""Evidence, completions and counters: what each table should hold, as a SELECT, and what it holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, except_, func, insert, select
from sqlalchemy.orm import Session

from tracking.completions.evidence import evidence
from tracking.rates.models import CompletedChange, CompletedTotal, MemberChange, MemberTotal
from tracking.rebuild.steps import completed_steps, completions, member_steps
from tracking.record.completions import Completion, Evidence
from tracking.tables import Base, Query, table_of


@dataclass(frozen=True, slots=True)
class Layer:
    """A table and the SELECT of what should be in it, with columns of the same names.

    `counted` names the column that holds a number: a row with 0 then says the same as no row.
    """

    model: type[Base]
    wanted: Callable[[], Query]
    counted: str | None = None

    @property
    def name(self) -> str:
        return table_of(self.model).name


def _summed(steps: Callable[[], Query], number: str, *keys: str) -> Callable[[], Query]:
    def wanted() -> Query:
        each = steps().subquery()
        columns = [each.c[key] for key in keys]
        total = func.sum(each.c.delta)
        return select(*columns, total.label(number)).group_by(*columns).having(total != 0)

    return wanted


LAYERS = (
    Layer(Evidence, evidence),
    Layer(Completion, completions),
    Layer(MemberChange, _summed(member_steps, "delta", "audience", "day", "unit"), "delta"),
    Layer(MemberTotal, _summed(member_steps, "members", "audience", "unit"), "members"),
    Layer(
        CompletedChange, _summed(completed_steps, "delta", "activity_id", "audience", "day", "unit"), "delta"
    ),
    Layer(
        CompletedTotal, _summed(completed_steps, "completed", "activity_id", "audience", "unit"), "completed"
    ),
)


def draw(session: Session, layer: Layer, *, check: bool) -> int:
    """How many rows are missing or wrong, or too many; without `check`, the table is written anew then."""
    wanted = layer.wanted()
    names = [column.name for column in wanted.selected_columns]
    differences = _differences(session, layer, wanted, names)
    if differences and not check:
        table = table_of(layer.model)
        connection = session.connection()
        connection.execute(delete(table))
        connection.execute(insert(table).from_select(names, wanted))
    return differences


def _differences(session: Session, layer: Layer, wanted: Query, names: list[str]) -> int:
    """Keys of which one side has a row that the other has not, or another one."""
    columns = table_of(layer.model).c
    held: Query = select(*(columns[name] for name in names))
    if layer.counted:
        held = held.where(columns[layer.counted] != 0)
    should = select(wanted.subquery())
    either = except_(should, held).subquery(), except_(held, should).subquery()
    keys = [column.name for column in table_of(layer.model).primary_key]
    missing, surplus = (select(*(side.c[key] for key in keys)) for side in either)
    wrong = missing.union(surplus).subquery()
    found: Any = session.scalar(select(func.count()).select_from(wrong))
    return int(found)
