"""Who knocks at the record store: what must be known of a credential, and how its secret is checked.

Nothing here knows Flask or loads mapped rows: it stands on the way of every statement. A credential is read
by its key with one query and may be remembered for a few seconds (`Remembered`); whoever does so asks
`unchanged` in the transaction that stores the statements.
"""

import base64
import binascii
import hmac
import time
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, select

from lms.xapi.models import Client, Scope, SessionCredential
from tracking.listed import one_of
from tracking.questions import Question
from tracking.rounds import Steps

SESSION = "s-"  # how the keys of sessions begin; those of clients are hexadecimal
_LONGEST_HEADER = 2000

_clients = cast("Table", Client.__table__).c
_sessions = cast("Table", SessionCredential.__table__).c


@dataclass(frozen=True, slots=True)
class Secret:
    """A digest, and the moment from which it is good no longer (none: as long as the credential)."""

    digest: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client as it was read. `per_minute`: how many statements it may send (None: no limit)."""

    key: str
    name: str
    secrets: tuple[Secret, ...]
    scopes: frozenset[str]
    per_minute: int | None
    revoked: datetime | None
    revision: int

    def may(self, *any_of: Scope) -> bool:
        return Scope.ALL in self.scopes or not self.scopes.isdisjoint(any_of)


@dataclass(frozen=True, slots=True)
class Late:
    """That a request is delivered long after it was made: `at`, by our clock. `behind` is how far the clock
    of the device was behind ours.
    """

    at: datetime
    behind: timedelta


@dataclass(frozen=True, slots=True)
class KnownSession:
    """The credential of one learner's session. It has no scopes: `lms.xapi.reach` decides what it may.

    `late`: this is none that somebody knocks with, but stands for a session whose requests were kept by the
    learner's device until now.
    """

    key: str
    secrets: tuple[Secret, ...]
    agent: dict[str, Any]
    identifier: str
    registration: UUID
    activity: str
    course: str | None
    revoked: datetime | None
    name: str = "session"
    per_minute: int | None = None
    late: Late | None = None

    def may(self, *_any_of: Scope) -> bool:
        """Nothing that is allowed to whole clients."""
        return False


Known = KnownClient | KnownSession


def read_basic(header: str | None) -> tuple[str, str] | None:
    """Key and secret of an Authorization header (RFC 7617); None where it is not one."""
    if not header or len(header) > _LONGEST_HEADER:
        return None
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        key, colon, secret = base64.b64decode(encoded.strip()).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (key, secret) if key and colon else None


def digest_of(secret: str, secret_key: str) -> str:
    """A fast keyed hash: the secret has 256 random bits, so there is nothing to slow down for."""
    return hmac.digest(secret_key.encode(), f"client-secret:{secret}".encode(), "sha256").hex()


def verify(known: Known, digest: str, now: datetime) -> bool:
    """Whether the digest is that of a secret which is good now, of a credential that was not revoked."""
    if known.revoked is not None:
        return False
    good = False
    for secret in known.secrets:  # all of them, so that the time taken tells nothing
        same = hmac.compare_digest(secret.digest, digest)
        good |= same and (secret.until is None or now < secret.until)
    return good


_CLIENT = select(
    _clients.key,
    _clients.name,
    _clients.secret_digest,
    _clients.former_digest,
    _clients.former_until,
    _clients.scopes,
    _clients.per_minute,
    _clients.revoked,
    _clients.revision,
).where(_clients.key == bindparam("wanted"))

_SESSION = select(
    _sessions.key,
    _sessions.secret_digest,
    _sessions.agent,
    _sessions.identifier,
    _sessions.registration,
    _sessions.activity,
    _sessions.course,
    _sessions.expires,
    _sessions.ended,
).where(_sessions.key == bindparam("wanted"))

_REVISIONS = Question(select(_clients.key, _clients.revision).where(one_of(_clients.key)))


def find(connection: Connection, key: str) -> Known | None:
    """The credential with this key, whatever its state."""
    if "\x00" in key:
        return None  # PostgreSQL cannot even be asked for it
    return find_session(connection, key) if key.startswith(SESSION) else find_client(connection, key)


def find_client(connection: Connection, key: str) -> KnownClient | None:
    row = connection.execute(_CLIENT, {"wanted": key}).one_or_none()
    if row is None:
        return None
    secrets = [Secret(row.secret_digest)]
    if row.former_digest is not None:
        secrets.append(Secret(row.former_digest, row.former_until))
    return KnownClient(
        key=row.key,
        name=row.name,
        secrets=tuple(secrets),
        scopes=frozenset(row.scopes),
        per_minute=row.per_minute,
        revoked=row.revoked,
        revision=row.revision,
    )


def find_session(connection: Connection, key: str) -> KnownSession | None:
    row = connection.execute(_SESSION, {"wanted": key}).one_or_none()
    if row is None:
        return None
    return KnownSession(
        key=row.key,
        secrets=(Secret(row.secret_digest, row.expires),),
        agent=row.agent,
        identifier=row.identifier,
        registration=row.registration,
        activity=row.activity,
        course=row.course,
        revoked=row.ended,
    )


class Stale(Exception):
    """Some clients are not any more as they were read: revoked, rotated, allowed less."""

    def __init__(self, keys: AbstractSet[str]) -> None:
        super().__init__(sorted(keys))
        self.keys = keys


def unchanged(known: Iterable[KnownClient]) -> Steps[None]:
    """See that these clients still are as they were read. Raises Stale."""
    revisions = {client.key: client.revision for client in known}
    [rows] = yield [_REVISIONS(wanted=list(revisions))]
    now = dict(rows)
    stale = {key for key, revision in revisions.items() if now.get(key) != revision}
    if stale:
        raise Stale(stale)


class Remembered:
    """Clients as they were read a moment ago. Threads share it: a dictionary's single steps are atomic."""

    SECONDS = 5.0
    MOST = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, KnownClient]] = {}

    def get(self, key: str) -> KnownClient | None:
        kept = self._kept.get(key)
        if kept is None or self._clock() - kept[0] > self.SECONDS:
            return None
        return kept[1]

    def put(self, client: KnownClient) -> None:
        if len(self._kept) >= self.MOST:
            self._kept.clear()
        self._kept[client.key] = (self._clock(), client)

    def forget(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._kept.pop(key, None)
