"""Statements that come with their files: multipart/mixed in, checked while it arrives, and out again.

`receive` reads a body into drafts and needs no database: a slow sender holds no lock. `store_received` stores
what was received, in the caller's transaction. Nothing of a body that was refused stays anywhere.
The sections are those of xAPI 1.0.3 part 3, 1.5.2; 2.0 asks for the same.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.orm import Session

from lms.core.drafts import Draft, Drafts, TooLong, drafting
from lms.core.files import Files
from lms.core.record import store_statements
from lms.settings import Settings
from lms.xapi.limits import MOST_FILES, TooLarge, refuse_large_json
from lms.xapi.multipart import Enclosed, Mixed, Part, Source, boundary_of, essence, read_parts, write_mixed
from tracking.statements import attachments
from tracking.statements.attachments import ALGORITHMS, Came, Header
from tracking.statements.services import StoreOutcome
from tracking.statements.signatures import CONTENT_TYPE, LONGEST, check_signature
from tracking.statements.validation import Invalid, Version, validate_batch

JSON = "application/json"
MIXED = "multipart/mixed"

Parse = Callable[[bytes], list[dict[str, Any]]]

_HASH = "x-experience-api-hash"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Received:
    """Valid statements, the headers of their attachments, and the files that came, by hash."""

    statements: list[dict[str, Any]]
    headers: list[Header]
    files: dict[str, Draft]
    drafts: Drafts


def is_mixed(content_type: str | None) -> bool:
    """Whether a body is multipart/mixed and not application/json. Raises Invalid for any other kind."""
    kind = essence(content_type or "")
    if kind not in (JSON, MIXED):
        raise Invalid("%(path)s: must be application/json or multipart/mixed", "Content-Type")
    return kind == MIXED


def refuse_unsent(statements: list[dict[str, Any]], version: Version) -> None:
    """Raises Invalid for statements sent as JSON whose files are nowhere to be had (1.5.1.s1.b2)."""
    if attachments.have_attachments(statements):
        validate_batch(statements, version)
        attachments.refuse_missing(attachments.headers(statements), {})


@contextmanager
def receive(
    source: Source, content_type: str, files: Files, *, parse: Parse, version: Version, largest: int
) -> Iterator[Received]:
    """Read a body. What was written of it is gone when the block ends, but for what was stored.

    `largest` is how many bytes a file may have. Raises Invalid, TooLarge, DiskFull.
    """
    parts = read_parts(source, boundary_of(content_type))
    with drafting(files) as drafts:
        statements = parse(_json(parts))
        if not statements:
            raise Invalid("%(path)s: holds no statement", "part 1")
        validate_batch(statements, version)
        headers = list(attachments.headers(statements))
        came = _files(parts, headers, drafts, largest)
        attachments.refuse_missing(headers, came)
        for header in headers:
            if header.is_signature:
                _check_signature(header, came[header.sha2], statements[header.statement], version)
        drafts.sync(came.values())
        yield Received(statements, headers, came, drafts)


def store_received(
    session: Session, received: Received, *, settings: Settings, authority: dict[str, Any], version: Version
) -> StoreOutcome:
    """Store the statements, and keep the files of those that are new before the transaction is committed."""
    attachments.hold_files(session)
    outcome = store_statements(
        session, received.statements, settings=settings, authority=authority, version=version
    )
    firsts = {statement_id: place for place, statement_id in reversed(list(enumerate(outcome.ids)))}
    new = {firsts[statement_id]: statement_id for statement_id in outcome.new}
    headers = [header for header in received.headers if header.statement in new]
    wanted = {header.sha2: received.files[header.sha2] for header in headers if header.sha2 in received.files}
    received.drafts.keep(wanted.values())
    attachments.keep(
        session,
        ((new[header.statement], header) for header in headers),
        {sha2: Came(draft.name, draft.length) for sha2, draft in wanted.items()},
    )
    return outcome


def enclose(session: Session, body: bytes, statements: Iterable[bytes], files: Files) -> Mixed:
    """The body, JSON of these statements, with the files that came with them, each once (1.5.2.s3.b1)."""
    enclosed = []
    for kept in attachments.attachments_of(session, statements):
        path = files.attachment(kept.file)
        if path.is_file() and path.stat().st_size == kept.length:
            enclosed.append(Enclosed(kept.sha2, kept.content_type, kept.length, path))
        else:
            # Whoever asked must get the rest; that this is gone is for those who run the site.
            log.error("attachment_missing", file=kept.file)
    return write_mixed(body, enclosed)


def _json(parts: Iterator[Part]) -> bytes:
    """The content of the first part (s2.b2.b1)."""
    first = next(parts, None)
    if first is None:
        raise Invalid("%(path)s: has no parts; the first must hold the statements", "body")
    if first.media_type() != JSON:
        raise Invalid(
            "%(path)s: its Content-Type must be application/json; it holds the statements", "part 1"
        )
    found = bytearray()
    for chunk in first.content:
        found += chunk
        refuse_large_json(len(found))
    return bytes(found)


def _files(
    parts: Iterator[Part], headers: Iterable[Header], drafts: Drafts, largest: int
) -> dict[str, Draft]:
    """The files of the other parts, by the hash under which each was sent."""
    wanted: dict[str, list[Header]] = {}
    for header in headers:
        wanted.setdefault(header.sha2, []).append(header)
    found: dict[str, Draft] = {}
    for part in parts:
        if part.number > MOST_FILES + 1:
            raise Invalid(
                "%(path)s: more than %(most)s files at once; send several requests", "body", most=MOST_FILES
            )
        sha2 = _announced(part, wanted)
        found[sha2] = _written(part, sha2, wanted[sha2], drafts, largest)
    return found


def _announced(part: Part, wanted: dict[str, list[Header]]) -> str:
    """The hash that a part names, which must be that of an attachment (s2.b2.b3, b4, b7)."""
    where = f"part {part.number}"
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise Invalid("%(path)s: needs the header Content-Transfer-Encoding: binary", where)
    sha2 = part.headers.get(_HASH, "").lower()
    if not sha2:
        raise Invalid("%(path)s: needs the header X-Experience-API-Hash", where)
    if sha2 not in wanted:
        raise Invalid("%(path)s: no attachment of a statement has the hash of its header", where)
    given = part.media_type()
    if given is not None and given not in {essence(header.said["contentType"]) for header in wanted[sha2]}:
        raise Invalid("%(path)s: its Content-Type is not the contentType of the attachment", where)
    return sha2


def _written(part: Part, sha2: str, headers: list[Header], drafts: Drafts, largest: int) -> Draft:
    """The part as a file, which must have the hash.

    The hash alone decides (s1.b4). That `length` tells the number of its bytes is demanded only where the
    part tells its Content-Length too (s2.b2.b7): the official tests send a `length` that is another.
    """
    where = f"part {part.number}"
    algorithm = ALGORITHMS[len(sha2)]
    try:
        draft = drafts.write(part.content, algorithm=algorithm, most=largest)
    except TooLong as error:
        raise TooLarge("A file may have %(most)s MB at most.", most=largest >> 20) from error
    if draft.digests[algorithm] != sha2:
        raise Invalid("%(path)s: its bytes have another hash than its header says", where)
    told = part.headers.get("content-length")
    if told is not None and not (
        told == str(draft.length) and any(header.said["length"] == draft.length for header in headers)
    ):
        raise Invalid(
            "%(path)s: its Content-Length and the length of the attachment must be its length", where
        )
    return draft


def _check_signature(header: Header, draft: Draft, statement: dict[str, Any], version: Version) -> None:
    """Data 2.6.s5.b1."""
    if essence(header.said["contentType"]) != CONTENT_TYPE:
        raise Invalid(
            "%(path)s: the contentType of a signature must be application/octet-stream", header.path
        )
    if draft.length > LONGEST:
        raise Invalid("%(path)s: the signature is too long", header.path)
    try:
        check_signature(draft.path.read_bytes(), statement, version)
    except Invalid as fault:
        raise Invalid(fault.message, **{**fault.params, "path": header.path}) from fault
