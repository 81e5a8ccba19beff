"""Storing statements: validate, keep, project, all in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tracking.completions.projection import CompletionChange, project_new, reproject
from tracking.dialects import close, enter
from tracking.identities.agents import agent_ids, hold
from tracking.record.dictionaries import activity_ids, define, verb_ids
from tracking.statements.comparing import same
from tracking.statements.errors import Conflict
from tracking.statements.keeping import Numbers, keep
from tracking.statements.reading import Reading, described, filled, name_of, read
from tracking.statements.validation import Version, validate_batch
from tracking.statements.voiding import mark
from tracking.times import utc_now


@dataclass(frozen=True, slots=True)
class StoreOutcome:
    """`ids` of all statements sent, in their order; which of them are `new`; and what followed from them."""

    ids: list[UUID]
    new: set[UUID]
    completions: list[CompletionChange]
    voided: list[UUID]


def store(
    session: Session,
    statements: list[dict[str, Any]],
    *,
    authority: dict[str, Any],
    version: Version,
    home_page: str,
    now: datetime | None = None,
) -> StoreOutcome:
    """Keep all the statements, or refuse them all (`Invalid`, or `Conflict` with one kept before).

    A statement that was kept before and says the same is accepted again and changes nothing. Completions and
    counters follow in the same transaction. Accounts under `home_page` are looked for by their names.
    Call it once per transaction where you can: two transactions that each call it several times may want the
    same counters in opposite order, and PostgreSQL then ends one of them.
    """
    moment = now or utc_now()
    validate_batch(statements, version)
    readings = _readings(statements, authority=authority, version=version, now=moment)
    wanted = _distinct(readings)
    if any(reading.voids for reading in wanted):
        close(session)  # what is voided may be arriving at this moment
    else:
        enter(session)
    numbers = _numbers(session, wanted, authority, home_page, moment)
    seqs = keep(session, wanted, numbers, moment)
    new = [reading for reading in wanted if reading.id in seqs]
    voided = mark(session, [reading.voids or reading.id for reading in new])
    changes = reproject(session, [row.seq for row in voided if row.outcome and row.id not in seqs])
    completing = [reading for reading in new if reading.outcome and reading.agent]
    hold(session, {numbers.agents[reading.agent] for reading in completing if reading.agent})
    changes += project_new(session, [seqs[reading.id] for reading in completing])
    return StoreOutcome([reading.id for reading in readings], set(seqs), changes, [row.id for row in voided])


def _readings(
    statements: list[dict[str, Any]], *, authority: dict[str, Any], version: str, now: datetime
) -> list[Reading]:
    return [
        read(filled(statement, authority=authority, version=version, now=now), statement)
        for statement in statements
    ]


def _distinct(readings: Iterable[Reading]) -> list[Reading]:
    """Each id once; a batch of xAPI 1.0.3 may repeat a statement, but not contradict it."""
    found: dict[UUID, Reading] = {}
    for reading in readings:
        first = found.setdefault(reading.id, reading)
        if first is not reading and not same(first.sent, reading.sent):
            raise Conflict(
                "Two statements in this request have the id %(id)s and differ.", id=str(reading.id)
            )
    return list(found.values())


def _numbers(
    session: Session, readings: list[Reading], authority: dict[str, Any], home_page: str, now: datetime
) -> Numbers:
    verbs = verb_ids(session, (reading.verb for reading in readings))
    activities = activity_ids(session, (reading.activity for reading in readings if reading.activity))
    define(
        session,
        {
            reading.activity: reading.statement["object"]["definition"]
            for reading in readings
            if reading.activity and reading.statement["object"].get("definition")
        },
    )
    actors = [reading.statement["actor"] for reading in readings]
    agents = agent_ids(session, described([*actors, authority], home_page), now)
    name = name_of(authority)
    return Numbers(verbs, activities, agents, name and agents[name])
