"""Packages that were sent and wait for their import; nothing of them is left when it has ended."""

import re
import secrets
import shutil
from pathlib import Path, PurePath
from typing import IO

from lms.catalogue.packages import ENDINGS
from lms.core.errors import NotFound
from lms.core.files import CHUNK, Files, needing_room

PREFIX = "upload-"
_NAME = re.compile(rf"{PREFIX}[0-9a-f]{{32}}\.(zip|pif|xml)")


def take_in(files: Files, stream: IO[bytes], filename: str) -> str:
    """Write what was sent to the disk; returns the name by which `waiting` finds it. Raises DiskFull."""
    ending = PurePath(filename).suffix.lower()
    name = f"{PREFIX}{secrets.token_hex(16)}{ending if ending in ENDINGS else '.zip'}"
    target = files.temporary / name
    try:
        with needing_room(), target.open("xb") as copy:
            shutil.copyfileobj(stream, copy, CHUNK)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return name


def waiting(files: Files, name: str) -> Path:
    """Raises NotFound once it has been swept away."""
    path = files.temporary / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("The file that was sent is not here any more. Please send it again.")
    return path


def forget(files: Files, name: str) -> None:
    if _NAME.fullmatch(name):
        (files.temporary / name).unlink(missing_ok=True)
