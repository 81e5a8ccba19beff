"""Opening a package: everything is checked, and a refused one leaves nothing behind."""

import hashlib
import io
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from courses.errors import Refused
from courses.packaging.alone import NAME, is_alone
from courses.packaging.archive import Entry, entries
from courses.packaging.contents import unpacked
from courses.packaging.limits import DEFAULT_LIMITS, MEBIBYTE, Limits
from courses.packaging.names import shown
from courses.packaging.progress import Tell, Telling

_CHUNK = 256 * 1024


@dataclass(frozen=True)
class PackageFile:
    """A file of the package: path relative to its root with `/`, size in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class OpenedPackage:
    """An unpacked archive; `sha256` is the hexadecimal digest of the archive itself.

    `names_encoding` is how file names were read; other than utf-8 it was guessed, and a guess may be wrong.
    """

    root: Path
    files: tuple[PackageFile, ...]
    sha256: str
    names_encoding: str = "utf-8"

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


def open_package(
    source: Path | BinaryIO, target: Path, limits: Limits = DEFAULT_LIMITS, tell: Tell | None = None
) -> OpenedPackage:
    """Unpack the zip `source` (a path, or a seekable binary stream) into the new folder `target`.

    A cmi5.xml by itself is taken, too, and is then the only file. `target` must not exist and its parent
    must. `tell` hears how far it is. Raises `Refused` when the archive is unsafe or broken; whatever is
    raised, nothing is left behind.
    """
    if target.exists():
        raise FileExistsError(target)
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        size = _archive_size(stream, limits)
        wanted = () if is_alone(stream) else entries(stream, limits)
        telling = Telling(tell, len(wanted) or 1, size + (_claimed(wanted, limits, size) if wanted else size))
        sha256 = _digest(stream, telling)
        staging = stack.enter_context(_staging(target))
        budget = _Budget(limits, size)
        files = (
            _unpack(stream, wanted, staging, budget, telling) if wanted else _copy(stream, staging, telling)
        )
        staging.rename(target)
    return OpenedPackage(target, files, sha256, wanted[0].encoding if wanted else "utf-8")


class Claimed(NamedTuple):
    """How many bytes and files a package says it unpacks to."""

    size: int
    files: int


def survey(source: Path, limits: Limits = DEFAULT_LIMITS) -> Claimed:
    """What it says of itself; refuses what its list of files gives away, and writes nothing."""
    with source.open("rb") as stream:
        size = _archive_size(stream, limits)
        if is_alone(stream):
            return Claimed(size, 1)
        wanted = entries(stream, limits)
        return Claimed(_claimed(wanted, limits, size), len(wanted))


def _archive_size(stream: BinaryIO, limits: Limits) -> int:
    size = stream.seek(0, io.SEEK_END)
    if size > limits.archive_bytes:
        raise Refused(
            "The file is larger than %(limit)d MB. Split the package or compress its videos.",
            limit=limits.archive_bytes // MEBIBYTE,
        )
    return size


def _claimed(wanted: Sequence[Entry], limits: Limits, archive_bytes: int) -> int:
    """How much it says it unpacks to: what says too much is refused before anything is written."""
    budget = _Budget(limits, archive_bytes)
    for entry in wanted:
        budget.spend(entry.info.file_size, entry.info.file_size, entry.path)
    return budget.written


def _digest(stream: BinaryIO, telling: Telling) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        telling.add(len(chunk))
    return digest.hexdigest()


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
    stream: BinaryIO, wanted: Sequence[Entry], folder: Path, budget: _Budget, telling: Telling
) -> tuple[PackageFile, ...]:
    files = []
    for entry in wanted:
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as output:
            size = 0
            for piece in unpacked(stream, entry.info, entry.span):
                size += len(piece)
                budget.spend(len(piece), size, entry.path)
                output.write(piece)
                telling.add(len(piece))
        telling.file_done()
        files.append(PackageFile(entry.path, size))
    return tuple(sorted(files, key=lambda file: file.path))


def _copy(stream: BinaryIO, folder: Path, telling: Telling) -> tuple[PackageFile, ...]:
    stream.seek(0)
    with (folder / NAME).open("xb") as output:
        while chunk := stream.read(_CHUNK):
            output.write(chunk)
            telling.add(len(chunk))
    telling.file_done()
    return (PackageFile(NAME, (folder / NAME).stat().st_size),)
