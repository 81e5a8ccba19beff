"""Finding clients, and what was done with them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import Account
from lms.core.audit import AuditEntry
from lms.core.errors import NotFound
from lms.xapi.models import Client


def clients(session: Session) -> Sequence[Client]:
    """All clients: those that may come in first, by name."""
    revoked = Client.revoked.is_not(None)
    return session.scalars(select(Client).order_by(revoked, Client.name, Client.id)).all()


def client_named(session: Session, key: str) -> Client | None:
    if "\x00" in key:
        return None  # PostgreSQL cannot even be asked for it
    return session.scalars(select(Client).where(Client.key == key)).one_or_none()


def the_client(session: Session, key: str) -> Client:
    """The client with this key. Raises NotFound."""
    found = client_named(session, key)
    if found is None:
        raise NotFound("There is no client with the key “%(key)s”. See the list of clients.", key=key[:40])
    return found


def acts_on(session: Session, client: Client, limit: int = 20) -> Sequence[tuple[AuditEntry, str | None]]:
    """What was done with a client, the newest first, each with the name of whose account did it."""
    wanted = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor)
        .where(AuditEntry.subject == client.key, AuditEntry.act.startswith("xapi:client:"))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [(entry, name) for entry, name in session.execute(wanted)]
