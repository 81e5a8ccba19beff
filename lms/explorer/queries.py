"""Finding statements, newest first, and what hangs together with one.

Numbers of statements tell the order in which they were stored (`tracking.record.order`), and every index that
is used here ends with them: a page begins with one step into an index, at any depth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Session, aliased

from lms.core.clock import end_of
from lms.core.errors import NotFound
from lms.player.models import CourseCompletion
from tracking.record.completions import Completion, Evidence
from tracking.record.models import Activity, Agent, Statement, Verb
from tracking.record.order import first_seq, milliseconds

PAGE = 25
# So many ways into an index are walked one by one; the database is left to find its own way through more.
_WALKED = 40
# Above this the list is left to the database too: it would be longer than what is looked for.
_LISTED = 2000

Ids = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which statements; None asks for everything, and an empty tuple for nothing: no such word is known.

    `since` and `until` are days on which they were stored, both included. Voided statements are among them.
    """

    agents: Ids | None = None
    verbs: Ids | None = None
    activities: Ids | None = None
    authorities: Ids | None = None
    registration: UUID | None = None
    since: date | None = None
    until: date | None = None
    unmatched: bool = False


class Kept(NamedTuple):
    """A statement, the agent that it is about (none: an anonymous group), and who vouches for it."""

    statement: Statement
    agent: Agent | None
    authority: Agent | None


@dataclass(frozen=True)
class Page:
    """Some of the statements found, and the number below which older ones are; none where there are none."""

    rows: Sequence[Kept]
    older: int | None


Authority = aliased(Agent)


def page_of(session: Session, wanted: Wanted, *, before: int | None = None, size: int = PAGE) -> Page:
    seqs = numbers(session, wanted, before=before, size=size + 1)
    older = seqs[size - 1] if len(seqs) > size else None
    return Page(rows_of(session, seqs[:size]), older)


def numbers(
    session: Session, wanted: Wanted, *, size: int, before: int | None = None, after: int | None = None
) -> Sequence[int]:
    """The numbers of statements that fit: newest first, or with `after` oldest first."""
    ascending = after is not None
    order = Statement.seq.asc() if ascending else Statement.seq.desc()
    base = select(Statement.seq).where(*_conditions(session, wanted))
    if before is not None:
        base = base.where(Statement.seq < before)
    if after is not None:
        base = base.where(Statement.seq > after)
    column, ids = _ways(wanted)
    if ids is None:
        return session.scalars(base.order_by(order).limit(size)).all()
    if not ids:
        return []
    if len(ids) > _WALKED:
        return session.scalars(base.where(column.in_(ids)).order_by(order).limit(size)).all()
    # The newest of each way, and of these the newest: whatever the database knows about the words.
    parts = [base.where(column == each).order_by(order).limit(size).subquery() for each in ids]
    found = union_all(*(select(part.c.seq) for part in parts)).subquery()
    towards = found.c.seq.asc() if ascending else found.c.seq.desc()
    return session.scalars(select(found.c.seq).distinct().order_by(towards).limit(size)).all()


def count_of(session: Session, wanted: Wanted, *, most: int | None = None) -> int:
    """How many fit; not counted beyond `most`."""
    if _ways(wanted)[1] == ():
        return 0
    conditions = _conditions(session, wanted)
    column, ids = _ways(wanted)
    if ids is not None:
        conditions.append(column.in_(ids))
    fitting = select(Statement.seq).where(*conditions)
    if most is not None:
        fitting = fitting.limit(most)
    return session.scalar(select(func.count()).select_from(fitting.subquery())) or 0


def rows_of(session: Session, seqs: Iterable[int]) -> list[Kept]:
    """The statements with these numbers, in this order."""
    wanted = list(seqs)
    found = {kept.statement.seq: kept for kept in _kept(session, Statement.seq.in_(wanted))}
    return [found[seq] for seq in wanted if seq in found]


def numbers_of(session: Session, ids: Iterable[UUID]) -> Sequence[int]:
    return session.scalars(select(Statement.seq).where(Statement.id.in_(list(ids)))).all()


def statement_of(session: Session, statement_id: UUID) -> Kept:
    """Raises NotFound."""
    for kept in _kept(session, Statement.id == statement_id):
        return kept
    raise NotFound("There is no statement with the number %(id)s.", id=str(statement_id))


def referring_to(session: Session, statement_id: UUID, limit: int = 50) -> list[Kept]:
    """The statements whose object is this one: those that void it, and others."""
    wanted = select(Statement.seq).where(Statement.refers_to == statement_id)
    return rows_of(session, session.scalars(wanted.order_by(Statement.seq).limit(limit)))


def evidence_of(session: Session, seq: int) -> Sequence[tuple[Evidence, str, Completion | None]]:
    """What a statement counts or counted for: with the activity's IRI and the completion as it is now."""
    rows = session.execute(
        select(Evidence, Activity.iri, Completion)
        .join(Activity, Activity.id == Evidence.activity_id)
        .outerjoin(
            Completion,
            (Completion.learner == Evidence.learner) & (Completion.activity_id == Evidence.activity_id),
        )
        .where(Evidence.statement_seq == seq)
        .order_by(Evidence.known_at)
    )
    return [(evidence, iri, completion) for evidence, iri, completion in rows]


def evidence_open(session: Session, learner: UUID) -> set[tuple[int, Any]]:
    """The keys of everything that counts for a learner now."""
    rows = session.execute(
        select(Evidence.statement_seq, Evidence.known_at).where(
            Evidence.learner == learner, Evidence.withdrawn_at.is_(None)
        )
    )
    return {(seq, known_at) for seq, known_at in rows}


def resting_on(session: Session, learner: UUID, statement_id: UUID) -> list[CourseCompletion]:
    """Our statements that a course is completed which rest on this one, standing or voided."""
    made = session.scalars(select(CourseCompletion).where(CourseCompletion.learner == learner))
    return [each for each in made if str(statement_id) in each.rests_on.values()]


def agent_ids(session: Session, identifiers: Iterable[str]) -> Ids:
    return tuple(session.scalars(select(Agent.id).where(Agent.identifier.in_(list(identifiers)))))


def agents_of_learners(session: Session, learners: Iterable[UUID]) -> Ids:
    return tuple(session.scalars(select(Agent.id).where(Agent.learner.in_(list(learners)))))


def verb_ids(session: Session, iri: str) -> Ids:
    return tuple(session.scalars(select(Verb.id).where(Verb.iri == iri)))


def activity_ids(session: Session, iris: Iterable[str]) -> Ids:
    return tuple(session.scalars(select(Activity.id).where(Activity.iri.in_(list(iris)))))


def known_verbs(session: Session, limit: int = 200) -> Sequence[str]:
    """The verbs in the record: there are few, but whoever sends statements may invent some."""
    return session.scalars(select(Verb.iri).order_by(Verb.id).limit(limit)).all()


def definitions(session: Session, ids: Iterable[int]) -> dict[int, bytes | None]:
    rows = session.execute(select(Activity.id, Activity.definition).where(Activity.id.in_(list(ids))))
    return {row.id: row.definition for row in rows}


def _kept(session: Session, condition: ColumnElement[bool]) -> list[Kept]:
    rows = session.execute(
        select(Statement, Agent, Authority)
        .outerjoin(Agent, Agent.id == Statement.agent_id)
        .outerjoin(Authority, Authority.id == Statement.authority_id)
        .where(condition)
    )
    return [Kept(*row) for row in rows]


def _ways(wanted: Wanted) -> tuple[Any, Ids | None]:
    """The column whose values are walked one by one, and these; the narrowest one first."""
    for column, ids in (
        (Statement.agent_id, wanted.agents),
        (Statement.activity_id, wanted.activities),
        (Statement.authority_id, wanted.authorities),
        (Statement.verb_id, wanted.verbs),
    ):
        if ids is not None:
            return column, ids
    return None, None


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """All but the way that is walked."""
    walked = _ways(wanted)[0]
    conditions: list[ColumnElement[bool]] = [
        column.in_(ids)
        for column, ids in (
            (Statement.activity_id, wanted.activities),
            (Statement.authority_id, wanted.authorities),
            (Statement.verb_id, wanted.verbs),
        )
        if ids is not None and column is not walked
    ]
    if wanted.registration is not None:
        conditions.append(Statement.registration == wanted.registration)
    if wanted.since is not None:
        start = end_of(wanted.since - timedelta(days=1))
        conditions.append(Statement.seq >= first_seq(milliseconds(start)))
    if wanted.until is not None:
        conditions.append(Statement.seq < first_seq(milliseconds(end_of(wanted.until))))
    if wanted.unmatched:
        conditions.append(_of_nobody(session))
    return conditions


def _of_nobody(session: Session) -> ColumnElement[bool]:
    """Said of an agent that is no learner. A short list tells the database more than a question does."""
    nobody = select(Agent.id).where(Agent.learner.is_(None), Agent.kind == "agent")
    listed = session.scalars(nobody.limit(_LISTED + 1)).all()
    return Statement.agent_id.in_(listed if len(listed) <= _LISTED else nobody)
