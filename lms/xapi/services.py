"""Adding, changing, rotating and revoking clients."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.names import normal
from lms.xapi.credentials import Known, KnownSession, digest_of
from lms.xapi.models import Client, Scope

# What xAPI 1.0.3 part 3, 4.2 gives a client that asked for nothing.
DEFAULT_SCOPES = (Scope.WRITE, Scope.READ_MINE)

LONGEST_NAME = 200
MOST_PER_MINUTE = 10_000_000
LONGEST_HANDOVER = timedelta(days=30)


def add_client(
    session: Session,
    name: str,
    scopes: Iterable[str],
    *,
    secret_key: str,
    actor: int | None,
    per_minute: int | None = None,
    key: str | None = None,
) -> tuple[Client, str]:
    """A new client and its secret, which is never told again. Raises Refused for what cannot be.

    `key` is one that `new_key` gave; without it, one is made.
    """
    wanted = _known_scopes(scopes) or [scope.value for scope in DEFAULT_SCOPES]
    secret = secrets.token_urlsafe(32)
    client = Client(
        name=_good_name(name),
        key=key or new_key(),
        secret_digest=digest_of(secret, secret_key),
        scopes=wanted,
        per_minute=_good_limit(per_minute),
        created=utc_now(),
    )
    session.add(client)
    session.flush()
    log(session, Act.CLIENT_ADDED, actor=actor, subject=client.key, scopes=wanted, per_minute=per_minute)
    return client, secret


def new_key() -> str:
    return secrets.token_hex(12)


def change_client(
    session: Session,
    client: Client,
    *,
    name: str,
    scopes: Iterable[str],
    per_minute: int | None,
    actor: int | None,
) -> None:
    """Another name, other scopes, another limit; from the next request on. The secret stays."""
    demand_working(client)
    wanted = _known_scopes(scopes)
    if not wanted:
        raise Refused("Choose at least one thing that the client may do, or revoke it.")
    before = client.name
    client.name, client.scopes, client.per_minute = _good_name(name), wanted, _good_limit(per_minute)
    client.revision += 1
    log(
        session,
        Act.CLIENT_CHANGED,
        actor=actor,
        subject=client.key,
        scopes=wanted,
        per_minute=per_minute,
        renamed=before != client.name,
    )


def rotate_client(
    session: Session, client: Client, *, keep: timedelta, secret_key: str, actor: int | None
) -> str:
    """A new secret, told once. The one before stays good for `keep`; one before that ends at once."""
    demand_working(client)
    if not timedelta(0) <= keep <= LONGEST_HANDOVER:
        raise Refused("The old secret can stay good for at most 30 days.")
    secret = secrets.token_urlsafe(32)
    until = utc_now() + keep if keep else None
    client.former_digest, client.former_until = (client.secret_digest, until) if until else (None, None)
    client.secret_digest = digest_of(secret, secret_key)
    client.revision += 1
    log(
        session,
        Act.CLIENT_ROTATED,
        actor=actor,
        subject=client.key,
        former_until=until.isoformat() if until else None,
    )
    return secret


def revoke_client(session: Session, client: Client, *, actor: int | None) -> None:
    """Let the client in no more, at once and for good; what it sent stays.

    There is no way back: a secret that was taken away is one that others may know.
    """
    if client.revoked is not None:
        return
    client.revoked = utc_now()
    client.revision += 1
    log(session, Act.CLIENT_REVOKED, actor=actor, subject=client.key)


def authority_of(known: Known | Client, home_page: str) -> dict[str, Any]:
    """The agent that vouches for what is sent with these credentials.

    All learners' sessions share one: what a lesson says of itself can be told from what platforms vouch for
    and from what we say ourselves, and whose session it was stands in the actor and the registration.
    """
    if isinstance(known, KnownSession):
        return session_authority(home_page)
    account = {"homePage": home_page, "name": f"client:{known.key}"}
    return {"objectType": "Agent", "name": known.name, "account": account}


def session_authority(home_page: str) -> dict[str, Any]:
    """The agent that vouches for what learners' sessions send."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": "session"}}


def _known_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = list(dict.fromkeys(scopes))
    unknown = [scope for scope in wanted if scope not in set(Scope)]
    if unknown:
        raise Refused(
            "The scope “%(scope)s” is not known. Use: %(scopes)s.", scope=unknown[0], scopes=", ".join(Scope)
        )
    return wanted


def _good_name(name: str) -> str:
    found = normal(name)
    if not found:
        raise Refused("Give the client a name by which you will know it again.")
    if len(found) > LONGEST_NAME or "\x00" in found:
        raise Refused("The name of a client has at most 200 characters.")
    return found


def _good_limit(per_minute: int | None) -> int | None:
    if per_minute is not None and not 1 <= per_minute <= MOST_PER_MINUTE:
        raise Refused("A limit is a whole number from 1 to 10,000,000, or none at all.")
    return per_minute


def demand_working(client: Client) -> None:
    """Raises Refused for one that was revoked."""
    if client.revoked is not None:
        raise Refused("“%(name)s” was revoked. Add a new client instead.", name=client.name)
