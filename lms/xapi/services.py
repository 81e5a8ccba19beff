"""Adding and revoking clients, and taking in what they send."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Forbidden, Refused
from lms.core.names import normal
from lms.core.record import store_statements
from lms.settings import Settings
from lms.xapi.models import Client, Scope
from tracking.statements.parsing import parse_statement, parse_statements
from tracking.statements.services import StoreOutcome
from tracking.statements.validation import Invalid, Version

# What xAPI 1.0.3 part 3, 4.2 gives a client that asked for nothing.
DEFAULT_SCOPES = (Scope.WRITE, Scope.READ_MINE)


def add_client(
    session: Session, name: str, scopes: Iterable[str], *, secret_key: str, actor: int | None
) -> tuple[Client, str]:
    """A new client and its secret, which is never told again. Raises Refused for an unknown scope."""
    wanted = list(dict.fromkeys(scopes)) or [scope.value for scope in DEFAULT_SCOPES]
    unknown = [scope for scope in wanted if scope not in set(Scope)]
    if unknown:
        raise Refused(
            "The scope “%(scope)s” is not known. Use: %(scopes)s.", scope=unknown[0], scopes=", ".join(Scope)
        )
    if not normal(name):
        raise Refused("Give the client a name by which you will know it again.")
    secret = secrets.token_urlsafe(32)
    client = Client(
        name=normal(name),
        key=secrets.token_hex(12),
        secret_digest=digest_of(secret, secret_key),
        scopes=wanted,
        created=utc_now(),
    )
    session.add(client)
    session.flush()
    log(session, Act.CLIENT_ADDED, actor=actor, subject=client.key, scopes=wanted)
    return client, secret


def revoke_client(session: Session, client: Client, *, actor: int | None) -> None:
    """Let the client in no more; what it sent stays."""
    client.revoked = client.revoked or utc_now()
    log(session, Act.CLIENT_REVOKED, actor=actor, subject=client.key)


def digest_of(secret: str, secret_key: str) -> str:
    """A fast keyed hash: the secret has 256 random bits, so there is nothing to slow down for."""
    return hmac.new(secret_key.encode(), f"client-secret:{secret}".encode(), hashlib.sha256).hexdigest()


def authority_of(client: Client, home_page: str) -> dict[str, Any]:
    """The agent that vouches for what this client sends."""
    account = {"homePage": home_page, "name": f"client:{client.key}"}
    return {"objectType": "Agent", "name": client.name, "account": account}


def accept(
    session: Session, client: Client, body: bytes, *, settings: Settings, version: Version
) -> StoreOutcome:
    """Store the statements of a POST: all of them or none."""
    return _store(session, client, parse_statements(body), settings, version)


def accept_one(
    session: Session, client: Client, body: bytes, statement_id: UUID, *, settings: Settings, version: Version
) -> None:
    """Store the statement of a PUT under the id of the request (part 3, 2.1.1)."""
    statement = parse_statement(body)
    given = statement.setdefault("id", str(statement_id))
    if not isinstance(given, str) or given.lower() != str(statement_id):
        raise Invalid("%(path)s: not the statementId of the request", "id")
    _store(session, client, [statement], settings, version)


def _store(
    session: Session, client: Client, statements: list[dict[str, Any]], settings: Settings, version: Version
) -> StoreOutcome:
    if not client.may(Scope.WRITE):
        raise Forbidden("This client may not write statements. It needs the scope statements/write.")
    authority = authority_of(client, settings.public_url)
    return store_statements(session, statements, settings=settings, authority=authority, version=version)
