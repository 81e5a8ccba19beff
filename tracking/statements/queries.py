"""Reading statements back (xAPI 1.0.3 part 3, 2.1.3), each as the JSON that was kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracking.errors import Refused
from tracking.record.models import Activity, Agent, Statement, Verb
from tracking.tables import Query

PAGE = 100  # statements on a page, when the client does not say
LARGEST_PAGE = 500
_LONGEST_TOKEN = 18  # digits of the largest number a row can have


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list; None asks for everything. `since` is exclusive and `until` inclusive, both of `stored`.

    `agent` and `authority` are canonical identifiers (`tracking.statements.agents.identifier`): of an Agent,
    or of a Group as a whole.
    """

    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    authority: str | None = None
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Statements as JSON, and the token of the next page, None after the last."""

    statements: list[bytes]
    more: str | None


def statement(session: Session, statement_id: UUID, *, authority: str | None = None) -> bytes | None:
    """The statement with this id, unless it is voided; of one authority only, where that is given."""
    return _one(session, statement_id, Statement.voided_at.is_(None), authority)


def voided_statement(session: Session, statement_id: UUID, *, authority: str | None = None) -> bytes | None:
    """The statement with this id, if it is voided; of one authority only, where that is given."""
    return _one(session, statement_id, Statement.voided_at.is_not(None), authority)


def statements(session: Session, wanted: Filter, *, limit: int = PAGE, more: str | None = None) -> Page:
    """A page of statements that are not voided, latest first unless `ascending`.

    `more` is the token of the page before; 0 as limit asks for as many as the store gives at once.
    """
    if any("\x00" in (word or "") for word in (wanted.agent, wanted.verb, wanted.activity)):
        return Page([], None)  # no such word is kept, and PostgreSQL cannot even be asked for it
    size = min(limit or LARGEST_PAGE, LARGEST_PAGE)
    query = select(Statement.seq, Statement.raw).where(Statement.voided_at.is_(None), *_conditions(wanted))
    query = _from(query, _read_token(more), ascending=wanted.ascending).limit(size + 1)
    rows = session.execute(query).all()
    following = str(rows[size - 1].seq) if len(rows) > size else None
    return Page([row.raw for row in rows[:size]], following)


def _one(
    session: Session, statement_id: UUID, condition: ColumnElement[bool], authority: str | None
) -> bytes | None:
    query = select(Statement.raw).where(Statement.id == statement_id, condition)
    if authority is not None:
        query = query.where(_vouched_by(authority))
    return session.scalar(query)


def _vouched_by(authority: str) -> ColumnElement[bool]:
    return Statement.authority_id.in_(select(Agent.id).where(Agent.identifier == authority))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.agent is not None:
        agents = select(Agent.id).where(Agent.identifier == wanted.agent)
        conditions.append(Statement.agent_id.in_(agents))
    if wanted.authority is not None:
        conditions.append(_vouched_by(wanted.authority))
    if wanted.verb is not None:
        verb = select(Verb.id).where(Verb.iri == wanted.verb).scalar_subquery()
        conditions.append(Statement.verb_id == verb)
    if wanted.activity is not None:
        activity = select(Activity.id).where(Activity.iri == wanted.activity).scalar_subquery()
        conditions.append(Statement.activity_id == activity)
    if wanted.registration is not None:
        conditions.append(Statement.registration == wanted.registration)
    if wanted.since is not None:
        conditions.append(Statement.stored > wanted.since)
    if wanted.until is not None:
        conditions.append(Statement.stored <= wanted.until)
    return conditions


def _from(query: Query, seq: int | None, *, ascending: bool) -> Query:
    if ascending:
        query = query.order_by(Statement.seq)
        return query if seq is None else query.where(Statement.seq > seq)
    query = query.order_by(Statement.seq.desc())
    return query if seq is None else query.where(Statement.seq < seq)


def _read_token(more: str | None) -> int | None:
    if more is None:
        return None
    if not (more.isascii() and more.isdigit()) or len(more) > _LONGEST_TOKEN:
        raise Refused("The address of the next page is not one that this store gave out.")
    return int(more)
