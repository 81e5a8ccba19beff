"""Files that are kept: content-addressed, written whole or not at all."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

CHUNK = 1 << 20


class Files:
    """The files of one installation, below its data folder."""

    def __init__(self, data: Path) -> None:
        self.root = data / "files"
        self.packages = data / "packages"
        self.temporary = data / "tmp"
        for folder in (self.root, self.packages, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)

    def keep(self, source: IO[bytes]) -> str:
        """Keep a stream once; returns its SHA-256 in hex, by which `path` finds it."""
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=self.temporary, delete=False) as copy:
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

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """A folder of its own for the length of the block, on the same disk as the kept files."""
        folder = Path(tempfile.mkdtemp(dir=self.temporary))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
