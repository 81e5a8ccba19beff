"""Storing statements: read, keep, project, all in the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tracking.completions.projection import CompletionChange, New, project_new, reproject, standing_of
from tracking.identities.agents import Name, agent_ids, entering, looking, remembered_agents
from tracking.record.dictionaries import (
    activity_ids,
    defining,
    remembered_activities,
    remembered_verbs,
    verb_ids,
)
from tracking.record.resolved import Taken, holding
from tracking.rounds import Steps, beside, run, telling
from tracking.statements.admission import Admission, admitting
from tracking.statements.comparing import same
from tracking.statements.errors import Conflict
from tracking.statements.keeping import Numbers, keeping
from tracking.statements.mentions import NONE
from tracking.statements.noting import noting
from tracking.statements.reading import Reading, read
from tracking.statements.references import follow, referring
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
    provided: Steps[None] | None = None,
) -> StoreOutcome:
    """Keep all the statements, or refuse them all (`Invalid`, or `Conflict` with one kept before).

    A statement that was kept before and says the same is accepted again and changes nothing. Completions and
    counters follow in the same transaction. Accounts under `home_page` are looked for by their names.
    Call it once per transaction where you can: two transactions that each call it several times may want the
    same new words and agents in opposite order, and PostgreSQL then ends one of them.
    `provided` are steps of the caller's own, which are taken in the same round trips.
    """
    readings = readings_of(statements, authority=authority, version=version)
    storing_all = storing(session, readings, home_page=home_page, now=now)
    outcome: StoreOutcome
    *_, outcome = run(session, beside(*([provided] if provided else []), storing_all))
    return outcome


def store_readings(
    session: Session, readings: Sequence[Reading], *, home_page: str, now: datetime | None = None
) -> StoreOutcome:
    """`store` for statements that were read before: of one request, or of several that share a commit."""
    return run(session, storing(session, readings, home_page=home_page, now=now))


def storing(
    session: Session, readings: Sequence[Reading], *, home_page: str, now: datetime | None = None
) -> Steps[StoreOutcome]:
    """`store_readings` in steps: three round trips where all words are known and nothing refers to others.

    First the gate, and whom agents are taken for; then the statements, and how their learners stand; then
    what follows from them.
    """
    wanted = _distinct(readings)
    # What is voided or referred to may be arriving at this moment.
    alone = any(reading.refers_to for reading in wanted)
    numbers, taken, admission = yield from _opening(session, wanted, home_page, alone=alone, now=now)
    seqs, found, standing = yield from beside(
        keeping(session, wanted, numbers, admission),
        referring(wanted),
        standing_of(session, _pairs(wanted, numbers, taken)),
    )
    new = [reading for reading in wanted if reading.id in seqs]
    noted = noting(new, seqs, numbers)
    if alone or found.named:  # others look at what is noted
        yield from noted
        noted = telling([])
    voided = follow(session, new, seqs, found)
    undone = [row.seq for row in voided if row.outcome and row.id not in seqs]
    changes: list[CompletionChange] = []
    if undone:  # what there was may be there no longer
        changes = reproject(session, undone)
        standing = yield from standing_of(session, _pairs(new, numbers, taken))
    completing = _completing(new, seqs, numbers, admission.stored, {row.id for row in voided})
    _, followed = yield from beside(noted, project_new(session, completing, taken, standing))
    changes += followed
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
    numbers = _words(session, readings, home_page, now)
    run(session, _defining(session, readings, numbers))
    return numbers


def _opening(
    session: Session, readings: Sequence[Reading], home_page: str, *, alone: bool, now: datetime | None
) -> Steps[tuple[Numbers, dict[int, Taken], Admission]]:
    """Pass the gate, find the numbers of all words, enter new ones, and hold the agents as they are taken."""
    admitted = admitting(session, len(readings), alone=alone, now=now)
    verbs, activities, agents = _verbs(readings), _activities(readings), _described(readings)
    numbers = Numbers(
        remembered_verbs(session, verbs),
        remembered_activities(session, activities),
        remembered_agents(session, agents),
    )
    unknown = {name: agent for name, agent in agents.items() if name not in numbers.agents}
    if len(numbers.verbs) < len(verbs) or len(numbers.activities) < len(activities):
        admission = yield from admitted  # nothing is entered before the gate
        numbers.verbs.update(verb_ids(session, verbs))
        numbers.activities.update(activity_ids(session, activities))
        looked = yield from looking(session, unknown, home_page)
    elif unknown:
        admission, looked = yield from beside(admitted, looking(session, unknown, home_page))
    else:
        admission, _, taken = yield from beside(
            admitted, _defining(session, readings, numbers), _holding(readings, numbers)
        )
        return numbers, taken, admission
    new, resolved = yield from entering(session, looked, admission.stored)
    numbers.agents.update(new)
    *_, taken = yield from beside(
        telling(resolved), _defining(session, readings, numbers), _holding(readings, numbers)
    )
    return numbers, taken, admission


def _words(session: Session, readings: Sequence[Reading], home_page: str, now: datetime) -> Numbers:
    verbs = verb_ids(session, _verbs(readings))
    activities = activity_ids(session, _activities(readings))
    return Numbers(verbs, activities, agent_ids(session, _described(readings), home_page, now))


def _verbs(readings: Iterable[Reading]) -> set[str]:
    return {reading.verb for reading in readings}


def _defining(session: Session, readings: Iterable[Reading], numbers: Numbers) -> Steps[None]:
    said = (definition for reading in readings for definition in reading.definitions)
    return defining(session, ((numbers.activities[iri], definition) for iri, definition in said))


def _holding(readings: Iterable[Reading], numbers: Numbers) -> Steps[dict[int, Taken]]:
    return holding(
        {numbers.agents[reading.agent] for reading in readings if reading.outcome and reading.agent}
    )


def _pairs(
    readings: Iterable[Reading], numbers: Numbers, taken: Mapping[int, Taken]
) -> Iterator[tuple[UUID, int]]:
    """The learners whom the statements are about, and what they may complete."""
    for reading in readings:
        if reading.outcome and reading.agent and reading.activity:
            found = taken.get(numbers.agents[reading.agent])
            if found:
                yield found.learner, numbers.activities[reading.activity]


def _activities(readings: Iterable[Reading]) -> set[str]:
    found: set[str] = set()
    for reading in readings:
        if reading.activity:
            found.add(reading.activity)
        found.update(reading.mentions.activities)
    return found


def _described(readings: Iterable[Reading]) -> dict[Name, dict[str, Any]]:
    """The agents and groups that statements name, as they describe them."""
    found: dict[Name, dict[str, Any]] = {}
    for reading in readings:
        if reading.mentions is not NONE:
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
