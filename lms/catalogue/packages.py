"""Packages on disk: each is kept as it came and unpacked once, both under its SHA-256."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from courses import manifest
from courses.manifest import Package
from courses.packaging import Claimed, Progress, open_package, survey
from courses.packaging.progress import Tell
from lms.core.files import Files, needing_room

# More will follow; until then a plain sentence is better than a lesson that does not save.
PLAYABLE = frozenset({"scorm12", "scorm2004", "cmi5"})
NAMES = {"scorm12": "SCORM 1.2", "scorm2004": "SCORM 2004", "cmi5": "cmi5"}
# The endings that authoring tools give: zip archives, and the course structure of cmi5 by itself.
ENDINGS = (".zip", ".pif", ".xml")
# A package of up to so many bytes and files, unpacked, is read within a second.
_AT_ONCE = Claimed(16 * 1024 * 1024, 1000)
# Workspaces begin so, that the sweep may know its own.
PREFIX = "package-"

__all__ = [
    "ENDINGS",
    "NAMES",
    "PREFIX",
    "Prepared",
    "Progress",
    "discard",
    "folder_of",
    "look_over",
    "prepare",
]


@dataclass(frozen=True)
class Prepared:
    """A package that was found safe and whole, unpacked and kept; `size` is in bytes, unpacked.

    `fresh` is False where it was here already.
    """

    sha256: str
    package: Package
    files: int
    size: int
    fresh: bool


def prepare(files: Files, zip_path: Path, tell: Tell | None = None) -> Prepared:
    """Unpack, read and keep a package; needs no database, and may take minutes. `tell` hears how far it is.

    Raises Refused, and then keeps nothing; nor does it when `tell` raises.
    """
    with files.workspace(PREFIX) as workspace:
        with needing_room():
            opened = open_package(zip_path, workspace / "package", tell=tell)
        package = manifest.read(opened.root)
        fresh = _keep(files, zip_path, opened.sha256)
        _settle(opened.root, folder_of(files, opened.sha256))
    return Prepared(opened.sha256, package, len(opened.files), opened.size, fresh)


def look_over(files: Files, zip_path: Path) -> None:
    """Raise Refused for what can be seen at once, of a large package in its list of files; keeps nothing."""
    claimed = survey(zip_path)
    if claimed.size <= _AT_ONCE.size and claimed.files <= _AT_ONCE.files:
        with files.workspace(PREFIX) as workspace, needing_room():
            manifest.read(open_package(zip_path, workspace / "package").root)


def folder_of(files: Files, sha256: str) -> Path:
    """Where the package's files are."""
    return files.packages / sha256


def discard(files: Files, sha256: str) -> None:
    """Forget a package that no version needs."""
    shutil.rmtree(folder_of(files, sha256), ignore_errors=True)
    files.path(sha256).unlink(missing_ok=True)
    with suppress(OSError):  # others may be in there
        files.path(sha256).parent.rmdir()


def _keep(files: Files, zip_path: Path, sha256: str) -> bool:
    """Keep the archive; answers False for one that is here already, and is now young again for the sweep."""
    kept = files.path(sha256)
    if kept.exists():
        os.utime(kept)
        return False
    with zip_path.open("rb") as stream:
        files.keep(stream)
    return True


def _settle(unpacked: Path, target: Path) -> None:
    """Move into place; another process may have put the same files there first."""
    try:
        unpacked.rename(target)
    except OSError:
        if not target.is_dir():
            shutil.move(unpacked, target)
    os.utime(target)
