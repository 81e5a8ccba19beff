"""The commands about people, and those about their accounts (which lie below people)."""

import sys
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Any

import click

from lms.accounts.models import Role
from lms.accounts.services import add_account, grant
from lms.core.audit import Act, log
from lms.core.clock import today
from lms.core.commands import DATE, Answer, json_option, runtime
from lms.core.i18n import using
from lms.people.identity_commands import COMMANDS as IDENTITY_COMMANDS
from lms.people.importing import Importer, Report, write_bad_rows
from lms.people.queries import person_of_code
from lms.people.reading import Roster, open_roster
from lms.people.services import move_person
from lms.units.queries import unit_of_code


@click.group()
def people() -> None:
    """The roster: who is counted, where, since when."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and change nothing.")
@json_option
def import_(file: Path, *, dry_run: bool, answer: Answer) -> None:
    """Create, change and move people from an xlsx or csv file.

    Good rows go in. Refused rows are written to a file beside FILE, to mend and import again; the command
    then ends with 1.
    """
    with using("en"):
        roster = open_roster(file)
        report = _check(roster) if dry_run else _import(roster)
        bad_rows = None if dry_run or not report.bad else _write_bad_rows(file, roster, report)
        answer(_document(report, bad_rows), _words(report, bad_rows))
    if report.bad:
        click.echo(f"lms: {len(report.bad)} rows were refused", err=True)
        click.get_current_context().exit(1)


@people.command()
@click.argument("code")
@click.option("--unit", "unit_code", required=True, help="Code of the unit.")
@click.option("--since", type=DATE, help="First day in the new unit (default: today).")
@json_option
def move(code: str, unit_code: str, since: date | None, answer: Answer) -> None:
    """Count a person in another unit from a date on."""
    day = since or today()
    with runtime().database.transaction() as session:
        person = person_of_code(session, code)
        unit = unit_of_code(session, unit_code)
        moved = move_person(session, person, unit, since=day, actor=None)
    document = {"code": person.code, "unit": unit.code, "since": day, "moved": moved}
    answer(document, f"{person.code} is counted in {unit.code} from {day}" if moved else "nothing to change")


for _command in IDENTITY_COMMANDS:
    people.add_command(_command)


@click.group()
def accounts() -> None:
    """Accounts: who can sign in."""


@accounts.command("add")
@click.argument("username")
@click.option("--person", "code", required=True, help="Code of the person who will sign in.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="A role to give.")
@click.option("--unit", "unit_code", help="Code of the unit on which the role is given.")
@json_option
def add(username: str, code: str, role: str | None, unit_code: str | None, answer: Answer) -> None:
    """Make an account for a person. The password is read from standard input."""
    if bool(role) != bool(unit_code):
        raise click.UsageError("--role and --unit belong together: a role is given on a unit")
    password = _password()
    with runtime().database.transaction() as session:
        person = person_of_code(session, code)
        account = add_account(
            session, username=username, password=password, name=person.name, person=person.id
        )
        if role and unit_code:
            grant(session, account, Role(role), unit_of_code(session, unit_code), actor=None)
    answer(
        {"username": account.username, "person": person.code, "role": role, "unit": unit_code},
        f"{account.username} can sign in",
    )


def _password() -> str:
    if sys.stdin.isatty():
        return getpass("Password: ")
    return sys.stdin.readline().rstrip("\r\n")


def _importer(roster: Roster) -> Importer:
    return Importer(roster, lambda _unit: True, runtime().settings.public_url, today())


def _check(roster: Roster) -> Report:
    importer = _importer(roster)
    for batch in importer.batches():
        with runtime().database.snapshot() as session:
            importer.check(session, batch)
    return importer.report


def _import(roster: Roster) -> Report:
    importer = _importer(roster)
    for batch in importer.batches():
        with runtime().database.transaction() as session:
            importer.take(session, batch)
    report = importer.report
    with runtime().database.transaction() as session:
        log(session, Act.PEOPLE_IMPORTED, actor=None, subject=None, **_counts(report))
    return report


def _write_bad_rows(file: Path, roster: Roster, report: Report) -> Path:
    target = file.with_name(f"{file.stem}-errors.{roster.family.value}")
    try:
        write_bad_rows(target, roster, report.bad)
    except OSError:  # where FILE lies nobody may write
        target = runtime().settings.data / target.name
        write_bad_rows(target, roster, report.bad)
    return target


def _counts(report: Report) -> dict[str, int]:
    return {
        "created": report.created,
        "changed": report.changed,
        "moved": report.moved,
        "unchanged": report.unchanged,
    }


def _document(report: Report, bad_rows: Path | None) -> dict[str, Any]:
    errors = [{"row": fault.row, "column": fault.column, "reason": fault.reason} for fault in report.faults]
    notes = [{"row": note.row, "column": note.column, "reason": note.reason} for note in report.notes]
    file = str(bad_rows) if bad_rows else None
    return {**_counts(report), "errors": errors, "errors_file": file, "notes": notes}


def _words(report: Report, bad_rows: Path | None) -> str:
    lines = [", ".join(f"{number} {what}" for what, number in _counts(report).items())]
    lines += [f"row {each.row}, {each.column}: {each.reason}" for each in (*report.notes, *report.faults)]
    if bad_rows:
        lines.append(f"The refused rows are in {bad_rows}: mend them there and import that file.")
    return "\n".join(lines)
