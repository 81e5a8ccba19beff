"""The long work of this room: looking at a roster, and importing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from lms.accounts import policy
from lms.accounts.models import Account
from lms.accounts.policy import Permission
from lms.core.audit import Act, log
from lms.core.clock import today
from lms.core.jobs.services import Work, handles
from lms.core.sheets.cells import text_of
from lms.people.importing import Importer, write_bad_rows
from lms.people.reading import Roster, open_roster
from lms.people.uploads import Findings, Told, Upload, upload_of
from lms.units.models import Unit

SHOWN_FAULTS = 500
SHOWN_ROWS = 8


@handles("people.check")
def check(work: Work) -> dict[str, Any]:
    """Count what a roster would change; the answer names the page that shows it."""
    with _importing(work) as (upload, importer):
        total, done = importer.roster.count(), 0
        for batch in importer.batches():
            with work.runtime.database.snapshot() as session:
                importer.check(session, batch)
            done += len(batch)
            with work.step(done, total):
                pass
        _write(upload, importer)
        upload.keep("check", findings(importer, first=_first_rows(importer.roster)))
    return {"url": f"/people/imports/{upload.token}"}


@handles("people.import")
def import_(work: Work) -> dict[str, Any]:
    """Let the good rows of a roster in. Run again after a crash, it finds those of before unchanged."""
    with _importing(work) as (upload, importer):
        total, done = importer.roster.count(), 0
        for batch in importer.batches():
            done += len(batch)
            with work.step(done, total) as session:
                importer.take(session, batch)
        report = importer.report
        with work.step(done, total) as session:
            counts = {"created": report.created, "changed": report.changed, "moved": report.moved}
            log(session, Act.PEOPLE_IMPORTED, actor=work.owner, subject=None, **counts)
        _write(upload, importer)
        upload.keep("import", findings(importer))
    return {"url": f"/people/imports/{upload.token}"}


def findings(importer: Importer, first: list[list[str]] | None = None) -> Findings:
    """The report of an importer as it is kept."""
    report, heading = importer.report, importer.roster.heading
    faults, notes = (
        [Told(found.row, found.column, found.message, found.params) for found in all_of[:SHOWN_FAULTS]]
        for all_of in (report.faults, report.notes)
    )
    return Findings(
        created=report.created,
        changed=report.changed,
        moved=report.moved,
        unchanged=report.unchanged,
        bad=len(report.bad),
        faults=faults,
        notes=notes,
        titles=heading.titles,
        first=first or [],
        ignored=heading.ignored,
    )


@contextmanager
def _importing(work: Work) -> Iterator[tuple[Upload, Importer]]:
    runtime = work.runtime
    upload = upload_of(runtime.settings, work.arguments["upload"], kind="people", owner=int(work.owner or 0))
    with runtime.database.snapshot() as session:
        account = session.get_one(Account, upload.about.owner)

    def reaches(unit: Unit) -> bool:
        return policy.allows(account, Permission.MANAGE_PEOPLE, unit)

    yield upload, Importer(open_roster(upload.file), reaches, runtime.settings.public_url, today())


def _write(upload: Upload, importer: Importer) -> None:
    target = upload.bad_rows(importer.roster.family.value)
    if importer.report.bad:
        write_bad_rows(target, importer.roster, importer.report.bad)
    else:
        target.unlink(missing_ok=True)


def _first_rows(roster: Roster) -> list[list[str]]:
    width = len(roster.heading.titles)
    return [[text_of(cell) for cell in row.cells[:width]] for row in islice(roster.rows(), SHOWN_ROWS)]
