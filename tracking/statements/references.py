"""Statements that refer to others: found by what those say (Communication 2.1.3.s3), or voiding them.

Whatever arrives first, at the end the rows are the same: when a statement arrives, those that refer to it,
and those that refer to them, are looked for, and each is given what stands below it in its chain. A writer of
references is alone in the record's gate (`admission`), so that no two miss each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session, aliased

from tracking.batches import batches
from tracking.listed import insert_rows, one_of
from tracking.questions import Question
from tracking.record.mentions import ReferredActivity, ReferredAgent, StatementReference
from tracking.record.models import Statement
from tracking.rounds import Steps
from tracking.statements.reading import Reading
from tracking.statements.sources import Source, sources
from tracking.statements.voiding import mark
from tracking.tables import Base, Query, table_of

LONGEST_CHAIN = 50  # steps from a statement to what it refers to, and from there on

_REFERRING = Question(select(Statement.refers_to, Statement.voids).where(one_of(Statement.refers_to)))


@dataclass(frozen=True, slots=True)
class Referring:
    """Which of some statements others refer to, and which of them are voided so."""

    named: set[UUID]
    voided: set[UUID]


def referring(readings: Sequence[Reading]) -> Steps[Referring]:
    """One look for those that refer to what is arriving; most of what arrives nobody refers to."""
    answered = yield [_REFERRING(wanted=part) for part in batches([reading.id for reading in readings])]
    rows = [row for found in answered for row in found]
    return Referring({row.refers_to for row in rows}, {row.voids for row in rows if row.voids})


def follow(session: Session, new: Sequence[Reading], seqs: dict[UUID, int], found: Referring) -> list[Any]:
    """Bring voiding and references in line with statements just kept; (seq, id, outcome) of what is void now.

    `found`: who refers to them (`referring`).
    """
    new_ids = {reading.id for reading in new}
    voided = {reading.voids for reading in new if reading.voids} | (found.voided & new_ids)
    concerned = [reading for reading in new if reading.refers_to or reading.id in found.named]
    if concerned:
        _refer(session, [seqs[reading.id] for reading in concerned])
    return mark(session, sorted(voided)) if voided else []


def _refer(session: Session, seqs: Sequence[int]) -> None:
    """Give those at these places of chains, and those above them, what stands below each."""
    pairs: set[Any] = set()
    for part in batches(seqs):
        pairs.update(_PAIRS_ABOVE.ask(session, wanted=part))
    known = sources(session, {pair.source for pair in pairs})
    _write(session, ((pair, known[pair.source]) for pair in sorted(pairs)))


def _write(session: Session, pairs: Iterable[tuple[Any, Source]]) -> None:
    """Rows for statements and what each of them refers to; those there are stay."""
    rows: dict[type[Base], list[dict[str, Any]]] = {
        StatementReference: [],
        ReferredAgent: [],
        ReferredActivity: [],
    }
    for pair, source in pairs:
        place = {"seq": pair.seq, "source": source.seq}
        said = {"verb_id": source.verb_id, "registration": source.registration}
        rows[StatementReference].append({**place, **said, "authority_id": pair.authority_id})
        rows[ReferredAgent] += [
            {"agent_id": agent, "direct": direct, **place} for agent, direct in source.agents.items()
        ]
        rows[ReferredActivity] += [
            {"activity_id": activity, "direct": direct, **place}
            for activity, direct in source.activities.items()
        ]
    for model, found in rows.items():
        insert_rows(session.connection(), table_of(model), found, conflict="DO NOTHING")


def chains(starting: Select[Any]) -> Query:
    """(seq, authority_id, source): each of the statements (`seq`), with all that stand below it in its chain.

    Clients choose ids, and so may build a ring: nothing is its own source.
    """
    first, target = aliased(Statement), aliased(Statement)
    begun = (
        select(
            first.seq,
            first.authority_id,
            target.seq.label("source"),
            target.refers_to.label("next"),
            literal(1).label("steps"),
        )
        .join(target, target.id == first.refers_to)
        .where(first.seq.in_(starting))
    )
    chain = begun.cte("chain", recursive=True)
    further = (
        select(chain.c.seq, chain.c.authority_id, target.seq, target.refers_to, chain.c.steps + 1)
        .join(target, target.id == chain.c.next)
        .where(chain.c.steps < LONGEST_CHAIN)
    )
    chain = chain.union_all(further)
    columns = (chain.c.seq, chain.c.authority_id, chain.c.source)
    return select(*columns).where(chain.c.source != chain.c.seq).distinct()


def _above() -> Select[Any]:
    """The numbers of the statements asked for and of all that refer to them, directly or not."""
    named = select(Statement.seq, Statement.id, literal(0).label("steps")).where(one_of(Statement.seq))
    above = named.cte("above", recursive=True)
    referring = aliased(Statement)
    above = above.union(
        select(referring.seq, referring.id, above.c.steps + 1)
        .join(above, referring.refers_to == above.c.id)
        .where(above.c.steps < LONGEST_CHAIN)
    )
    return select(above.c.seq)


_PAIRS_ABOVE = Question(chains(_above()))
