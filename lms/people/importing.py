"""Carrying a roster into the database, some hundred rows at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from lms.accounts.models import Account
from lms.core.clock import utc_now
from lms.core.i18n import using
from lms.core.names import fold, person_order_key
from lms.core.sheets.cells import Cell
from lms.core.sheets.writing import write
from lms.people.claims import change_claims, claims_of, mail_claims
from lms.people.columns import ERROR_HEADINGS
from lms.people.keys import email_key, name_key
from lms.people.models import Person
from lms.people.planning import Plan, Planner, Reaches
from lms.people.reading import BadRow, Entry, Fault, Roster
from tracking.rates.services import place_many

BATCH = 1000  # rows in one transaction
# Two imports at once could create one code twice; any number that nothing else locks by.
_LOCK = 0x70656F70  # "peop"


@dataclass
class Report:
    """What became of the rows of a roster; each is counted once, the bad ones are listed.

    `notes` are about rows that are good, and not what their sender may think.
    """

    created: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    @property
    def faults(self) -> list[Fault]:
        return [fault for row in self.bad for fault in row.faults]

    @property
    def rows(self) -> int:
        return self.created + self.changed + self.moved + self.unchanged + len(self.bad)

    def add(self, plan: Plan) -> None:
        self.created += plan.created
        self.changed += plan.changed
        self.moved += plan.moved
        self.unchanged += plan.unchanged
        self.bad.extend(plan.bad)
        self.notes.extend(plan.notes)


@dataclass
class Importer:
    """Imports one roster. `session` of a batch is the caller's transaction; a batch stands for itself."""

    roster: Roster
    reaches: Reaches
    home_page: str
    day: date
    report: Report = field(default_factory=Report)
    _planner: Planner | None = None

    def batches(self) -> Iterator[list[Entry | BadRow]]:
        rows = self.roster.rows()
        while batch := list(islice(rows, BATCH)):
            yield batch

    def check(self, session: Session, batch: list[Entry | BadRow]) -> None:
        """Count what the rows would change, and change nothing."""
        self.report.add(self._plan(session, batch))

    def take(self, session: Session, batch: list[Entry | BadRow]) -> None:
        """Let the good rows in."""
        if session.get_bind().dialect.name != "sqlite":
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        plan = self._plan(session, batch)
        _create(session, plan, self.home_page)
        change_people(session, plan.changes, self.home_page)
        place_many(session, plan.placements)
        self.report.add(plan)

    def _plan(self, session: Session, batch: list[Entry | BadRow]) -> Plan:
        if self._planner is None:
            self._planner = Planner(session, self.roster, self.reaches, self.day)
        return self._planner.plan(session, batch)


def write_bad_rows(target: Path, roster: Roster, bad: list[BadRow]) -> None:
    """The bad rows under their own headings, each with what is wrong with it, to mend and send again."""
    titles, locale = roster.heading.titles, roster.heading.locale
    kept = [place for place, title in enumerate(titles) if title not in ERROR_HEADINGS.values()]
    with using(locale):
        write(
            target,
            roster.family,
            [*(titles[place] for place in kept), ERROR_HEADINGS[locale]],
            ([*_cells(row, kept), _told(row)] for row in bad),
            delimiter=roster.delimiter,
        )


def change_people(session: Session, changes: list[tuple[Person, dict[str, Any]]], home_page: str) -> None:
    """Set columns of people, and what follows from them: keys, claims, the name on the account."""
    if not changes:
        return
    now = utc_now()
    rows = [
        {
            "id": person.id,
            **values,
            **_keys(values.get("name", person.name), person.code),
            **_mailbox(values),
            "updated": now,
        }
        for person, values in changes
    ]
    mailed = [(person.id, person.email, values["email"]) for person, values in changes if "email" in values]
    named = [(person.id, values["name"]) for person, values in changes if "name" in values]
    for columns in {frozenset(row) for row in rows}:
        session.execute(update(Person), [row for row in rows if row.keys() == columns])
    _rename_accounts(session, named)
    change_claims(
        session,
        gone=mail_claims((person, old) for person, old, _ in mailed),
        new=mail_claims((person, new) for person, _, new in mailed),
        home_page=home_page,
    )


def _create(session: Session, plan: Plan, home_page: str) -> None:
    if not plan.new:
        return
    now = utc_now()
    rows = [
        {**row, **_keys(row["name"], row["code"]), **_mailbox(row), "created": now, "updated": now}
        for row in plan.new
    ]
    session.execute(insert(Person), rows)
    claims = [claim for row in rows for claim in claims_of(row["id"], row["code"], row["email"])]
    change_claims(session, gone=(), new=claims, home_page=home_page)


def _keys(name: str, code: str) -> dict[str, str]:
    return {
        "order_key": person_order_key(name),
        "search_key": f"{fold(name)} {fold(code)}",
        "name_key": name_key(name),
    }


def _mailbox(values: dict[str, Any]) -> dict[str, Any]:
    """What follows from an address that is set."""
    return {"email_key": values["email"] and email_key(values["email"])} if "email" in values else {}


def _rename_accounts(session: Session, named: list[tuple[UUID, str]]) -> None:
    for person, name in named:
        session.execute(update(Account).where(Account.person == person).values(name=name))


def _cells(row: BadRow, kept: list[int]) -> list[Cell]:
    return [row.cells[place] if place < len(row.cells) else None for place in kept]


def _told(row: BadRow) -> str:
    return "; ".join(f"{fault.column}: {fault.reason}" for fault in row.faults)
