"""What SQLite and PostgreSQL spell differently."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracking.tables import Base, table_of

Upsert = postgresql.Insert | sqlite.Insert

# A number that no other user of advisory locks in the database has.
GATE = 0x7265636F  # "reco"


def upsert(session: Session, model: type[Base]) -> Upsert:
    """An INSERT into the model's table that can be given ON CONFLICT."""
    table = table_of(model)
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def enter(session: Session) -> None:
    """Pass the gate of the record together with other writers, until the transaction ends."""
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:gate)"), {"gate": GATE})


def close(session: Session) -> None:
    """Wait until all other writers have left the gate and keep it closed until the transaction ends.

    For what is rare and must see everything: voiding, changed rules, rebuilding. SQLite has one writer
    anyway.
    """
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:gate)"), {"gate": GATE})


def latest(first: Any, *others: Any) -> ColumnElement[Any]:
    """The greatest of columns that are never null."""
    found: ColumnElement[Any] = first
    for other in others:
        found = case((other > found, other), else_=found)
    return found


def earliest(first: Any, *others: Any) -> ColumnElement[Any]:
    """The least of columns where null means never; null when all are."""
    found: ColumnElement[Any] = first
    for other in others:
        found = case((or_(found.is_(None), and_(other.is_not(None), other < found)), other), else_=found)
    return found


def is_before(moment: Any, end: Any) -> ColumnElement[bool]:
    """Whether `moment` lies before an end that may be null (never)."""
    return or_(end.is_(None), moment < end)
