"""Removes files that came with statements which were never stored, or only begun.

A file gets its name before the transaction is committed that names it (`lms.core.drafts`). That none of these
is taken away does not rest on how long a transaction may last: whoever gives names holds all files until the
transaction has ended (`attachments.hold_files`), and nothing is removed while anybody does.
"""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from lms.core.drafts import PREFIX
from lms.core.runtime import Runtime
from tracking.batches import batches
from tracking.statements.attachments import unreferred

OLD = timedelta(hours=1)  # younger files are hardly ever orphans: not worth a look
ABANDONED = timedelta(days=1)  # longer than any request lasts


def sweep_files(runtime: Runtime, *, old: timedelta = OLD) -> int:
    """Remove the files that no statement has; returns how many."""
    removed = 0
    for names in _old_names(runtime.files.attachments, old):
        with runtime.database.snapshot() as session:
            suspects = sorted(unreferred(session, names, certain=False))
        for part in batches(suspects):
            with runtime.database.transaction() as session:
                for name in unreferred(session, part, certain=True):
                    runtime.files.attachment(name).unlink(missing_ok=True)
                    removed += 1
    return removed


def sweep_drafts(runtime: Runtime, *, abandoned: timedelta = ABANDONED) -> int:
    """Remove the drafts of requests that a crash has ended; returns of how many."""
    left = [path for path in runtime.files.temporary.glob(f"{PREFIX}*") if _age(path) > abandoned]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _old_names(folder: Path, old: timedelta) -> Iterator[list[str]]:
    """The names of old files, folder by folder: there may be very many."""
    for part in sorted(folder.iterdir()):
        names = [entry.name for entry in os.scandir(part) if _age(entry) > old] if part.is_dir() else []
        if names:
            yield names


def _age(file: "Path | os.DirEntry[str]") -> timedelta:
    try:
        return timedelta(seconds=time.time() - file.stat().st_mtime)
    except FileNotFoundError:
        return timedelta(0)
