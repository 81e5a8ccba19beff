"""Reading statements back (xAPI 1.0.3 part 3, 2.1.3), each as the JSON that was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracking.errors import Refused
from tracking.listed import one_of
from tracking.record.models import Agent, Statement
from tracking.record.order import LAST_SEQ, first_seq, milliseconds
from tracking.statements.filters import Filter, sought
from tracking.statements.merging import Found, next_found

__all__ = ["Filter", "Kept", "Page", "one", "statement", "statements", "voided_statement"]

PAGE = 100  # statements on a page, when the client does not say
LARGEST_PAGE = 500
LARGEST_BODY = 16 * 1024 * 1024  # bytes of JSON on a page, unless a single statement has more
_LONGEST_TOKEN = 19  # digits of the largest number a row can have

_RAW = select(Statement.seq, Statement.raw).where(one_of(Statement.seq))


@dataclass(frozen=True, slots=True)
class Page:
    """Statements as JSON, and the token of the next page, None after the last.

    `latest` is the greatest number of those on the page, 0 on an empty one.
    """

    statements: list[bytes]
    more: str | None
    latest: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement as JSON, and when it was stored."""

    raw: bytes
    stored: datetime


def statement(session: Session, statement_id: UUID, *, authority: str | None = None) -> bytes | None:
    """The statement with this id, unless it is voided; of one authority only, where that is given."""
    kept = one(session, statement_id, authority=authority)
    return kept.raw if kept else None


def voided_statement(session: Session, statement_id: UUID, *, authority: str | None = None) -> bytes | None:
    """The statement with this id, if it is voided; of one authority only, where that is given."""
    kept = one(session, statement_id, voided=True, authority=authority)
    return kept.raw if kept else None


def one(
    session: Session, statement_id: UUID, *, voided: bool = False, authority: str | None = None
) -> Kept | None:
    """The statement with this id, among those that are voided or those that are not."""
    condition = Statement.voided_at.is_not(None) if voided else Statement.voided_at.is_(None)
    query = select(Statement.raw, Statement.stored).where(Statement.id == statement_id, condition)
    if authority is not None:
        query = query.where(_vouched_by(authority))
    row = session.execute(query).one_or_none()
    return None if row is None else Kept(row.raw, row.stored)


def statements(
    session: Session,
    wanted: Filter,
    *,
    limit: int = PAGE,
    more: str | None = None,
    before: int = LAST_SEQ,
) -> Page:
    """A page of statements that are not voided, latest first unless `ascending`.

    `more` is the token of the page before; 0 as limit asks for as many as the store gives at once. Only
    statements whose number is less than `before` are listed (`tracking.statements.consistency`).
    """
    token = _read_token(more)
    known = sought(session, wanted)
    if known is None:
        return Page([], None)
    low, high = _bounds(wanted, token, before)
    size = min(limit or LARGEST_PAGE, LARGEST_PAGE)
    return _page(session, next_found(session, known, low, high, size + 1), size)


def _page(session: Session, found: Sequence[Found], size: int) -> Page:
    """Of those found, which are one more than the page may have where there are more."""
    seqs: list[int] = []
    total = 0
    for entry in found[:size]:
        total += entry.size
        if seqs and total > LARGEST_BODY:
            break
        seqs.append(entry.seq)
    more = str(seqs[-1]) if len(seqs) < len(found) else None
    kept = {row.seq: row.raw for row in session.connection().execute(_RAW, {"wanted": seqs})} if seqs else {}
    return Page([kept[seq] for seq in seqs], more, max(seqs, default=0))


def _bounds(wanted: Filter, token: int | None, before: int) -> tuple[int, int]:
    """Numbers between which to look, both exclusive; at the ends, `stored` itself decides."""
    low, high = -1, before
    if wanted.since is not None:
        low = first_seq(milliseconds(wanted.since)) - 1
    if wanted.until is not None:
        high = min(high, first_seq(milliseconds(wanted.until) + 1))
    if token is not None:
        low, high = (max(low, token), high) if wanted.ascending else (low, min(high, token))
    return low, high


def _vouched_by(authority: str) -> ColumnElement[bool]:
    return Statement.authority_id.in_(select(Agent.id).where(Agent.identifier == authority))


def _read_token(more: str | None) -> int | None:
    if more is None:
        return None
    if not (more.isascii() and more.isdigit()) or len(more) > _LONGEST_TOKEN or int(more) > LAST_SEQ:
        raise Refused("The address of the next page is not one that this store gave out.")
    return int(more)
