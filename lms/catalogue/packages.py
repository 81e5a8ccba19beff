"""Packages on disk: each is kept as it came and unpacked once, both under its SHA-256."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from courses import manifest
from courses.manifest import Package
from courses.packaging import open_package
from lms.core.errors import Refused
from lms.core.files import Files

# More will follow; until then a plain sentence is better than a lesson that does not save.
PLAYABLE = frozenset({"scorm12"})
NAMES = {"scorm12": "SCORM 1.2", "scorm2004": "SCORM 2004", "cmi5": "cmi5"}


@dataclass(frozen=True)
class Prepared:
    """A package that was found safe and whole, unpacked and kept; `size` is in bytes, unpacked."""

    sha256: str
    package: Package
    files: int
    size: int


def prepare(files: Files, zip_path: Path) -> Prepared:
    """Unpack, read and keep a package; needs no database. Raises Refused, and then keeps nothing."""
    with files.workspace() as workspace:
        opened = open_package(zip_path, workspace / "package")
        package = manifest.read(opened.root)
        if package.standard not in PLAYABLE:
            raise Refused(
                "This package is %(standard)s. So far only SCORM 1.2 can be played here: export the lesson "
                "as SCORM 1.2 and send it again.",
                standard=NAMES[package.standard],
            )
        if not files.path(opened.sha256).exists():
            with zip_path.open("rb") as stream:
                files.keep(stream)
        _settle(opened.root, folder_of(files, opened.sha256))
    return Prepared(opened.sha256, package, len(opened.files), opened.size)


def folder_of(files: Files, sha256: str) -> Path:
    """Where the package's files are."""
    return files.packages / sha256


def _settle(unpacked: Path, target: Path) -> None:
    """Move into place; another process may have put the same files there first."""
    try:
        unpacked.rename(target)
    except OSError:
        if not target.is_dir():
            shutil.move(unpacked, target)
