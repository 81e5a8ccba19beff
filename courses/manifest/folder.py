"""The files of an unpacked package, found as forgivingly as the tools that made them named them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from courses.packaging.names import folded

_SLASHES = re.compile("/{2,}")
_INDEXES = ("index.html", "index.htm")


class Folder:
    """Paths are relative to the root, with `/`; links are not followed and not seen."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.paths = tuple(sorted(_files(root)))
        self._exact = frozenset(self.paths)
        self._folded: dict[str, str] = {}
        for path in self.paths:
            self._folded.setdefault(folded(path), path)

    def find(self, path: str) -> str | None:
        """The file of that name, or of the same name in other capitals or other Unicode composition."""
        return path if path in self._exact else self._folded.get(folded(path))

    def asked(self, path: str) -> str | None:
        """The file that a web server would show at this address: slashes in a row are one, and what ends with
        one is a folder, whose index page it is.
        """
        path = _SLASHES.sub("/", path).lstrip("/")
        if path and not path.endswith("/"):
            return self.find(path)
        return next((found for name in _INDEXES if (found := self.find(path + name))), None)

    def head(self, path: str, most: int) -> bytes:
        """At most the first `most` bytes."""
        with (self.root / path).open("rb") as stream:
            return stream.read(most)


def _files(root: Path) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix()
