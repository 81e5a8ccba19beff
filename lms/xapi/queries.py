"""Finding clients."""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.xapi.models import Client


def client_with(session: Session, key: str, secret_digest: str) -> Client | None:
    """The client of these credentials, unless it was revoked."""
    client = session.scalars(select(Client).where(Client.key == key)).one_or_none()
    if client is None or client.revoked is not None:
        return None
    return client if hmac.compare_digest(client.secret_digest, secret_digest) else None
