"""The table of documents."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracking.record.models import Serial
from tracking.tables import Base
from tracking.times import UTCDateTime


class Document(Base):
    """A document. `place` and `shelf` are the keys of `places`; what they are made of stands beside them.

    The bytes are kept in the row: they change in the same transaction, and backups carry them.
    """

    __tablename__ = "document"
    __table_args__ = {"info": {"batch": 20}}  # noqa: RUF012  (how many to hold in memory at once)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    place: Mapped[UUID] = mapped_column(unique=True)
    shelf: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(Text)
    activity: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(Text)
    registration: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    etag: Mapped[str] = mapped_column(Text)  # SHA-1 of the content, in hexadecimal digits
    updated: Mapped[datetime] = mapped_column(UTCDateTime)
    content: Mapped[bytes] = mapped_column(LargeBinary)
