"""What a roster would change: compares its rows with what is known, and changes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.errors import Refused
from lms.people.columns import Column
from lms.people.models import Person
from lms.people.queries import people_of_codes, people_of_ids, timelines
from lms.people.reading import BadRow, Entry, Fault, Roster, fault_of
from lms.people.same import merged_codes
from lms.units.models import Unit
from tracking.errors import Refused as RefusedRecord
from tracking.rates.services import Placement
from tracking.rates.timeline import Timeline, placed

Reaches = Callable[[Unit], bool]


@dataclass
class Plan:
    """Rows are counted once each: a row that moves somebody and corrects their telephone is a move."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[Person, dict[str, Any]]] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    created: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0


class _Bad(Exception):
    """A row is refused because of what stands in one column."""

    def __init__(self, column: Column, refusal: Refused | RefusedRecord) -> None:
        super().__init__(column, refusal)
        self.column = column
        self.refusal = refusal


class Planner:
    """Plans the rows of one roster. `reaches` says whether the sender may change people of a unit."""

    def __init__(self, session: Session, roster: Roster, reaches: Reaches, day: date) -> None:
        self._roster = roster
        self._reaches = reaches
        self._day = day
        units = session.scalars(select(Unit)).all()
        self._by_code = {unit.code: unit for unit in units}
        self._by_id = {unit.id: unit for unit in units}
        self._reached: dict[int, bool] = {}
        self._merged = merged_codes(session)
        self._rivals = self._find_rivals() if self._merged else {}

    def plan(self, session: Session, rows: Sequence[Entry | BadRow]) -> Plan:
        plan = Plan()
        known = people_of_codes(session, (row.code for row in rows if isinstance(row, Entry)))
        records = {code: person.id for code, person in known.items()}
        known |= self._standing(session, known)
        stays = timelines(session, (person.id for person in known.values()))
        for row in rows:
            if isinstance(row, BadRow):
                plan.bad.append(row)
                continue
            person = known.get(row.code)
            try:
                if person is None:
                    self._create(plan, row)
                else:
                    self._note(plan, row, person)
                    self._change(plan, row, person, stays.get(person.id, ()), records[row.code])
            except _Bad as bad:
                plan.bad.append(self._roster.refuse(row, bad.column, bad.refusal))
        return plan

    def _create(self, plan: Plan, row: Entry) -> None:
        unit = self._unit(row)
        person = uuid4()
        contact = dict.fromkeys(("email", "phone", "position", "birth_year", "gender"))
        plan.new.append({"id": person, "code": row.code, "name": row.name, **contact, **row.contact})
        plan.placements.append(Placement(person, unit.id, row.audience, row.since or self._day))
        plan.created += 1

    def _find_rivals(self) -> dict[UUID, Entry]:
        """Of rows about one person under several codes, the one that holds: under the code that stands."""
        held: dict[UUID, Entry] = {}
        own = {stands.code: stands.person for stands in self._merged.values()}
        for row in self._roster.rows():
            if isinstance(row, Entry) and row.code in own:
                held[own[row.code]] = row
            elif isinstance(row, Entry) and row.code in self._merged:
                held.setdefault(self._merged[row.code].person, row)
        return held

    def _standing(self, session: Session, known: dict[str, Person]) -> dict[str, Person]:
        """Whom rows are about whose codes belong to records that were merged."""
        merged = {code: self._merged[code].person for code in known if code in self._merged}
        people = people_of_ids(session, merged.values())
        return {code: people[person] for code, person in merged.items()}

    def _note(self, plan: Plan, row: Entry, person: Person) -> None:
        """Say that a row is taken for the person whom its code was merged into; once in a file."""
        if row.code not in self._merged:
            return
        rival = self._rivals[person.id]
        if rival.row != row.row:
            raise _Bad(
                Column.CODE,
                Refused(
                    "The codes “%(code)s” and “%(other)s” are one person, who stands in row %(row)s already. "
                    "Delete this row.",
                    code=row.code,
                    other=rival.code,
                    row=rival.row,
                ),
            )
        told = Refused(
            "The code “%(code)s” was merged into “%(into)s”; this row was taken for that person.",
            code=row.code,
            into=person.code,
        )
        plan.notes.append(fault_of(row.row, self._roster.heading.title(Column.CODE), told))

    def _change(self, plan: Plan, row: Entry, person: Person, before: Timeline, named: UUID) -> None:
        unit = self._unit(row)
        self._demand_reach(before)
        after = self._placed(row, unit, before)
        said = {"name": row.name, **row.contact}
        changes = {name: value for name, value in said.items() if getattr(person, name) != value}
        if changes:
            plan.changes.append((person, changes))
        if after != before:  # of whom the row names, so that a merger can be undone
            plan.placements.append(Placement(named, unit.id, row.audience, row.since or self._day))
        if after != before and not _same_place(before, after):
            plan.moved += 1
        elif after != before or changes:
            plan.changed += 1
        else:
            plan.unchanged += 1

    def _unit(self, row: Entry) -> Unit:
        unit = self._by_code.get(row.unit_code)
        if unit is None:
            raise _Bad(
                Column.UNIT_CODE,
                Refused("There is no unit with the code “%(code)s”.", code=row.unit_code),
            )
        if not self._reach(unit):
            raise _Bad(
                Column.UNIT_CODE,
                Refused("Your roles do not reach the unit “%(unit)s”.", unit=unit.name),
            )
        return unit

    def _demand_reach(self, before: Timeline) -> None:
        if before and not self._reach(self._by_id[before[-1].unit]):
            raise _Bad(
                Column.CODE,
                Refused(
                    "The person with this code is counted in a unit that your roles do not reach. Ask the "
                    "city to move them."
                ),
            )

    def _placed(self, row: Entry, unit: Unit, before: Timeline) -> Timeline:
        if row.since is None and any(_holds(stay, unit, row.audience, self._day) for stay in before):
            return before
        try:
            return placed(before, unit.id, row.audience, row.since or self._day)
        except RefusedRecord as refusal:
            raise _Bad(Column.SINCE, refusal) from refusal

    def _reach(self, unit: Unit) -> bool:
        if unit.id not in self._reached:
            self._reached[unit.id] = self._reaches(unit)
        return self._reached[unit.id]


def _holds(stay: Any, unit: Unit, audience: str, day: date) -> bool:
    """Whether the stay is at this place, now or later."""
    return (stay.unit, stay.audience) == (unit.id, audience) and (stay.until is None or stay.until > day)


def _same_place(before: Timeline, after: Timeline) -> bool:
    """Whether only dates differ."""
    if not before:
        return False
    last, now = before[-1], after[-1]
    return (last.unit, last.audience, last.until) == (now.unit, now.audience, now.until)
