"""Importing the tree of units."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.errors import Refused
from lms.core.names import fold, normal, order_key
from lms.units.models import Kind, Unit

COLUMNS = ("code", "name", "kind", "parent_code")


@dataclass(frozen=True)
class Row:
    """A row of the units file; `line` is its number in the file."""

    line: int
    code: str
    name: str
    kind: str
    parent_code: str


@dataclass
class Imported:
    """How many units an import created, changed and found as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    codes: list[str] = field(default_factory=list, repr=False)


def read_units(data: bytes) -> list[Row]:
    """Read a units CSV (`code,name,kind,parent_code`; UTF-8). Raises Refused naming line and column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("The file is not UTF-8 text. Save it as “CSV UTF-8”, then send it again.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [normal(name or "").lower() for name in reader.fieldnames or []]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise Refused(
            "The first line must name the columns. Missing: %(columns)s.", columns=", ".join(missing)
        )
    reader.fieldnames = header
    return list(_rows(reader))


def import_units(session: Session, rows: Iterable[Row]) -> Imported:
    """Create and change units; nothing is ever deleted, and the same rows twice change nothing.

    The rows may stand in any order. Raises Refused, and changes nothing, for an unknown parent, a circle, a
    code that stands twice.
    """
    wanted = _once(rows)
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    report = Imported()
    for row in _parents_first(wanted, set(units)):
        _place(session, units, row, report)
    session.flush()
    _repath(units)
    session.flush()
    return report


def _rows(reader: "csv.DictReader[str]") -> Iterator[Row]:
    for raw in reader:
        values = {name: normal(raw.get(name) or "") for name in COLUMNS}
        if not any(values.values()):
            continue
        row = Row(reader.line_num, **values)
        for column in ("code", "name"):
            if not values[column]:
                raise Refused(
                    "Line %(line)s: the column “%(column)s” is empty.", line=row.line, column=column
                )
        if row.kind not in set(Kind):
            raise Refused(
                "Line %(line)s: the kind “%(kind)s” is not known. Use one of: %(kinds)s.",
                line=row.line,
                kind=row.kind,
                kinds=", ".join(Kind),
            )
        yield row


def _once(rows: Iterable[Row]) -> dict[str, Row]:
    wanted: dict[str, Row] = {}
    for row in rows:
        if row.code in wanted:
            raise Refused(
                "Line %(line)s: the code “%(code)s” stands in line %(first)s already.",
                line=row.line,
                code=row.code,
                first=wanted[row.code].line,
            )
        wanted[row.code] = row
    return wanted


def _parents_first(wanted: dict[str, Row], known: set[str]) -> Iterator[Row]:
    """The rows ordered so that each parent comes before its children."""
    done: set[str] = set()
    for start in wanted.values():
        chain: list[Row] = []
        row: Row | None = start
        while row is not None and row.code not in done:
            if row in chain:
                raise Refused(
                    "Line %(line)s: the unit “%(code)s” lies below itself.", line=row.line, code=row.code
                )
            chain.append(row)
            row = _parent(row, wanted, known)
        for link in reversed(chain):
            done.add(link.code)
            yield link


def _parent(row: Row, wanted: dict[str, Row], known: set[str]) -> Row | None:
    if not row.parent_code or row.parent_code in wanted:
        return wanted.get(row.parent_code)
    if row.parent_code in known:
        return None
    raise Refused(
        "Line %(line)s: there is no unit with the code “%(code)s”, which is named as the parent.",
        line=row.line,
        code=row.parent_code,
    )


def _place(session: Session, units: dict[str, Unit], row: Row, report: Imported) -> None:
    parent = units[row.parent_code] if row.parent_code else None
    unit = units.get(row.code)
    report.codes.append(row.code)
    if unit is None:
        unit = units[row.code] = Unit(code=row.code, path="")
        session.add(unit)
        report.created += 1
    elif (unit.name, unit.kind, unit.parent_id) == (row.name, row.kind, parent.id if parent else None):
        report.unchanged += 1
        return
    else:
        report.changed += 1
    unit.name, unit.kind, unit.parent = row.name, row.kind, parent
    unit.order_key, unit.search_key = order_key(row.name), fold(row.name)
    session.flush()


def _repath(units: dict[str, Unit]) -> None:
    """Write the paths of whatever moved. Raises Refused for a circle made with units of earlier imports."""
    by_id = {unit.id: unit for unit in units.values()}
    for unit in by_id.values():
        ids = [unit.id]
        above = unit.parent_id
        while above is not None:
            if above in ids:
                raise Refused("The unit “%(code)s” would lie below itself.", code=unit.code)
            ids.append(above)
            above = by_id[above].parent_id
        path = "/" + "/".join(str(part) for part in reversed(ids)) + "/"
        if unit.path != path:
            unit.path = path
