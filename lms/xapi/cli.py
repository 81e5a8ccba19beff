"""The commands about clients of the record store."""

from datetime import datetime, timedelta
from typing import Any

import click

from lms.core.commands import Answer, json_option, runtime
from lms.core.i18n import show_datetime
from lms.xapi import queries, services
from lms.xapi.models import Client


@click.group("clients")
def clients() -> None:
    """Programs that send or read statements."""


@clients.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, help="What it may do, for example statements/write.")
@click.option("--limit", type=int, help="At most so many statements a minute.")
@json_option
def add(name: str, scopes: tuple[str, ...], limit: int | None, answer: Answer) -> None:
    """Add a client; its secret is printed once and kept nowhere."""
    held = runtime()
    with held.database.transaction() as session:
        client, secret = services.add_client(
            session, name, scopes, secret_key=held.settings.secret_key, actor=None, per_minute=limit
        )
        document = {"key": client.key, "secret": secret, "name": client.name, "scopes": client.scopes}
    answer(document, f"key:    {document['key']}\nsecret: {secret}\nThe secret is not shown again.")


@clients.command("list")
@json_option
def list_(answer: Answer) -> None:
    """List the clients: what each may do, when it was last here."""
    with runtime().database.snapshot() as session:
        found = [_document(client) for client in queries.clients(session)]
    answer(
        found, "\n".join(_line(each) for each in found) or "There are no clients yet: lms clients add NAME"
    )


@clients.command("rotate")
@click.argument("key")
@click.option(
    "--keep",
    type=click.IntRange(0, 720),
    default=24,
    show_default=True,
    help="Hours for which the old secret still works; 0 ends it at once.",
)
@json_option
def rotate(key: str, keep: int, answer: Answer) -> None:
    """Make a new secret, which is printed once; the old one works on for a while."""
    held = runtime()
    with held.database.transaction() as session:
        client = queries.the_client(session, key)
        secret = services.rotate_client(
            session, client, keep=timedelta(hours=keep), secret_key=held.settings.secret_key, actor=None
        )
        until = client.former_until
    document = {"key": key, "secret": secret, "former_until": _moment(until)}
    ends = f"The old secret works until {show_datetime(until)}." if until else "The old secret works no more."
    answer(document, f"key:    {key}\nsecret: {secret}\nThe secret is not shown again. {ends}")


@clients.command("revoke")
@click.argument("key")
@json_option
def revoke(key: str, answer: Answer) -> None:
    """Shut a client out at once and for good; what it sent stays."""
    with runtime().database.transaction() as session:
        client = queries.the_client(session, key)
        services.revoke_client(session, client, actor=None)
        document = _document(client)
    answer(document, f"“{document['name']}” is shut out.")


def _document(client: Client) -> dict[str, Any]:
    return {
        "key": client.key,
        "name": client.name,
        "scopes": client.scopes,
        "per_minute": client.per_minute,
        "created": _moment(client.created),
        "last_used": _moment(client.last_used),
        "former_until": _moment(client.former_until),
        "revoked": _moment(client.revoked),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _line(found: dict[str, Any]) -> str:
    state = (
        f"revoked {found['revoked']}" if found["revoked"] else f"last used {found['last_used'] or 'never'}"
    )
    limit = f", {found['per_minute']} a minute" if found["per_minute"] else ""
    return f"{found['key']}  {found['name']}: {', '.join(found['scopes'])}{limit}; {state}"
