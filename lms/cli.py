"""The `lms` command: every room's commands under one roof."""

import sys
from importlib.metadata import version

import click

from lms.catalogue.cli import courses
from lms.cmi5.cli import cmi5
from lms.core.cli import COMMANDS as CORE
from lms.core.commands import PlainGroup
from lms.core.runtime import Runtime
from lms.demo.cli import demo
from lms.enrolment.cli import assign_command
from lms.flow.cli import flow
from lms.people.cli import accounts, people
from lms.rates.cli import explain, rates, tracking
from lms.settings import WrongSetting, read_settings
from lms.units.cli import units
from lms.wiring import wire
from lms.xapi.cli import clients

COMMANDS: tuple[click.Command, ...] = (
    *CORE,
    courses,
    units,
    people,
    accounts,
    clients,
    cmi5,
    flow,
    assign_command,
    rates,
    demo,
    explain,
    tracking,
)


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("binh-dan-hoc-vu-so"), prog_name="lms")
@click.pass_context
def lms(context: click.Context) -> None:
    """Hosts digital-literacy lessons, records what was learned, and rates it with proof."""
    wire()
    runtime = Runtime(read_settings())
    context.obj = runtime
    context.call_on_close(runtime.close)


for _command in COMMANDS:
    lms.add_command(_command)


def main() -> None:
    """Run the command. Exit 0: done; 1: refused, with a message on stderr; 2: wrong usage."""
    try:
        lms(prog_name="lms")
    except WrongSetting as wrong:
        click.echo(f"lms: {wrong}", err=True)
        sys.exit(1)
