"""The list of files inside a zip, read with suspicion: nothing here is believed but what was checked."""

import io
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from courses.errors import Refused
from courses.packaging.contents import Span, spans
from courses.packaging.encodings import decoded_names
from courses.packaging.ending import Ending, damaged, read_ending
from courses.packaging.limits import Limits
from courses.packaging.names import clean_path, folded, is_junk, shown

# APPNOTE 4.4.4: bit 0 encryption, bit 6 strong encryption, bit 13 encrypted list of files.
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DIRECTORY_BYTES_PER_FILE = 1024
_SMALLEST_DIRECTORY = 1024 * 1024
# What is read "to the end" is the archive's end with its comment (APPNOTE 4.3.16).
_END_AND_COMMENT = 22 + 0xFFFF


@dataclass(frozen=True)
class Entry:
    """One file to unpack; `path` is clean, `span` is where its packed bytes lie, `encoding` that of names."""

    path: str
    info: zipfile.ZipInfo
    span: Span
    encoding: str


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
        return self._stream.read(_END_AND_COMMENT if size is None or size < 0 else size)

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


@contextmanager
def reading() -> Iterator[None]:
    """Every way in which a broken archive makes the reader fail is the same refusal."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        EOFError,
        struct.error,
        NotImplementedError,
        OverflowError,
        RuntimeError,
        ValueError,
    ) as error:
        raise damaged() from error


def entries(stream: BinaryIO, limits: Limits) -> tuple[Entry, ...]:
    """The files to unpack, in the archive's order; refuses the archive when any entry is unsafe."""
    ending = read_ending(stream)
    infos = _listed(stream, ending, limits)
    found = tuple(_wanted(infos, spans(stream, infos, ending), limits))
    _refuse_collisions([entry.path for entry in found])
    _refuse_many_folders([entry.path for entry in found], limits)
    if not found:
        raise Refused("The zip archive is empty. Export the package again.")
    return found


def _listed(stream: BinaryIO, ending: Ending, limits: Limits) -> list[zipfile.ZipInfo]:
    """The archive's own list, which must have as many lines as it says."""
    most = max(_SMALLEST_DIRECTORY, limits.files * _DIRECTORY_BYTES_PER_FILE)
    if ending.count > limits.files:
        raise too_many_files()
    with reading():
        try:
            infos = zipfile.ZipFile(_Guarded(stream, most)).infolist()
        except OSError as error:  # a seek before the start of the file, where the list should have been
            raise damaged() from error
    if len(infos) != ending.count:
        raise damaged()
    return infos


def _wanted(infos: Sequence[zipfile.ZipInfo], places: Mapping[int, Span], limits: Limits) -> Iterator[Entry]:
    """Files, without folders and without what operating systems leave behind."""
    names, encoding = decoded_names(infos)
    for info, name in zip(infos, names, strict=True):
        if is_junk(name):
            continue
        path = clean_path(name, limits)
        _check_kind(info, path)
        if path and not _is_folder(info, name):
            yield Entry(path, info, places[info.header_offset], encoding)


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
