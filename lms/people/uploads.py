"""Files on their way into the database: kept while they are looked at, imported or mended, then forgotten.

An upload is a folder of its own below `LMS_DATA/uploads`: the file, who sent it, what a look at it found,
what its import did, the bad rows. It holds personal data, so it goes after a week.
"""

import re
import secrets
import shutil
import time
from pathlib import Path
from typing import IO

import msgspec

from lms.core.errors import NotFound
from lms.settings import Settings

LIFE = 7 * 24 * 3600  # seconds
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Told(msgspec.Struct):
    """A fault of a row, or a note about one, to be put into words when it is shown."""

    row: int
    column: str
    message: str
    params: dict[str, str | int]


class Findings(msgspec.Struct):
    """What a look at a roster found, or what its import did. `faults`, `notes`: the first; `bad`: rows."""

    created: int
    changed: int
    moved: int
    unchanged: int
    bad: int
    faults: list[Told]
    titles: list[str] = []
    first: list[list[str]] = []
    ignored: list[str] = []
    notes: list[Told] = []

    @property
    def good(self) -> int:
        return self.created + self.changed + self.moved + self.unchanged

    @property
    def rows(self) -> int:
        return self.good + self.bad

    @property
    def effects(self) -> int:
        """Rows that change something."""
        return self.created + self.changed + self.moved


class About(msgspec.Struct):
    """What was sent, by which account, for what (`people` or `units`), on behalf of which unit's code."""

    kind: str
    owner: int
    name: str
    unit: str = ""


class Upload:
    """One upload."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.token = folder.name
        self.file = folder / "file"

    @property
    def about(self) -> About:
        return msgspec.json.decode((self.folder / "about.json").read_bytes(), type=About)

    def bad_rows(self, suffix: str) -> Path:
        return self.folder / f"bad-rows.{suffix}"

    def bad_rows_written(self) -> Path | None:
        return next(iter(sorted(self.folder.glob("bad-rows.*"))), None)

    def keep(self, stage: str, findings: Findings) -> None:
        """Keep the findings of a stage (`check`, `import`), whole or not at all."""
        draft = self.folder / f"{stage}.draft"
        draft.write_bytes(msgspec.json.encode(findings))
        draft.replace(self.folder / f"{stage}.json")

    def findings(self, stage: str) -> Findings | None:
        file = self.folder / f"{stage}.json"
        return msgspec.json.decode(file.read_bytes(), type=Findings) if file.is_file() else None


def receive(settings: Settings, source: IO[bytes], about: About) -> Upload:
    """Keep a file that was sent, and forget those of more than a week ago."""
    root = _root(settings)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(root)
    folder = root / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    upload = Upload(folder)
    with upload.file.open("wb") as target:
        shutil.copyfileobj(source, target)
    (folder / "about.json").write_bytes(msgspec.json.encode(about))
    return upload


def upload_of(settings: Settings, token: str, *, kind: str, owner: int) -> Upload:
    """The upload, for whoever sent it. Raises NotFound."""
    if _TOKEN.fullmatch(token):
        upload = Upload(_root(settings) / token)
        if upload.file.is_file() and (upload.about.kind, upload.about.owner) == (kind, owner):
            return upload
    raise NotFound("This file is no longer here: files are kept for a week. Send it again.")


def _root(settings: Settings) -> Path:
    return settings.data / "uploads"


def _forget_old(root: Path) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < time.time() - LIFE:
            shutil.rmtree(folder, ignore_errors=True)
