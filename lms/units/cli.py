"""The commands about units."""

from dataclasses import asdict
from pathlib import Path

import click

from lms.core.audit import Act, log
from lms.core.commands import Answer, json_option, runtime
from lms.units.services import import_units, read_units


@click.group()
def units() -> None:
    """The tree of units."""


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_(file: Path, answer: Answer) -> None:
    """Create and change units from a CSV file: code,name,kind,parent_code."""
    rows = read_units(file.read_bytes())
    with runtime().database.transaction() as session:
        report = import_units(session, rows)
        log(session, Act.UNITS_IMPORTED, actor=None, created=report.created, changed=report.changed)
    counts = asdict(report)
    del counts["codes"]
    answer(
        counts,
        f"{report.created} created, {report.changed} changed, {report.unchanged} as they were",
    )
