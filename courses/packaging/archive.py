"""The list of files inside a zip, read with suspicion: nothing here is believed but what was checked."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from courses.errors import Refused
from courses.packaging.encodings import decoded_names
from courses.packaging.limits import Limits
from courses.packaging.names import clean_path, folded, is_junk, shown

# APPNOTE 4.4.4: bit 0 encryption, bit 6 strong encryption, bit 13 encrypted list of files.
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DIRECTORY_BYTES_PER_FILE = 1024
_SMALLEST_DIRECTORY = 1024 * 1024


@dataclass(frozen=True)
class Entry:
    """One file to unpack; `path` is clean."""

    path: str
    info: zipfile.ZipInfo


class _Guarded(io.BufferedIOBase):
    """The archive's bytes, with no single read longer than `most`.

    The list of files is read in one go, with the length that the archive states: this stops a list of
    millions before any of it is in memory.
    """

    def __init__(self, stream: BinaryIO, most: int) -> None:
        self._stream = stream
        self._most = most

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._most:
            raise too_many_files()
        return self._stream.read(self._most if size is None or size < 0 else size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def too_many_files() -> Refused:
    return Refused("The package holds too many files. Split it into several packages.")


def damaged() -> Refused:
    return Refused("The file is not a complete zip archive. Export the package again and send it whole.")


@contextmanager
def reading() -> Iterator[None]:
    """Every way in which a broken archive makes the reader fail is the same refusal."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        struct.error,
        NotImplementedError,
        OverflowError,
        RuntimeError,
        ValueError,
    ) as error:
        raise damaged() from error


def opened_archive(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    most = max(_SMALLEST_DIRECTORY, limits.files * _DIRECTORY_BYTES_PER_FILE)
    with reading():
        try:
            return zipfile.ZipFile(_Guarded(stream, most))
        except OSError as error:  # a seek before the start of the file, where the list should have been
            raise damaged() from error


def entries(archive: zipfile.ZipFile, limits: Limits) -> tuple[Entry, ...]:
    """The files to unpack, in the archive's order; refuses the archive when any entry is unsafe."""
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise too_many_files()
    names = decoded_names(infos)
    found: list[Entry] = []
    for info, name in zip(infos, names, strict=True):
        path = clean_path(name, limits)
        _check_kind(info, path)
        if path and not _is_folder(info, name) and not is_junk(path):
            found.append(Entry(path, info))
    _refuse_collisions([entry.path for entry in found])
    _refuse_many_folders([entry.path for entry in found], limits)
    if not found:
        raise Refused("The zip archive is empty. Export the package again.")
    return tuple(found)


def _is_folder(info: zipfile.ZipInfo, name: str) -> bool:
    return name.replace("\\", "/").endswith("/") or stat.S_ISDIR(info.external_attr >> 16)


def _check_kind(info: zipfile.ZipInfo, path: str) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise Refused("The file “%(name)s” is encrypted. Make the zip without a password.", name=shown(path))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise Refused(
            "“%(name)s” is a link or a special file. Put the file itself into the package.", name=shown(path)
        )
    if info.compress_type not in _METHODS:
        raise Refused(
            "The file “%(name)s” is compressed in an unusual way. Make the zip with ordinary compression.",
            name=shown(path),
        )


def _refuse_collisions(paths: Sequence[str]) -> None:
    """Two files of one name, or a file where another needs a folder."""
    files = {folded(path) for path in paths}
    seen: set[str] = set()
    for path in paths:
        key = folded(path)
        parts = key.split("/")
        if key in seen or any("/".join(parts[:end]) in files for end in range(1, len(parts))):
            raise Refused(
                "The name “%(name)s” is used twice in the package (capital letters make no difference). "
                "Rename one of the files.",
                name=shown(path),
            )
        seen.add(key)


def _refuse_many_folders(paths: Sequence[str], limits: Limits) -> None:
    folders: set[str] = set()
    for path in paths:
        parts = path.split("/")
        folders.update("/".join(parts[:end]) for end in range(1, len(parts)))
        if len(folders) > limits.files:
            raise too_many_files()
