"""Finding clients."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.errors import NotFound
from lms.xapi.models import Client


def clients(session: Session) -> Sequence[Client]:
    """All clients: those that may come in first, by name."""
    revoked = Client.revoked.is_not(None)
    return session.scalars(select(Client).order_by(revoked, Client.name, Client.id)).all()


def the_client(session: Session, key: str) -> Client:
    """The client with this key. Raises NotFound."""
    found = (
        session.scalars(select(Client).where(Client.key == key)).one_or_none() if "\x00" not in key else None
    )
    if found is None:
        raise NotFound("There is no client with the key “%(key)s”. See the list of clients.", key=key[:40])
    return found
