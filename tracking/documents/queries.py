"""Reading documents."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracking.documents.models import Document
from tracking.documents.places import Place, Shelf

_DOCUMENT = select(Document.content, Document.content_type, Document.etag, Document.updated).where(
    Document.place == bindparam("wanted")
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as it is kept."""

    content: bytes
    content_type: str
    etag: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """Names of documents, each once, and when the newest of them was last changed."""

    names: list[str]
    updated: datetime | None


def document(session: Session, place: Place) -> Kept | None:
    row = session.connection().execute(_DOCUMENT, {"wanted": place.key}).one_or_none()
    return row and Kept(row.content, row.content_type, row.etag, row.updated)


def listing(
    session: Session, shelf: Shelf, *, registration: UUID | None = None, since: datetime | None = None
) -> Listing:
    """What lies on a shelf: of one registration, or of all and of none; changed after `since`, or ever."""
    query = select(Document.name, Document.updated).where(Document.shelf == shelf.key)
    if registration is not None:
        query = query.where(Document.registration == registration)
    if since is not None:
        query = query.where(Document.updated > since)
    rows = session.execute(query.order_by(Document.id)).all()
    return Listing(
        list(dict.fromkeys(row.name for row in rows)), max((row.updated for row in rows), default=None)
    )
