"""The files that came with statements."""

from uuid import UUID

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracking.tables import Base


class Attachment(Base):
    """A file that came with a statement (Data 2.4.11); one known only by its `fileUrl` has no row.

    Rows belong to statements, not to files: whoever may read a statement may read what came with it, and not
    what somebody else sent under the same hash. `sha2` is the hash by which the statement names the file, in
    lower case; `file` its SHA-256, under which it lies on disk, once for all statements; `length` its true
    number of octets.
    """

    __tablename__ = "attachment"

    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha2: Mapped[str] = mapped_column(String(128), primary_key=True)
    file: Mapped[str] = mapped_column(String(64), index=True)
    content_type: Mapped[str] = mapped_column(Text)
    length: Mapped[int] = mapped_column(BigInteger)
