"""The commands about clients of the record store."""

import click

from lms.core.commands import Answer, json_option, runtime
from lms.xapi.services import add_client


@click.group("clients")
def clients() -> None:
    """Programs that send or read statements."""


@clients.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, help="What it may do, for example statements/write.")
@json_option
def add(name: str, scopes: tuple[str, ...], answer: Answer) -> None:
    """Add a client; its secret is printed once and kept nowhere."""
    held = runtime()
    with held.database.transaction() as session:
        client, secret = add_client(session, name, scopes, secret_key=held.settings.secret_key, actor=None)
        document = {"key": client.key, "secret": secret, "name": client.name, "scopes": client.scopes}
    answer(document, f"key:    {document['key']}\nsecret: {secret}\nThe secret is not shown again.")
