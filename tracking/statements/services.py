"""Storing statements: read, keep, project, all in the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tracking.completions.projection import CompletionChange, New, project_new, reproject
from tracking.identities.agents import Name, agent_ids
from tracking.record.dictionaries import activity_ids, define, verb_ids
from tracking.statements.admission import admit
from tracking.statements.comparing import same
from tracking.statements.errors import Conflict
from tracking.statements.keeping import Numbers, keep
from tracking.statements.noting import note
from tracking.statements.reading import Reading, read
from tracking.statements.references import follow
from tracking.statements.validation import Version, validate_batch
from tracking.times import local_date


@dataclass(frozen=True, slots=True)
class StoreOutcome:
    """`ids` of all statements sent, in their order; which of them are `new`; and what followed from them."""

    ids: list[UUID]
    new: set[UUID]
    completions: list[CompletionChange]
    voided: list[UUID]


def readings_of(
    statements: list[dict[str, Any]], *, authority: dict[str, Any], version: Version
) -> list[Reading]:
    """Valid statements ready to be stored; `Invalid` otherwise. Needs no database."""
    validate_batch(statements, version)
    return [read(statement, authority=authority, version=version) for statement in statements]


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
    same new words and agents in opposite order, and PostgreSQL then ends one of them.
    """
    readings = readings_of(statements, authority=authority, version=version)
    return store_readings(session, readings, home_page=home_page, now=now)


def store_readings(
    session: Session, readings: Sequence[Reading], *, home_page: str, now: datetime | None = None
) -> StoreOutcome:
    """`store` for statements that were read before: of one request, or of several that share a commit."""
    wanted = _distinct(readings)
    # What is voided or referred to may be arriving at this moment.
    alone = any(reading.refers_to for reading in wanted)
    admission = admit(session, len(wanted), alone=alone, now=now)
    moment = admission.stored
    numbers = entered(session, wanted, home_page, moment)
    seqs = keep(session, wanted, numbers, admission)
    new = [reading for reading in wanted if reading.id in seqs]
    note(session, new, seqs, numbers)
    voided = follow(session, new, seqs)
    changes = reproject(session, [row.seq for row in voided if row.outcome and row.id not in seqs])
    changes += project_new(session, _completing(new, seqs, numbers, moment, {row.id for row in voided}))
    return StoreOutcome([reading.id for reading in readings], set(seqs), changes, [row.id for row in voided])


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


def entered(session: Session, readings: Sequence[Reading], home_page: str, now: datetime) -> Numbers:
    """The numbers of all words of the statements; what was not known is entered."""
    verbs = verb_ids(session, (reading.verb for reading in readings))
    activities = activity_ids(session, (iri for reading in readings for iri in _activities(reading)))
    said = (definition for reading in readings for definition in reading.definitions)
    define(session, ((activities[iri], definition) for iri, definition in said))
    return Numbers(verbs, activities, agent_ids(session, _described(readings), home_page, now))


def _activities(reading: Reading) -> Iterator[str]:
    if reading.activity:
        yield reading.activity
    yield from reading.mentions.activities


def _described(readings: Iterable[Reading]) -> dict[Name, dict[str, Any]]:
    """The agents and groups that statements name, as they describe them."""
    found: dict[Name, dict[str, Any]] = {}
    for reading in readings:
        found.update(reading.mentions.direct)
        found.update(reading.mentions.related)
        if reading.agent:
            found[reading.agent] = reading.sent["actor"]
        if reading.vouched_by:
            found[reading.vouched_by] = reading.authority
    return found


def _completing(
    new: Iterable[Reading], seqs: dict[UUID, int], numbers: Numbers, now: datetime, voided: set[UUID]
) -> list[New]:
    """What of the new statements completes something, unless it was voided before it came."""
    today = local_date(now)
    return [
        New(
            seq=seqs[reading.id],
            statement_id=reading.id,
            agent_id=numbers.agents[reading.agent],
            activity_id=numbers.activities[reading.activity],
            activity=reading.activity,
            outcome=reading.outcome,
            stored=now,
            timestamp=reading.timestamp or now,
            happened_on=reading.happened_on or today,
        )
        for reading in new
        if reading.outcome and reading.agent and reading.activity and reading.id not in voided
    ]
