"""Removes what no version needs: packages that were never taken in, uploads whose import has died, and the
files of versions that nobody uses any more.

A package is on the disk before the transaction is committed that names it, so only old ones are suspects;
whoever finds one there already makes it young again (`packages.prepare`).
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from courses.packaging.progress import Tell
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.packages import PREFIX, Prepared, discard, prepare
from lms.catalogue.uploads import PREFIX as UPLOADS
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.runtime import Runtime

# What `Files.keep` was writing when it was killed.
COPIES = tempfile.gettempprefix()
# Longer than any import lasts, its restarts included.
ABANDONED = timedelta(days=2)
# How long an author may go back to a version that was replaced, or take up one that was never offered.
KEPT = timedelta(days=90)

# Given versions (ids), which of them are still needed, by whoever stands above this room.
Users = Callable[[Session, list[int]], set[int]]
_users: list[Users] = []


def also_used_by(users: Users) -> None:
    """Let a room say which versions its learners are still in the middle of."""
    if users not in _users:
        _users.append(users)


@contextmanager
def taking_in(runtime: Runtime, path: Path, tell: Tell | None = None) -> Iterator[Prepared]:
    """Prepare a package for the block that names it in the database; where that fails nothing is left."""
    prepared = prepare(runtime.files, path, tell)
    try:
        yield prepared
    except BaseException:
        with suppress(SQLAlchemyError), runtime.database.transaction() as session:
            if prepared.fresh and not _is_needed(session, prepared.sha256):
                discard(runtime.files, prepared.sha256)
        raise


def sweep_orphans(runtime: Runtime, *, abandoned: timedelta = ABANDONED) -> int:
    """Remove what dead imports left behind; returns how many things."""
    removed = 0
    for path in runtime.files.temporary.iterdir():
        if path.name.startswith((PREFIX, UPLOADS, COPIES)) and _age(path) > abandoned:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            removed += 1
    for digest in sorted(set(_old_packages(runtime, abandoned))):
        with runtime.database.transaction() as session:
            if not _is_needed(session, digest):
                discard(runtime.files, digest)
                removed += 1
    return removed


def sweep_versions(runtime: Runtime, *, kept: timedelta = KEPT) -> int:
    """Remove the files of versions that were replaced long ago and that nobody is in the middle of."""
    with runtime.database.snapshot() as session:
        suspects = _suspects(session, kept)
    swept = 0
    for version_id in suspects:
        with runtime.database.transaction() as session:
            version = session.get(CourseVersion, version_id)
            if version is None or version.id not in _unused(session, [version_id], kept):
                continue
            version.swept = utc_now()
            session.flush()
            log(session, Act.VERSION_SWEPT, actor=None, subject=version.course.slug, version=version.number)
            if not _is_needed(session, version.sha256):
                discard(runtime.files, version.sha256)
            swept += 1
    return swept


def _suspects(session: Session, kept: timedelta) -> list[int]:
    before = utc_now() - kept
    wanted = (
        select(CourseVersion.id)
        .join(Course)
        .where(
            CourseVersion.number != Course.version_number,
            CourseVersion.swept.is_(None),
            CourseVersion.imported < before,
            or_(CourseVersion.replaced.is_(None), CourseVersion.replaced < before),
        )
        .order_by(CourseVersion.id)
    )
    return list(_not_used(session, list(session.scalars(wanted))))


def _unused(session: Session, version_ids: list[int], kept: timedelta) -> set[int]:
    return set(version_ids) & set(_suspects(session, kept))


def _not_used(session: Session, version_ids: list[int]) -> Iterator[int]:
    used = set().union(*(users(session, version_ids) for users in _users)) if version_ids else set()
    return (version_id for version_id in version_ids if version_id not in used)


def _is_needed(session: Session, digest: str) -> bool:
    wanted = select(CourseVersion.id).where(CourseVersion.sha256 == digest, CourseVersion.swept.is_(None))
    return session.scalars(wanted.limit(1)).first() is not None


def _old_packages(runtime: Runtime, abandoned: timedelta) -> Iterator[str]:
    """The digests of old packages, unpacked or only kept."""
    files = runtime.files
    places = [*files.packages.iterdir(), *(path for part in files.root.iterdir() for path in part.iterdir())]
    return (path.name for path in places if _age(path) > abandoned)


def _age(path: Path) -> timedelta:
    try:
        return timedelta(seconds=time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return timedelta(0)
