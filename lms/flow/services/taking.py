"""Taking a page of another store's statements in: the good ones stored, the others put aside with the reason.

A source's own `stored` and `authority` are noted beside the statement (`Arrival`), not in it: the authority
of what is kept here is ours, vouching for the source (docs/decisions/0015-who-vouches.md).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.errors import Refused
from lms.core.files import Files
from lms.core.record import store_statements
from lms.flow.letters import Refusal, mark_of
from lms.flow.models import Arrival, RemoteStore
from lms.flow.outcomes import Trouble
from lms.flow.remote import Remote
from lms.settings import Settings
from lms.xapi.attaching import Received, receive, store_received
from lms.xapi.limits import TooLarge
from tracking.batches import batches
from tracking.errors import Refused as RefusedByRecord
from tracking.record.models import Statement
from tracking.statements import attachments
from tracking.statements.comparing import same
from tracking.statements.parsing import parse_statement
from tracking.statements.validation import Version, validate


class Unacceptable(Refused):
    """A statement that another store should not have given."""


# What is said of statements. Other refusals, as of a full disk, are about us: then nothing is put aside.
REFUSALS = (Unacceptable, RefusedByRecord, TooLarge)
IN_MEMORY = 1 << 20  # bytes of files before they go through the disk


class Unfetched(Exception):
    """The files of a statement could not be had for now; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass
class Sorted:
    """A page sorted out: `fresh` statements as they will be stored, by id, `known` ones counted, `refused`.

    `said` is what the source had set in the fresh ones; `files` are those that belong to them.
    """

    fresh: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    said: dict[UUID, bytes] = field(default_factory=dict)
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)
    files: list[Received] = field(default_factory=list)

    def singles(self) -> "Iterator[Sorted]":
        """Each fresh statement by itself, with its files."""
        for statement_id, statement in self.fresh.items():
            own = [each for each in self.files if each.statements[0] is statement]
            yield Sorted({statement_id: statement}, {statement_id: self.said[statement_id]}, files=own)

    def refuse(self, refusal: Refused | RefusedByRecord) -> list[Refusal]:
        """The fresh statements as refused ones."""
        return [_refusal(statement, refusal) for statement in self.fresh.values()]


def authority_of(remote: RemoteStore, home_page: str) -> dict[str, Any]:
    """The agent that vouches for what was pulled from this source."""
    account = {"homePage": home_page, "name": f"source:{remote.id}"}
    return {"objectType": "Agent", "name": remote.name, "account": account}


def sort_out(session: Session, items: Iterable[Any], version: str) -> Sorted:
    """Tell statements that are new, kept already, and not acceptable apart. Only reads."""
    found = Sorted()
    for item in items:
        try:
            statement = _checked(item, version)
            statement_id = UUID(statement["id"])
            first = found.fresh.setdefault(statement_id, statement)
            if first is not statement and not same(first, statement):
                raise Unacceptable("Two statements of the other store have this id and differ.")
        except REFUSALS as refusal:
            found.refused.append(_refusal(item, refusal))
        else:
            found.said.setdefault(statement_id, _said_by_source(item))
    _compare(session, found)
    return found


@contextmanager
def with_files(found: Sorted, store: Remote, files: Files, *, version: str, largest: int) -> Iterator[None]:
    """Fetch the files that statements must come with, one by one. Raises Unfetched where it may work later.

    What cannot be had at all is refused.
    """
    with ExitStack() as drafts:
        for statement_id, statement in list(found.fresh.items()):
            if not any(header.must_come for header in attachments.headers([statement])):
                continue
            try:
                received = _fetched(
                    drafts, store, statement_id, files, version_of(statement, version), largest
                )
            except REFUSALS as refusal:
                del found.fresh[statement_id]
                found.refused.append(_refusal(statement, refusal))
            else:
                found.fresh[statement_id] = received.statements[0]
                found.files.append(received)
        yield


def store_fresh(session: Session, remote: RemoteStore, found: Sorted, settings: Settings) -> set[UUID]:
    """Store what is new and note where it came from. Raises what the record refuses."""
    authority, new = authority_of(remote, settings.public_url), set[UUID]()
    for version in ("1.0.3", "2.0.0"):
        statements = [each for each in found.fresh.values() if version_of(each, remote.version) == version]
        if statements:
            new |= _store(session, statements, found.files, settings, authority, version)
    session.add_all(
        Arrival(statement_id=each, remote_id=remote.id, said=found.said.get(each, b"{}")) for each in new
    )
    return new


def version_of(statement: dict[str, Any], otherwise: str) -> Version:
    """By the rules of which version a statement is read: its own, or the one that the source was asked in."""
    own = statement.get("version")
    text = own if isinstance(own, str) else otherwise
    return "2.0.0" if text.startswith("2.") else "1.0.3"


def _store(
    session: Session,
    statements: list[dict[str, Any]],
    files: Sequence[Received],
    settings: Settings,
    authority: dict[str, Any],
    version: Version,
) -> set[UUID]:
    if not files:
        outcome = store_statements(
            session, statements, settings=settings, authority=authority, version=version
        )
        return outcome.new
    came = {sha2: draft for received in files for sha2, draft in received.files.items()}
    whole = Received(statements, list(attachments.headers(statements)), came, files[0].drafts)
    return store_received(session, whole, settings=settings, authority=authority, version=version).new


def _fetched(
    drafts: ExitStack, store: Remote, statement_id: UUID, files: Files, version: Version, largest: int
) -> Received:
    """A statement with its files, asked for by itself."""
    with SpooledTemporaryFile(IN_MEMORY) as body:
        outcome = store.with_files(str(statement_id), body, largest=largest)
        if outcome.trouble is not None:
            if outcome.trouble.status == 404:  # noqa: PLR2004  (voided meanwhile)
                raise Unacceptable("The other store does not give the file that belongs to this statement.")
            raise Unfetched(outcome.trouble)
        body.seek(0)

        def parse(raw: bytes) -> list[dict[str, Any]]:
            statement = _without(parse_statement(raw))
            if str(statement.get("id", "")).lower() != str(statement_id):
                raise Unacceptable("The other store gave another statement than it was asked for.")
            return [statement]

        reading = receive(body, outcome.value or "", files, parse=parse, version=version, largest=largest)
        return drafts.enter_context(reading)


def _checked(item: Any, version: str) -> dict[str, Any]:
    """The statement less what its store had set. Raises what is refused."""
    if not isinstance(item, dict):
        raise Unacceptable("This is no statement: it is not a JSON object.")
    statement = _without(item)
    if "id" not in statement:
        # With an id of our making it would be another statement each time that it is pulled.
        raise Unacceptable("It has no id. A record store must give every statement one.")
    if "timestamp" not in statement and isinstance(item.get("stored"), str):
        statement["timestamp"] = item["stored"]  # what its store had to set (Data 2.4.7)
    validate(statement, version_of(statement, version))
    try:
        orjson.dumps(statement)
    except orjson.JSONEncodeError as error:
        raise Unacceptable("It holds a number or text that cannot be kept.") from error
    return statement


def _without(statement: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in ("stored", "authority")}


def _said_by_source(item: dict[str, Any]) -> bytes:
    told = {name: item[name] for name in ("stored", "authority") if name in item}
    return _written(told)


def _written(value: Any) -> bytes:
    """JSON of anything that was read as such, also of halves of characters, which UTF-8 does not have."""
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace")


def _refusal(item: Any, refusal: Refused | RefusedByRecord) -> Refusal:
    raw = _written(item)
    return Refusal(mark_of(item, raw), refusal.message, dict(refusal.params), raw=raw)


def _compare(session: Session, found: Sorted) -> None:
    """Set aside those that are kept already: the same ones are known, others conflict."""
    for part in batches(list(found.fresh)):
        kept = session.execute(select(Statement.id, Statement.raw).where(Statement.id.in_(part)))
        for statement_id, raw in kept:
            statement = found.fresh.pop(statement_id)
            if same(orjson.loads(raw), statement):
                found.known += 1
            else:
                refusal = Unacceptable(
                    "A statement with this id is kept here already and says something else."
                )
                found.refused.append(_refusal(statement, refusal))
