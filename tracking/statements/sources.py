"""What a statement says in the columns that filters look at, for those that refer to it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.identities.agents import Name
from tracking.listed import one_of
from tracking.record.models import Activity, Agent, Statement, Verb
from tracking.statements.reading import Reading, reread
from tracking.tables import Query

_KEPT = select(
    Statement.seq,
    Statement.verb_id,
    Statement.registration,
    Statement.agent_id,
    Statement.activity_id,
    Statement.authority_id,
    Statement.raw,
).where(one_of(Statement.seq))
_AGENTS = select(Agent.identifier, Agent.kind, Agent.id).where(one_of(Agent.identifier))
_ACTIVITIES = select(Activity.iri, Activity.id).where(one_of(Activity.iri))
_VERBS = select(Verb.iri, Verb.id).where(one_of(Verb.iri))


@dataclass(frozen=True, slots=True)
class Source:
    """`agents` and `activities` by number, with whether the filters find them without `related_`."""

    seq: int
    verb_id: int
    registration: UUID | None
    agents: dict[int, bool]
    activities: dict[int, bool]


def sources(session: Session, seqs: Collection[int]) -> dict[int, Source]:
    """These statements, by number. Their JSON is read again: mentions are not indexed by statement."""
    rows: list[tuple[Any, Reading]] = []
    for part in batches(sorted(seqs)):
        kept = session.connection().execute(_KEPT, {"wanted": part})
        rows += [(row, reread(orjson.loads(row.raw))) for row in kept]
    agents = agent_numbers(session, (name for _, reading in rows for name in named(reading)))
    activities = activity_numbers(
        session, (iri for _, reading in rows for iri in reading.mentions.activities)
    )
    return {row.seq: _source(row, reading, agents, activities) for row, reading in rows}


def named(reading: Reading) -> Iterable[Name]:
    return (*reading.mentions.direct, *reading.mentions.related)


def agent_numbers(session: Session, names: Iterable[Name]) -> dict[Name, int]:
    """Of those that the record knows."""
    found: dict[Name, int] = {}
    for part in batches(sorted({identifier for identifier, _ in names})):
        rows = session.connection().execute(_AGENTS, {"wanted": part})
        found.update({(row.identifier, row.kind): row.id for row in rows})
    return found


def activity_numbers(session: Session, iris: Iterable[str]) -> dict[str, int]:
    """Of those that the record knows."""
    return _numbers(session, _ACTIVITIES, iris)


def verb_numbers(session: Session, iris: Iterable[str]) -> dict[str, int]:
    """Of those that the record knows."""
    return _numbers(session, _VERBS, iris)


def _numbers(session: Session, question: Query, iris: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in batches(sorted(set(iris))):
        rows = session.connection().execute(question, {"wanted": part})
        found.update({row.iri: row.id for row in rows})
    return found


def _source(row: Any, reading: Reading, agents: dict[Name, int], activities: dict[str, int]) -> Source:
    said = reading.mentions
    # What comes first stays: whatever is direct is not related as well.
    whom = [(row.agent_id, True), *((agents[name], True) for name in said.direct)]
    whom += [(row.authority_id, False), *((agents[name], False) for name in said.related)]
    what = [(row.activity_id, True), *((activities[iri], False) for iri in said.activities)]
    return Source(row.seq, row.verb_id, row.registration, _firsts(whom), _firsts(what))


def _firsts(found: list[tuple[int | None, bool]]) -> dict[int, bool]:
    result: dict[int, bool] = {}
    for number, direct in found:
        if number is not None:
            result.setdefault(number, direct)
    return result
