"""The command that loads the demo city."""

import click

from lms.core.commands import runtime
from lms.demo.queries import sign_ins
from lms.demo.services import all_units
from lms.demo.services import load as load_city


@click.group()
def demo() -> None:
    """A city to look at."""


@demo.command()
def load() -> None:
    """Load the demo city; safe to run again."""
    held = runtime()
    load_city(held, all_units(), lambda words: click.echo(f"demo city: {words}"))
    for found in sign_ins(held.settings) or []:
        click.echo(f"{found.username:<16}{found.password:<16}{found.who}")
