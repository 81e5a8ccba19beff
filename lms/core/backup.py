"""A whole installation in one file, and back: database, packages and files, from any database to any other.

The file is a tar.gz: `backup.json` (what it is), `tables/NAME.jsonl` (a row a line, in one state of the
database), `data/` (kept files, packages, the secret key). It holds personal data and secrets.
"""

import base64
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Date, LargeBinary, Table, Uuid, func, insert, select, text, update

from lms.core.clock import utc_now
from lms.core.database import Base
from lms.core.errors import Refused
from lms.core.migrating import revision_of
from lms.core.runtime import Runtime
from tracking.tables import metadata as record
from tracking.times import UTCDateTime

FORMAT = 1
KEPT = ("files", "packages", "attachments", "secret_key")
# Rows that are held at once; fewer where they are large (`info` of a table), or in all so many bytes.
BATCH = 1000
BATCH_BYTES = 32 * 1024 * 1024


def back_up(runtime: Runtime, target: Path) -> dict[str, int]:
    """Write the backup; returns the rows of each table. Nothing is left of one that fails."""
    draft = target.with_name(f".{target.name}.part")
    try:
        with _private(draft) as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
            with runtime.database.engine.connect() as connection:
                _hold_still(connection)
                counts = _write_tables(archive, connection)
            for name in KEPT:
                _add_all(archive, runtime.settings.data / name, f"data/{name}")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def restore(runtime: Runtime, source: Path) -> dict[str, int]:
    """Bring a backup into an empty installation; returns the rows of each table.

    Raises Refused, and changes nothing, for a file that is no backup or is of another version, and for an
    installation that holds anything.
    """
    try:
        with tarfile.open(source, mode="r:gz") as archive, runtime.database.transaction() as session:
            connection = session.connection()
            _check(archive, connection)
            counts = {table.name: _read_table(archive, connection, table) for table in _tables()}
            _go_on_counting(connection)
            _unpack(archive, runtime.settings.data)
    except (tarfile.TarError, EOFError, orjson.JSONDecodeError, KeyError) as error:
        raise Refused("This file is not a whole backup. Was it cut off? Take another one.") from error
    return counts


def _tables() -> list[Table]:
    """Every table, those first that others point to."""
    return [*record.sorted_tables, *Base.metadata.sorted_tables]


def _private(path: Path) -> IO[bytes]:
    """A new file that only its owner may read."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _hold_still(connection: Connection) -> None:
    """See one state of the database, whatever others write meanwhile (SQLite's WAL does so by itself)."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def _write_tables(archive: tarfile.TarFile, connection: Connection) -> dict[str, int]:
    about = {"format": FORMAT, "revision": revision_of(connection), "made": utc_now().isoformat()}
    _add(archive, "backup.json", orjson.dumps(about))
    return {table.name: _write_table(archive, connection, table) for table in _tables()}


def _write_table(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    """The rows, by way of a temporary file: an archive must know beforehand how long an entry is."""
    count = 0
    reading = connection.execution_options(yield_per=table.info.get("batch", BATCH))
    rows = reading.execute(select(table).order_by(*table.primary_key))
    with tempfile.TemporaryFile() as lines:
        for count, row in enumerate(rows.mappings(), 1):  # noqa: B007  (the last one counts)
            lines.write(orjson.dumps(dict(row), default=_plain) + b"\n")
        entry = tarfile.TarInfo(f"tables/{table.name}.jsonl")
        entry.size = lines.tell()
        lines.seek(0)
        archive.addfile(entry, lines)
    return count


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(type(value))


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _add_all(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """A file, or a folder with all that is in it.

    What goes away meanwhile is left out: no row of the state that was written names it.
    """
    with suppress(FileNotFoundError):
        archive.add(path, name, recursive=False)
        if path.is_dir() and not path.is_symlink():
            for below in sorted(path.iterdir()):
                _add_all(archive, below, f"{name}/{below.name}")


def _check(archive: tarfile.TarFile, connection: Connection) -> None:
    about = orjson.loads(_open(archive, "backup.json").read())
    if about["format"] != FORMAT or about["revision"] != revision_of(connection):
        raise Refused("This backup was made by another version. Install that version, restore, then upgrade.")
    for table in _tables():
        if connection.scalar(select(func.count()).select_from(table)):
            raise Refused(
                "This installation is not empty (%(table)s). Restore into a new one: another LMS_DATA, "
                "another database.",
                table=table.name,
            )


def _open(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _read_table(archive: tarfile.TarFile, connection: Connection, table: Table) -> int:
    """Insert the rows. A row may point to a later one of its own table: those pointers are set at the end."""
    own = [column.name for column in table.columns if column.references(_key(table))]
    readers = _readers(table)
    count, pointers = 0, []
    for rows in _batches(_open(archive, f"tables/{table.name}.jsonl")):
        for row in rows:
            for name, read in readers.items():
                row[name] = None if row[name] is None else read(row[name])
            for name in own:
                if row[name] is not None:
                    pointers.append({"row": row[_key(table).name], "to": row[name], "name": name})
                    row[name] = None
        connection.execute(insert(table), rows)
        count += len(rows)
    for pointer in pointers:
        change = update(table).where(_key(table) == pointer["row"])
        connection.execute(change.values({pointer["name"]: pointer["to"]}))
    return count


def _key(table: Table) -> Any:
    return next(iter(table.primary_key))


def _readers(table: Table) -> dict[str, Callable[[Any], Any]]:
    """How the columns that JSON has no words for are read back."""
    kinds: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (Uuid, UUID),
        (UTCDateTime, datetime.fromisoformat),
        (Date, date.fromisoformat),
        (LargeBinary, base64.b64decode),
    )
    return {
        column.name: read for column in table.columns for kind, read in kinds if isinstance(column.type, kind)
    }


def _batches(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    batch, size = [], 0
    for line in lines:
        batch.append(orjson.loads(line))
        size += len(line)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _go_on_counting(connection: Connection) -> None:
    """Let PostgreSQL's sequences go on after the numbers that were brought in; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in _tables():
        key = _key(table)
        sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', key.name)))
        if sequence:
            highest = connection.scalar(select(func.max(key)))
            connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))


def _unpack(archive: tarfile.TarFile, data: Path) -> None:
    for member in archive.getmembers():
        path = PurePosixPath(member.name)
        if not member.isfile() or path.parts[0] != "data" or ".." in path.parts:
            continue
        target = data.joinpath(*path.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        with _private(target) as copy:
            shutil.copyfileobj(_open(archive, member.name), copy)
