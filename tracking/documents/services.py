"""Writing documents, each in the caller's transaction.

On PostgreSQL the row is locked before its tag is compared; on SQLite the transaction must have begun as a
writing one. Where two create the same document at once, the second looks again at what the first left.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete as delete_from
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.dialects import upsert
from tracking.documents.errors import TooLarge
from tracking.documents.merging import check_json, is_json, merged
from tracking.documents.models import Document
from tracking.documents.places import Place, Shelf
from tracking.documents.preconditions import ALWAYS, Precondition, etag_of
from tracking.documents.queries import Kept
from tracking.record.dictionaries import check_word
from tracking.statements.validation import Invalid
from tracking.tables import table_of
from tracking.times import utc_now

LARGEST = 16 * 1024 * 1024  # bytes, unless the caller says otherwise
LONGEST_TYPE = 255  # characters

# The kept document, None for none, to the content and type that shall stand in its place.
_Decision = Callable[[Kept | None], tuple[bytes, str]]


def put(
    session: Session,
    place: Place,
    content: bytes,
    content_type: str,
    *,
    precondition: Precondition = ALWAYS,
    largest: int = LARGEST,
    now: datetime | None = None,
) -> Kept:
    """Put the document there, in place of any other. Raises Invalid, TooLarge, or as `Precondition.check`.

    What is said to be JSON must be (3.2.s3.b6).
    """
    if is_json(content_type):
        check_json(content)

    def decide(kept: Kept | None) -> tuple[bytes, str]:
        precondition.check(kept.etag if kept else None)
        return content, content_type

    return _write(session, place, decide, largest, now)


def merge(
    session: Session,
    place: Place,
    content: bytes,
    content_type: str,
    *,
    precondition: Precondition = ALWAYS,
    largest: int = LARGEST,
    now: datetime | None = None,
) -> Kept:
    """Merge the JSON object into the one that is there, or put it there (2.2.s7, s8).

    Raises Invalid where one of the two is not JSON, TooLarge, or as `Precondition.check`.
    """
    if is_json(content_type):
        check_json(content)

    def decide(kept: Kept | None) -> tuple[bytes, str]:
        precondition.check(kept.etag if kept else None)
        if kept is None:
            return content, content_type
        for given, name in ((content_type, "sent"), (kept.content_type, "there")):
            if not is_json(given):
                message = "%(path)s: the document that is %(which)s is not application/json; PUT replaces it"
                raise Invalid(message, "Content-Type", which=name)
        return merged(kept.content, content), kept.content_type

    return _write(session, place, decide, largest, now)


def delete(session: Session, place: Place, *, precondition: Precondition = ALWAYS) -> bool:
    """Take the document away; whether there was one. Raises as `Precondition.check`."""
    found = _held(session, place, Document.id, Document.etag)
    precondition.check(found.etag if found else None)
    if found is not None:
        session.execute(delete_from(table_of(Document)).where(Document.id == found.id))
    return found is not None


def delete_all(session: Session, shelf: Shelf, *, registration: UUID | None = None) -> int:
    """Take all documents of a shelf away, or those of one registration; how many there were."""
    query = select(Document.id).where(Document.shelf == shelf.key).order_by(Document.id).with_for_update()
    if registration is not None:
        query = query.where(Document.registration == registration)
    found = session.scalars(query).all()
    for part in batches(found):
        session.execute(delete_from(table_of(Document)).where(Document.id.in_(part)))
    return len(found)


def _held(session: Session, place: Place, *columns: Any) -> Any:
    """The row at this place, which nobody else changes until the transaction ends."""
    query = select(*columns).where(Document.place == place.key).with_for_update()
    return session.execute(query).one_or_none()


def _write(session: Session, place: Place, decide: _Decision, largest: int, now: datetime | None) -> Kept:
    _check_names(place)
    while True:
        row = _held(
            session,
            place,
            Document.id,
            Document.content,
            Document.content_type,
            Document.etag,
            Document.updated,
        )
        kept = row and Kept(row.content, row.content_type, row.etag, row.updated)
        content, content_type = decide(kept)
        _check_size(content, content_type, largest)
        new = Kept(content, content_type, etag_of(content), now or utc_now())
        if row is not None:
            _replace(session, row.id, new)
            return new
        if _insert(session, place, new):
            return new


def _check_names(place: Place) -> None:
    for word in (place.name, place.shelf.activity, place.shelf.agent):
        if word is not None:
            check_word(word)


def _check_size(content: bytes, content_type: str, largest: int) -> None:
    if len(content) > largest:
        raise TooLarge("The document has more than %(largest)s bytes.", largest=largest)
    if len(content_type) > LONGEST_TYPE or not content_type.isascii() or not content_type.isprintable():
        raise Invalid("%(path)s: not a media type of at most 255 characters", "Content-Type")


def _replace(session: Session, row: int, new: Kept) -> None:
    session.execute(update(table_of(Document)).where(Document.id == row).values(_values(new)))


def _insert(session: Session, place: Place, new: Kept) -> bool:
    """Whether the document was put there; if not, somebody else just put one there."""
    shelf = place.shelf
    about = {"place": place.key, "shelf": shelf.key, "kind": shelf.kind.value, "activity": shelf.activity,
             "agent": shelf.agent, "registration": place.registration, "name": place.name}  # fmt: skip
    statement = upsert(session, Document).values(about | _values(new)).on_conflict_do_nothing()
    return session.scalar(statement.returning(Document.id)) is not None


def _values(new: Kept) -> dict[str, Any]:
    return {
        "content": new.content,
        "content_type": new.content_type,
        "etag": new.etag,
        "updated": new.updated,
    }
