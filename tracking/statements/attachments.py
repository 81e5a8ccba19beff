"""The files that come with statements: what must have come, what came, and what is kept of it.

Nothing here knows how files travel or where they lie; it knows their hashes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import is_sqlite
from tracking.listed import insert_rows, one_of
from tracking.record.attachments import Attachment
from tracking.statements.comparing import SIGNATURE
from tracking.statements.validation import Invalid
from tracking.tables import table_of

# SHA-2 by the number of its hexadecimal digits; `validation` accepts these.
ALGORITHMS = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}

# A number that no other user of advisory locks in the database has.
_FILES = 0x66696C65  # "file"

_OF_STATEMENTS = select(
    Attachment.statement_id, Attachment.sha2, Attachment.file, Attachment.content_type, Attachment.length
).where(one_of(Attachment.statement_id))
_REFERRED_TO = select(Attachment.file).where(one_of(Attachment.file)).distinct()


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an attachment: the place of its statement in the request, its path, what it says.

    `own` is false for that of a sub-statement.
    """

    statement: int
    path: str
    own: bool
    said: dict[str, Any]

    @property
    def sha2(self) -> str:
        found: str = self.said["sha2"]
        return found.lower()

    @property
    def is_signature(self) -> bool:
        """Whether it is the signature of its statement (Data 2.6.s4.b1)."""
        return self.own and self.said["usageType"] == SIGNATURE

    @property
    def must_come(self) -> bool:
        """Whether its file must come with the request: it cannot be had elsewhere, or must be looked at."""
        return "fileUrl" not in self.said or self.is_signature


@dataclass(frozen=True, slots=True)
class Came:
    """A file that came with a request: its SHA-256 and its length."""

    file: str
    length: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that came with a statement, as its row says."""

    sha2: str
    file: str
    content_type: str
    length: int


def headers(statements: Sequence[dict[str, Any]]) -> Iterator[Header]:
    """The headers of all attachments of valid statements, those of sub-statements too.

    Of several statements their paths name the one, as those of `validate_batch` do.
    """
    for place, statement in enumerate(statements):
        start = f"[{place}]." if len(statements) > 1 else ""
        about = statement["object"]
        for number, said in enumerate(statement.get("attachments", ())):
            yield Header(place, f"{start}attachments[{number}]", own=True, said=said)
        for number, said in enumerate(about.get("attachments", ())):
            yield Header(place, f"{start}object.attachments[{number}]", own=False, said=said)


def may_have_attachments(body: bytes) -> bool:
    """Whether a JSON text may name attachments: quick, and true where an escape may spell the word."""
    return b"attachments" in body or b"\\u" in body


def have_attachments(statements: Iterable[dict[str, Any]]) -> bool:
    """Whether any statement, valid or not, has attachments, or its object has."""
    for statement in statements:
        if "attachments" in statement:
            return True
        about = statement.get("object")
        if type(about) is dict and "attachments" in about:
            return True
    return False


def refuse_missing(found: Iterable[Header], came: Mapping[str, object]) -> None:
    """Raises Invalid for an attachment whose file must have come and has not (Communication 1.5.2.s3.b5)."""
    for header in found:
        if header.must_come and header.sha2 not in came:
            if header.is_signature:
                message = "%(path)s: a signature must come with its statement, as multipart/mixed"
            else:
                message = "%(path)s: has no fileUrl, so its file must come as well, as multipart/mixed"
            raise Invalid(message, header.path)


def hold_files(session: Session) -> None:
    """Let no file be swept until the transaction ends; many may hold them at once.

    To be called before files are given their names. On SQLite it is enough that the transaction has begun,
    as one that writes: there is no other then.
    """
    session.connection()
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:number)"), {"number": _FILES})


def unreferred(session: Session, files: Sequence[str], *, certain: bool) -> set[str]:
    """Which of the files (by SHA-256) no statement has.

    `certain`: wait for all transactions that hold files, and keep others out until this one ends. Otherwise
    some of the answer may belong to statements that are just being stored.
    """
    if certain and not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _FILES})
    known: set[str] = set()
    for part in batches(files):
        known.update(session.connection().execute(_REFERRED_TO, {"wanted": part}).scalars())
    return set(files) - known


def keep(session: Session, found: Iterable[tuple[UUID, Header]], came: Mapping[str, Came]) -> None:
    """Note which files came with which new statements; headers without one are left out."""
    rows: dict[tuple[UUID, str], dict[str, Any]] = {}
    for statement_id, header in found:
        file = came.get(header.sha2)
        if file is not None:
            row = {
                "statement_id": statement_id,
                "sha2": header.sha2,
                "file": file.file,
                "content_type": header.said["contentType"],
                "length": file.length,
            }
            rows.setdefault((statement_id, header.sha2), row)
    insert_rows(session.connection(), table_of(Attachment), list(rows.values()))


def attachments_of(session: Session, statements: Iterable[bytes]) -> list[Kept]:
    """The files that came with these statements (JSON as kept), each once, in their order."""
    wanted = [UUID(orjson.loads(raw)["id"]) for raw in statements if b'"attachments"' in raw]
    rows: dict[UUID, list[Any]] = {}
    for part in batches(wanted):
        for row in session.connection().execute(_OF_STATEMENTS, {"wanted": part}):
            rows.setdefault(row.statement_id, []).append(row)
    found: dict[str, Kept] = {}
    for statement_id in wanted:
        for row in sorted(rows.get(statement_id, ()), key=lambda row: row.sha2):
            found.setdefault(row.sha2, Kept(row.sha2, row.file, row.content_type, row.length))
    return list(found.values())
