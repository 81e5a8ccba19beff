"""Attachments on their way in: written and hashed while they arrive, kept only once all of it is in order.

What is kept is durable before the database may say so: first the bytes are synced, then the file gets its
name, then the folder is synced, and only then is the transaction committed that names the file. A crash
between leaves a file that no row names, which `lms.xapi.sweeping` removes.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lms.core.files import Files, needing_room

PREFIX = "draft-"  # of the folders in which drafts lie


class TooLong(Exception):
    """More came than was allowed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was written: where, how long, and its hashes in hex by algorithm, SHA-256 among them."""

    path: Path
    length: int
    digests: dict[str, str]

    @property
    def name(self) -> str:
        """Its SHA-256: the name under which it is kept."""
        return self.digests["sha256"]


class Drafts:
    """The drafts of one request, in a folder of their own."""

    def __init__(self, files: Files, folder: Path) -> None:
        self._files = files
        self._folder = folder
        self._count = 0

    def write(self, chunks: Iterable[bytes], *, algorithm: str, most: int) -> Draft:
        """Write what comes and hash it by SHA-256 and by `algorithm`. Raises TooLong, DiskFull."""
        hashes = {name: hashlib.new(name) for name in ("sha256", algorithm)}
        self._count += 1
        path, length = self._folder / str(self._count), 0
        with needing_room(), path.open("xb") as file:
            for chunk in chunks:
                length += len(chunk)
                if length > most:
                    raise TooLong
                for known in hashes.values():
                    known.update(chunk)
                file.write(chunk)
        return Draft(path, length, {name: known.hexdigest() for name, known in hashes.items()})

    def sync(self, drafts: Iterable[Draft]) -> None:
        """Have the bytes on the disk; to be called before `keep`, outside of the transaction."""
        with needing_room():
            for draft in drafts:
                _sync(draft.path)

    def keep(self, drafts: Iterable[Draft]) -> None:
        """Give the drafts the names by which `Files.attachment` finds them, for good."""
        folders: set[Path] = set()
        with needing_room():
            for draft in drafts:
                target = self._files.attachment(draft.name)
                target.parent.mkdir(exist_ok=True)
                draft.path.replace(target)
                folders.add(target.parent)
            for folder in folders:
                _sync(folder)
            if folders:
                _sync(self._files.attachments)


@contextmanager
def drafting(files: Files) -> Iterator[Drafts]:
    """A place for drafts; those that were not kept are gone when the block ends."""
    with files.workspace(PREFIX) as folder:
        yield Drafts(files, folder)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
