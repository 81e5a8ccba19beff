"""Opening a package: everything is checked, and a refused one leaves nothing behind."""

import hashlib
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from courses.errors import Refused
from courses.packaging.archive import Entry, entries, opened_archive, reading
from courses.packaging.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from courses.packaging.names import shown

_CHUNK = 256 * 1024


@dataclass(frozen=True)
class PackageFile:
    """A file of the package: path relative to its root with `/`, size in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class OpenedPackage:
    """An unpacked archive; `sha256` is the hexadecimal digest of the archive itself."""

    root: Path
    files: tuple[PackageFile, ...]
    sha256: str

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


@dataclass
class _Budget:
    """What may still be written, counted in bytes that came out of the archive."""

    limits: Limits
    archive_bytes: int
    written: int = 0

    def spend(self, size: int, of_file: int, path: str) -> None:
        self.written += size
        allowed = max(self.limits.ratio_from, self.archive_bytes * self.limits.ratio)
        if of_file > self.limits.file_bytes:
            raise Refused(
                "The file “%(name)s” is larger than %(limit)d MB. Shorten or compress it.",
                name=shown(path),
                limit=self.limits.file_bytes // MEBIBYTE,
            )
        if self.written > min(allowed, self.limits.total_bytes):
            raise Refused(
                "The package unpacks to far more than a lesson needs. Remove what it does not use and "
                "export it again."
            )


def open_package(source: Path | BinaryIO, target: Path, limits: Limits = DEFAULT_LIMITS) -> OpenedPackage:
    """Unpack the zip `source` (a path, or a seekable binary stream) into the new folder `target`.

    `target` must not exist and its parent must. Raises `Refused` when the archive is unsafe or broken.
    """
    if target.exists():
        raise FileExistsError(target)
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        sha256, size = _digest(stream, limits)
        archive = stack.enter_context(opened_archive(stream, limits))
        wanted = entries(archive, limits)
        staging = stack.enter_context(_staging(target))
        files = _unpack(archive, wanted, staging, _Budget(limits, size))
        staging.rename(target)
    return OpenedPackage(target, files, sha256)


def _digest(stream: BinaryIO, limits: Limits) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if size > limits.archive_bytes:
            raise Refused(
                "The file is larger than %(limit)d MB. Split the package or compress its videos.",
                limit=limits.archive_bytes // MEBIBYTE,
            )
    return digest.hexdigest(), size


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A folder beside the target, so that renaming it is one step; gone afterwards, whatever happened."""
    staging = target.parent / f".{target.name}.{secrets.token_hex(8)}.part"
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _unpack(
    archive: zipfile.ZipFile, wanted: tuple[Entry, ...], folder: Path, budget: _Budget
) -> tuple[PackageFile, ...]:
    files = [PackageFile(entry.path, _write(archive, entry, folder / entry.path, budget)) for entry in wanted]
    return tuple(sorted(files, key=lambda file: file.path))


def _write(archive: zipfile.ZipFile, entry: Entry, path: Path, budget: _Budget) -> int:
    """Write one file and give its size; its CRC is checked as it is read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with reading(), archive.open(entry.info) as content, path.open("xb") as output:
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            budget.spend(len(chunk), size, entry.path)
            output.write(chunk)
    return size
