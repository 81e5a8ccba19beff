"""Files that are kept: content-addressed, written whole or not at all."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lms.core.errors import Refused

CHUNK = 1 << 20

# The disk is full, or this user's share of it, or the file is larger than the system lets it be.
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class DiskFull(Refused):
    """There is no room for what was sent; nothing of it was kept."""

    status = 507


class Files:
    """The files of one installation, below its data folder."""

    def __init__(self, data: Path) -> None:
        self.root = data / "files"
        self.packages = data / "packages"
        self.attachments = data / "attachments"
        self.temporary = data / "tmp"
        self.compressed = data / "compressed"  # files of packages; made when asked for, may go at any time
        for folder in (self.root, self.packages, self.attachments, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)

    def keep(self, source: IO[bytes]) -> str:
        """Keep a stream once; returns its SHA-256 in hex, by which `path` finds it. Raises DiskFull."""
        digest = hashlib.sha256()
        with needing_room(), tempfile.NamedTemporaryFile(dir=self.temporary, delete=False) as copy:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
            copy.flush()
            os.fsync(copy.fileno())
        name = digest.hexdigest()
        target = self.path(name)
        target.parent.mkdir(exist_ok=True)
        Path(copy.name).replace(target)
        return name

    def path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest

    def attachment(self, digest: str) -> Path:
        """Where the file lies that came with a statement and has this SHA-256."""
        return self.attachments / digest[:2] / digest

    @contextmanager
    def workspace(self, prefix: str = "tmp") -> Iterator[Path]:
        """A folder of its own for the length of the block, on the same disk as the kept files."""
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=self.temporary))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def needing_room() -> Iterator[None]:
    """Raise DiskFull where the block finds the disk full."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise no_room() from error


def no_room() -> DiskFull:
    return DiskFull(
        "The server has no room left on its disk. Nothing of this was kept. Please try again later, and "
        "tell whoever runs this site."
    )
