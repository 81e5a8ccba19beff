"""An installation in one file, brought back on either database."""

from pathlib import Path

import pytest
from sqlalchemy import inspect

from lms.core.database import Database
from tests.conftest import Databases
from tests.functional.roster import OFFICERS, import_course, load_roster
from tests.functional.serving import Installation


@pytest.fixture
def lived_in(installation: Installation) -> Installation:
    """57 officers, a course, an account, a client, a mandatory course."""
    load_roster(installation)
    import_course(installation)
    installation.lms("assign", "one-touch", "--unit", "10549", "--due", "2026-12-31")
    installation.lms("accounts", "add", "officer", "--person", OFFICERS[0], given="hoa phượng đỏ\n")
    installation.json("clients", "add", "One Touch")
    return installation


def test_a_backup_brings_everything_back_on_either_database(
    lived_in: Installation, sqlite_databases: Databases, postgresql_databases: Databases, tmp_path: Path
):
    file = tmp_path / "backup.tar.gz"
    told = lived_in.json("backup", str(file))
    rows = {one["table"]: one["rows"] for one in told["tables"]}
    assert rows["person"] == 57
    assert set(rows) == tables_of(lived_in) - {"alembic_version"}
    assert file.stat().st_mode & 0o077 == 0
    for others in (sqlite_databases, postgresql_databases):
        (tmp_path / others.kind).mkdir()
        other = Installation(tmp_path / others.kind, database_url=others.fresh())
        assert other.json("restore", str(file)) == told
        is_the_same(other, lived_in)
        again = other.lms("restore", str(file), expect=1)
        assert again == ""


def is_the_same(other: Installation, lived_in: Installation) -> None:
    question = ("rates", "--course", "one-touch", "--unit", "10549")
    assert other.json(*question) == lived_in.json(*question)
    assert other.json("tracking", "rebuild", "--check")["differences"] == 0
    for name in ("secret_key", *kept_files(lived_in.data)):
        assert (other.data / name).read_bytes() == (lived_in.data / name).read_bytes()
    # Numbers go on after those that were brought in.
    other.json("clients", "add", "Another")


def tables_of(installation: Installation) -> set[str]:
    database = Database(installation.database_url or "")
    names = set(inspect(database.engine).get_table_names())
    database.close()
    return names


def kept_files(data: Path) -> list[Path]:
    found = [path.relative_to(data) for path in (data / "packages").rglob("*") if path.is_file()]
    assert found
    return found


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # refused before it comes to a database
def test_a_file_that_is_no_backup_is_refused(installation: Installation, tmp_path: Path):
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"not a backup")
    installation.lms("restore", str(broken), expect=1)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # likewise
def test_a_backup_that_was_cut_off_changes_nothing(lived_in: Installation, tmp_path: Path):
    file = tmp_path / "backup.tar.gz"
    lived_in.lms("backup", str(file))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    (tmp_path / "other").mkdir()
    other = Installation(tmp_path / "other")
    other.lms("restore", str(file), expect=1)
    assert other.json("courses", "list") == []
