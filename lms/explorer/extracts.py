"""Extracts: files of statements, kept for a day for whoever made them.

An extract is a folder of its own below `LMS_DATA/extracts`, with the file and what is said of it. It holds
personal data, so it goes soon, and no backup has it.
"""

import re
import secrets
import shutil
import time
from pathlib import Path

import msgspec

from lms.core.errors import NotFound
from lms.settings import Settings

LIFE = 24 * 3600  # seconds
_TOKEN = re.compile(r"[0-9a-f]{32}")


class About(msgspec.Struct):
    """Which account made it, of which kind (`jsonl`, `xlsx`), and how many statements it holds."""

    owner: int
    kind: str
    statements: int


class Extract:
    """One extract; `file` is there once it is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.token = folder.name
        self.file = folder / "file"
        self.draft = folder / "draft"

    @property
    def about(self) -> About:
        return msgspec.json.decode((self.folder / "about.json").read_bytes(), type=About)

    def finish(self, about: About) -> None:
        """The draft is whole."""
        (self.folder / "about.json").write_bytes(msgspec.json.encode(about))
        self.draft.replace(self.file)


def begin(settings: Settings) -> Extract:
    """A folder for a new extract."""
    root = _root(settings)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = root / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    return Extract(folder)


def extract_of(settings: Settings, token: str, *, owner: int) -> Extract:
    """The extract, for whoever made it. Raises NotFound."""
    if _TOKEN.fullmatch(token):
        extract = Extract(_root(settings) / token)
        if extract.file.is_file() and extract.about.owner == owner:
            return extract
    raise NotFound("This file is no longer here: files are kept for a day. Make it again.")


def forget_old(settings: Settings, *, life: float = LIFE) -> int:
    """Remove what is older; returns how many."""
    root, forgotten = _root(settings), 0
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.stat().st_mtime < time.time() - life:
            shutil.rmtree(folder, ignore_errors=True)
            forgotten += 1
    return forgotten


def _root(settings: Settings) -> Path:
    return settings.data / "extracts"
