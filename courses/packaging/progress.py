"""How far the opening of a package has come."""

from collections.abc import Callable
from dataclasses import dataclass

_STEP = 1024 * 1024


@dataclass(frozen=True)
class Progress:
    """Files and bytes done of all. An archive's bytes count twice: once read and hashed, once unpacked."""

    files: int
    all_files: int
    bytes: int
    all_bytes: int

    @property
    def percent(self) -> int:
        return 100 if self.all_bytes == 0 else min(100, self.bytes * 100 // self.all_bytes)


# Called every mebibyte and at the end. What it raises ends the opening, and nothing is left behind.
Tell = Callable[[Progress], None]


class Telling:
    """Counts, and tells now and then."""

    def __init__(self, tell: Tell | None, all_files: int, all_bytes: int) -> None:
        self._tell = tell
        self._all_files = all_files
        self._all_bytes = all_bytes
        self._files = 0
        self._bytes = 0
        self._told = 0

    def add(self, size: int) -> None:
        self._bytes += size
        if self._bytes - self._told >= _STEP:
            self._say()

    def file_done(self) -> None:
        self._files += 1
        if self._files == self._all_files:
            self._say()

    def _say(self) -> None:
        self._told = self._bytes
        if self._tell is not None:
            self._tell(Progress(self._files, self._all_files, self._bytes, self._all_bytes))
