"""Adding, changing, starting, pausing, retrying and removing remote stores, and their dead letters."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.names import normal
from lms.core.sealing import seal
from lms.flow.addresses import read_endpoint
from lms.flow.models import DeadLetter, Direction, Letter, RemoteStore
from lms.flow.queries import settled
from lms.flow.services.running import sealed_for
from lms.settings import Settings

VERSIONS = ("1.0.3", "2.0.0")
LONGEST_NAME = 200
LONGEST_KEY = 500
EVERY = 300  # seconds between two pulls, where nothing else is said
SHORTEST, LONGEST = 60, 7 * 24 * 3600


@dataclass(frozen=True)
class Said:
    """What an administrator says of a remote store. Without a `secret` the one that is known stays.

    `filters` are as `lms.flow.filters` reads them. `since`: a source is read from then on, none from its
    beginning.
    """

    name: str
    endpoint: str
    key: str
    secret: str = field(repr=False)
    version: str = VERSIONS[0]
    inside: bool = False
    every: int = EVERY
    filters: dict[str, Any] = field(default_factory=dict)


def add_source(
    session: Session, said: Said, *, since: datetime | None, settings: Settings, actor: int | None
) -> RemoteStore:
    """A source, not started yet. Raises Refused."""
    remote = _new(session, Direction.PULL, said, settings)
    remote.since = since
    return _added(session, remote, actor)


def add_destination(
    session: Session, said: Said, *, from_beginning: bool, settings: Settings, actor: int | None
) -> RemoteStore:
    """A destination, not started yet. It gets what is stored from now on, or everything. Raises Refused."""
    remote = _new(session, Direction.FORWARD, said, settings)
    remote.seq = 0 if from_beginning else settled(session)
    return _added(session, remote, actor)


def change(
    session: Session,
    remote: RemoteStore,
    said: Said,
    *,
    start_over: bool,
    settings: Settings,
    actor: int | None,
) -> None:
    """Other words, credentials or filters; `start_over`: from the beginning again. Raises Refused."""
    endpoint = _endpoint(said, settings)
    if not said.secret and endpoint != remote.endpoint:
        raise Refused("Another address needs the secret again: the one that is known is for the old address.")
    _fill(remote, said, endpoint)
    if said.secret:
        remote.secret = _sealed(said.secret, endpoint, settings)
    if start_over:
        remote.since, remote.seq = None, 0
    if start_over or remote.pulls:
        remote.walk = None  # its pages were asked for with the old filters
    _touched(remote)
    log(
        session,
        Act.REMOTE_CHANGED,
        actor=actor,
        subject=str(remote.id),
        direction=remote.direction,
        secret=bool(said.secret),
        start_over=start_over,
    )


def start(session: Session, remote: RemoteStore, *, actor: int | None) -> None:
    """Let statements flow, now and whenever there are some."""
    remote.active = True
    _touched(remote)
    log(session, Act.REMOTE_STARTED, actor=actor, subject=str(remote.id))


def pause(session: Session, remote: RemoteStore, *, actor: int | None) -> None:
    """Let nothing flow until it is started again; then it goes on from where it was."""
    remote.active = False
    remote.turn = RemoteStore.turn + 1
    log(session, Act.REMOTE_PAUSED, actor=actor, subject=str(remote.id))


def retry(session: Session, remote: RemoteStore, *, actor: int | None) -> None:
    """Try again now, whatever went wrong before. Raises Refused where it is paused."""
    if not remote.active:
        raise Refused("“%(name)s” is not running. Start it first.", name=remote.name)
    _touched(remote)
    log(session, Act.REMOTE_RETRIED, actor=actor, subject=str(remote.id))


def remove(session: Session, remote: RemoteStore, *, actor: int | None) -> None:
    """Forget the credentials and what was refused. What was pulled stays, and where it came from."""
    count = session.scalar(
        select(func.count()).select_from(DeadLetter).where(DeadLetter.remote_id == remote.id)
    )
    session.execute(delete(DeadLetter).where(DeadLetter.remote_id == remote.id))
    remote.removed = utc_now()
    remote.active = False
    remote.key = remote.secret = ""
    remote.walk = None
    remote.turn = RemoteStore.turn + 1
    log(session, Act.REMOTE_REMOVED, actor=actor, subject=str(remote.id), dead_letters=count or 0)


def try_letters(
    session: Session, remote: RemoteStore, letter_ids: Collection[int] | None, *, actor: int | None
) -> int:
    """Let refused statements be tried again with the next run, all where none are named; returns how many."""
    waiting = DeadLetter.state == Letter.WAITING.value
    changed = session.execute(
        update(DeadLetter)
        .where(waiting, *_chosen(remote, letter_ids))
        .values(state=Letter.AGAIN.value)
        .execution_options(synchronize_session="fetch")
    )
    count = int(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result always has it
    log(session, Act.LETTERS_RETRIED, actor=actor, subject=str(remote.id), dead_letters=count)
    return count


def drop_letters(
    session: Session, remote: RemoteStore, letter_ids: Collection[int] | None, *, actor: int | None
) -> int:
    """Throw refused statements away; that they were refused stays known, so that they do not come back."""
    changed = session.execute(
        update(DeadLetter)
        .where(DeadLetter.state != Letter.DROPPED.value, *_chosen(remote, letter_ids))
        .values(state=Letter.DROPPED.value, raw=None, answer=None)
        .execution_options(synchronize_session="fetch")
    )
    count = int(changed.rowcount)  # type: ignore[attr-defined]
    log(session, Act.LETTERS_DROPPED, actor=actor, subject=str(remote.id), dead_letters=count)
    return count


def _chosen(remote: RemoteStore, letter_ids: Collection[int] | None) -> list[Any]:
    mine = [DeadLetter.remote_id == remote.id]
    return mine if letter_ids is None else [*mine, DeadLetter.id.in_(letter_ids)]


def _new(session: Session, direction: Direction, said: Said, settings: Settings) -> RemoteStore:
    if not said.secret:
        raise Refused("Enter the secret that belongs to the key.")
    endpoint = _endpoint(said, settings)
    there = select(RemoteStore.name).where(
        RemoteStore.endpoint == endpoint,
        RemoteStore.direction == direction.value,
        RemoteStore.key == said.key,
        RemoteStore.removed.is_(None),
    )
    if name := session.scalar(there):
        raise Refused("This address is there already, with this key: “%(name)s”.", name=name)
    now = utc_now()
    remote = RemoteStore(direction=direction.value, created=now, next_try=now)
    _fill(remote, said, endpoint)
    remote.secret = _sealed(said.secret, endpoint, settings)
    session.add(remote)
    return remote


def _added(session: Session, remote: RemoteStore, actor: int | None) -> RemoteStore:
    session.flush()
    log(session, Act.REMOTE_ADDED, actor=actor, subject=str(remote.id), direction=remote.direction)
    return remote


def _endpoint(said: Said, settings: Settings) -> str:
    endpoint = read_endpoint(said.endpoint, inside=said.inside)
    if endpoint == f"{settings.public_url.lower()}/xapi/":
        raise Refused("This is the address of this very record store.")
    return endpoint


def _fill(remote: RemoteStore, said: Said, endpoint: str) -> None:
    name = normal(said.name)
    if not name or len(name) > LONGEST_NAME:
        raise Refused("Give it a name of at most %(longest)s characters.", longest=LONGEST_NAME)
    if not said.key or len(said.key) > LONGEST_KEY or ":" in said.key:
        raise Refused("Enter the key (user name) that the other platform gave you. It has no colon.")
    if said.version not in VERSIONS:
        raise Refused("The version must be %(versions)s.", versions=", ".join(VERSIONS))
    if not SHORTEST <= said.every <= LONGEST:
        raise Refused("It can be asked every 60 seconds at the most often, and every 7 days at the least.")
    remote.name, remote.endpoint, remote.key = name, endpoint, said.key
    remote.version, remote.inside = said.version, said.inside
    remote.every, remote.filters = said.every, said.filters


def _sealed(secret: str, endpoint: str, settings: Settings) -> str:
    return seal(secret, secret_key=settings.secret_key, use=sealed_for(endpoint))


def _touched(remote: RemoteStore) -> None:
    """Whatever stood in the way may be gone: let it be tried at once, by nobody who knew it as it was."""
    remote.turn = RemoteStore.turn + 1
    remote.stopped, remote.failures = False, 0
    remote.problem, remote.problem_params = None, {}
    remote.next_try = utc_now()
