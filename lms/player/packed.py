"""Text of packages, kept compressed: done once, when it is first asked for, for everybody after."""

import gzip
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import brotli  # which Flask-Compress brings

LEAST = 1024  # bytes; less is not worth it
MOST = 16 * 1024 * 1024  # what is larger would keep a request waiting
_SLOWLY = 1024 * 1024  # up to so many bytes there is time to compress well


def _br(data: bytes) -> bytes:
    packed: bytes = brotli.compress(data, quality=9 if len(data) <= _SLOWLY else 5)
    return packed


def _gz(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)


PACKERS: dict[str, Callable[[bytes], bytes]] = {"br": _br, "gzip": _gz}


def packed(file: Path, shelf: Path, encoding: str) -> Path | None:
    """The compressed form of `file`, kept beside `shelf`; None where there is no sense or no room for one."""
    size = file.stat().st_size
    if not LEAST <= size <= MOST:
        return None
    kept = shelf.with_name(f"{shelf.name}.{encoding}")
    if not kept.is_file():
        try:
            _keep(PACKERS[encoding](file.read_bytes()), kept)
        except OSError:
            return None  # a full disk: then it goes as it is
    return kept if kept.stat().st_size < size else None


def _keep(data: bytes, target: Path) -> None:
    """Whole or not at all, also when two do it at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(target)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
