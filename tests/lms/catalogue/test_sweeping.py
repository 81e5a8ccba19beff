"""What no version needs goes away, and nothing that is needed does."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from lms.catalogue import offering
from lms.catalogue.models import CourseVersion
from lms.catalogue.packages import folder_of
from lms.catalogue.queries import the_course, the_version
from lms.catalogue.sweeping import sweep_orphans, sweep_versions
from lms.core.clock import utc_now
from lms.core.database import Database
from lms.core.errors import Refused
from lms.core.runtime import Runtime
from lms.player.models import Attempt
from lms.wiring import wire
from tests.factories.courses import MULTI, import_package, package

LONG_AGO = timedelta(days=400)


@pytest.fixture
def two_versions(database: Database, runtime: Runtime, tmp_path: Path) -> tuple[str, str]:
    """A course whose first version was replaced long ago; the digests of both."""
    wire()
    with database.transaction() as session:
        first = import_package(session, runtime.files, tmp_path, slug="qr").version
        second = import_package(session, runtime.files, tmp_path, package(lessons=MULTI), slug="qr").version
        first.imported = first.replaced = utc_now() - LONG_AGO
        return first.sha256, second.sha256


def begin(database: Database, *, ended: bool, ago: timedelta = LONG_AGO) -> None:
    """Somebody's attempt at the first version."""
    moment = utc_now() - ago
    with database.transaction() as session:
        lesson = the_version(session, "qr", 1).lessons[0]
        attempt = Attempt(
            learner=uuid4(),
            is_guest=False,
            lesson=lesson,
            number=1,
            started=moment,
            updated=moment,
            ended=moment if ended else None,
        )
        session.add(attempt)


def swept(database: Database) -> list[bool]:
    with database.snapshot() as session:
        versions = session.scalars(select(CourseVersion).order_by(CourseVersion.number)).unique()
        return [version.swept is not None for version in versions]


def test_the_files_of_a_version_that_nobody_uses_go_after_a_time(
    database: Database, runtime: Runtime, two_versions: tuple[str, str]
) -> None:
    begin(database, ended=True)
    assert sweep_versions(runtime) == 1
    old, new = two_versions
    assert (folder_of(runtime.files, old).exists(), runtime.files.path(old).exists()) == (False, False)
    assert (folder_of(runtime.files, new).exists(), runtime.files.path(new).exists()) == (True, True)
    assert swept(database) == [True, False]
    assert sweep_versions(runtime) == 0


@pytest.mark.parametrize(("ended", "ago"), [(False, LONG_AGO), (True, timedelta(days=30))])
def test_a_version_in_which_somebody_is_stays(
    database: Database, runtime: Runtime, two_versions: tuple[str, str], *, ended: bool, ago: timedelta
) -> None:
    begin(database, ended=ended, ago=ago)
    assert sweep_versions(runtime) == 0
    assert folder_of(runtime.files, two_versions[0]).is_dir()


def test_a_version_that_was_replaced_just_now_stays(
    database: Database, runtime: Runtime, two_versions: tuple[str, str]
) -> None:
    with database.transaction() as session:
        the_version(session, "qr", 1).replaced = utc_now()
    assert sweep_versions(runtime) == 0


def test_one_cannot_go_back_to_a_swept_version_until_its_package_is_imported_again(
    database: Database, runtime: Runtime, tmp_path: Path, two_versions: tuple[str, str]
) -> None:
    sweep_versions(runtime)
    with database.transaction() as session, pytest.raises(Refused, match="Import its package again"):
        offering.offer(session, the_course(session, "qr"), the_version(session, "qr", 1), actor=None)
    with database.transaction() as session:
        back = import_package(session, runtime.files, tmp_path, slug="qr")
        assert (back.new, back.version.number, back.version.swept) == (False, 1, None)
    assert folder_of(runtime.files, two_versions[0]).is_dir()


def test_what_a_killed_import_left_is_removed_once_it_is_old(
    database: Database, runtime: Runtime, two_versions: tuple[str, str]
) -> None:
    files = runtime.files
    orphan = files.packages / ("0" * 64)
    for folder in (orphan, files.temporary / "package-x1", files.temporary / "other-x1"):
        folder.mkdir()
    upload = files.temporary / f"upload-{'0' * 32}.zip"
    upload.write_bytes(b"x")
    (files.temporary / "tmpx1y2").write_bytes(b"half a copy")
    assert sweep_orphans(runtime) == 0
    for path in [*files.temporary.iterdir(), *files.packages.iterdir()]:
        os.utime(path, (time.time() - 10 * 24 * 3600,) * 2)
    assert sweep_orphans(runtime) == 4
    assert [path.name for path in files.temporary.iterdir()] == ["other-x1"]
    assert {path.name for path in files.packages.iterdir()} == set(two_versions)
