"""What `lms doctor` looks at: everything that makes an installation fail quietly."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from lms.core.clock import utc_now
from lms.core.health import broker_answers
from lms.core.jobs.models import Job, State
from lms.core.migrating import configuration
from lms.core.origins import origins_of
from lms.core.runtime import Runtime

LEAST_FREE = 2 * 1024**3
LATE = timedelta(minutes=10)
CLOCK_SLACK = timedelta(seconds=5)


@dataclass(frozen=True)
class Finding:
    """The outcome of one check; `say` tells what was seen and, where it is wrong, what to do."""

    check: str
    ok: bool
    say: str

    def as_json(self) -> dict[str, Any]:
        return {"check": self.check, "ok": self.ok, "message": self.say}

    def __str__(self) -> str:
        return f"{'ok   ' if self.ok else 'WRONG'}  {self.check}: {self.say}"


def examine(runtime: Runtime) -> list[Finding]:
    """Run every check; one that cannot be run is a finding too."""
    return [finding for check in (*CHECKS, *_others) for finding in _safely(check, runtime)]


Check = Callable[[Runtime], Iterator[Finding]]
_others: list[Check] = []


def also(check: Check) -> None:
    """Let a room above bring a check of its own (`lms.wiring`); bringing it twice is bringing it once."""
    if check not in _others:
        _others.append(check)


def _safely(check: Callable[[Runtime], Iterator[Finding]], runtime: Runtime) -> Iterator[Finding]:
    try:
        yield from check(runtime)
    except (SQLAlchemyError, OSError) as error:
        yield Finding(check.__name__.strip("_"), ok=False, say=f"could not be checked ({error})")


def _database(runtime: Runtime) -> Iterator[Finding]:
    kind = "SQLite" if runtime.settings.embedded_database else "PostgreSQL"
    with runtime.database.engine.connect() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(configuration(runtime.settings.database_url)).get_current_head()
    if now == newest:
        yield Finding("database", ok=True, say=f"{kind} answers and is up to date")
    else:
        yield Finding("database", ok=False, say=f"{kind} has an older form; run: lms db upgrade")


def _broker(runtime: Runtime) -> Iterator[Finding]:
    kind = "Redis" if runtime.settings.redis_url else "the embedded broker"
    if broker_answers(runtime):
        yield Finding("broker", ok=True, say=f"{kind} answers")
    else:
        yield Finding("broker", ok=False, say=f"{kind} does not answer; long tasks wait. Check LMS_REDIS_URL")


def _disk(runtime: Runtime) -> Iterator[Finding]:
    free = shutil.disk_usage(runtime.settings.data).free
    say = f"{free / 1024**3:.1f} GiB free below {runtime.settings.data}"
    enough = free >= LEAST_FREE
    yield Finding("disk", ok=enough, say=say if enough else f"{say}; make room, or move LMS_DATA")


def _content_origin(runtime: Runtime) -> Iterator[Finding]:
    settings = runtime.settings
    known = origins_of(settings)
    if urlsplit(settings.content_url).hostname == urlsplit(settings.public_url).hostname:
        yield Finding(
            "content origin",
            ok=False,
            say="LMS_CONTENT_URL and LMS_PUBLIC_URL share a host, so lessons made by others could use the "
            "sign-in of whoever plays them. Give the content a host name of its own",
        )
    elif known.shared:
        yield Finding(
            "content origin",
            ok=True,
            say=f"{settings.content_url} has no sign-in cookie. Warning: all packages share it and can read "
            "what the others keep in the browser; put {package} into LMS_CONTENT_URL to keep them apart",
        )
    else:
        yield Finding(
            "content origin",
            ok=True,
            say=f"each package has an origin of its own ({settings.content_url}), without a sign-in cookie",
        )


def _clock(runtime: Runtime) -> Iterator[Finding]:
    if runtime.settings.embedded_database:
        yield Finding("clock", ok=True, say=f"{utc_now():%Y-%m-%d %H:%M:%S} UTC")
        return
    with runtime.database.engine.connect() as connection:
        difference = abs(connection.execute(select(func.now())).scalar_one() - utc_now())
    seconds = difference.total_seconds()
    good = difference <= CLOCK_SLACK
    say = f"{seconds:.1f} s beside the database's"
    yield Finding("clock", ok=good, say=say if good else f"{say}; set both by NTP")


def _jobs(runtime: Runtime) -> Iterator[Finding]:
    with runtime.database.snapshot() as session:
        waiting = (Job.state == State.QUEUED.value) & (Job.created < utc_now() - LATE)
        late = session.scalar(select(func.count()).select_from(Job).where(waiting)) or 0
    if late:
        yield Finding("jobs", ok=False, say=f"{late} wait for more than 10 minutes; is a worker running?")
    else:
        yield Finding("jobs", ok=True, say="none waits for more than 10 minutes")


CHECKS: tuple[Callable[[Runtime], Iterator[Finding]], ...] = (
    _database,
    _broker,
    _disk,
    _content_origin,
    _clock,
    _jobs,
)
