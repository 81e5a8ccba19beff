"""Writing the statements that fit a filter: as JSON Lines, exactly as they are kept, or as a table.

Oldest first, so that a voiding statement stands after what it voids and a file can be sent to another store.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from lms.core.clock import local
from lms.core.database import Database
from lms.core.i18n import gettext as _
from lms.core.i18n import number
from lms.core.sheets.cells import Cell
from lms.core.sheets.reading import Family
from lms.core.sheets.writing import XLSX, write
from lms.explorer import queries
from lms.explorer.queries import Kept, Wanted
from lms.explorer.telling import Teller, Told

JSONL = "application/jsonl; charset=utf-8"
MIMETYPES = {"jsonl": JSONL, "xlsx": XLSX}

BATCH = 1000
MOST_ROWS = 1_048_576 - 2  # what a sheet can hold, less the heading and the sentence at the end

Count = Callable[[int], None]


def write_extract(
    kind: str, target: Path, database: Database, wanted: Wanted, *, home_page: str, count: Count
) -> int:
    """Write the file; `count` is told now and then how many statements are in it. Returns how many are."""
    batches = _batches(database, wanted)
    if kind == "jsonl":
        return write_jsonl(target, batches, count)
    return _write_xlsx(target, batches, database, home_page=home_page, count=count)


def write_jsonl(target: Path, batches: Iterator[list[Kept]], count: Count) -> int:
    """A line for each statement: the bytes that are kept, which hold no line break."""
    written = 0
    with target.open("wb") as file:
        for rows in batches:
            file.writelines(_line(row.statement.raw) for row in rows)
            written += len(rows)
            count(written)
    return written


def _write_xlsx(
    target: Path, batches: Iterator[list[Kept]], database: Database, *, home_page: str, count: Count
) -> int:
    written = 0

    def cells() -> Iterator[list[Cell]]:
        nonlocal written
        for rows in batches:
            with database.snapshot() as session:
                told = Teller(session, home_page=home_page).tell(rows)
            for each in told:
                if written == MOST_ROWS:
                    yield [
                        _(
                            "A sheet can hold no more than these %(n)s statements, the oldest. Narrow the "
                            "search, or take JSON Lines.",
                            n=number(MOST_ROWS),
                        )
                    ]
                    return
                yield _cells(each)
                written += 1
            count(written)

    write(target, Family.WORKBOOK, _heading(), cells())
    return written


def _batches(database: Database, wanted: Wanted) -> Iterator[list[Kept]]:
    """Each batch in a transaction of its own: an hour's reading must hold up nobody."""
    after = -1
    while True:
        with database.snapshot() as session:
            seqs = queries.numbers(session, wanted, after=after, size=BATCH)
            rows = list(queries.rows_of(session, seqs))
        if not seqs:
            return
        yield rows
        after = seqs[-1]


def _line(raw: bytes) -> bytes:
    """A line break in JSON stands between its words only, where a space says the same."""
    return bytes(raw).replace(b"\n", b" ") + b"\n"


def _heading() -> list[str]:
    return [
        _("When"), _("Recorded"), _("Code"), _("Person"), _("Actor"), _("Did what"), _("Verb (IRI)"),
        _("In what"), _("Object (IRI)"), _("Score"), _("Completed (result)"), _("Passed (result)"),
        _("Time taken (ISO 8601)"), _("Registration"), _("Told by"), _("Taken back at"),
        _("Number of the statement"),
    ]  # fmt: skip


def _cells(told: Told) -> list[Cell]:
    said = told.said
    result, about = said.get("result", {}), said["object"]
    return [
        local(told.happened).replace(tzinfo=None),
        local(told.stored).replace(tzinfo=None),
        told.person.code if told.person else "",
        told.person.name if told.person else "",
        told.actor,
        told.did,
        said["verb"]["id"],
        told.what,
        about.get("id", ""),
        told.how or "",
        _yes_or_no(result.get("completion")),
        _yes_or_no(result.get("success")),
        result.get("duration", ""),
        said.get("context", {}).get("registration", ""),
        told.source,
        local(told.voided).replace(tzinfo=None) if told.voided else "",
        str(told.id),
    ]


def _yes_or_no(value: bool | None) -> str:  # noqa: FBT001  (what a statement says)
    return "" if value is None else _("Yes") if value else _("No")
