"""Bringing evidence, completions and counters in line with statements that were added, voided or linked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.completions.evidence import evidence
from tracking.completions.queries import OF_PAIRS
from tracking.completions.rules import Outcome
from tracking.learners import locking
from tracking.listed import insert_rows, inserted, one_of, pairs
from tracking.questions import Question, asked
from tracking.rates.counters import Timelines, recount_completions, standing
from tracking.record.completions import Completion, Evidence
from tracking.record.models import Activity, Statement
from tracking.record.resolved import Taken
from tracking.rounds import Steps, beside, run, telling
from tracking.tables import table_of

Pair = tuple[UUID, int]  # learner, activity id


@dataclass(frozen=True, slots=True)
class CompletionChange:
    """A learner's completion of an activity came, moved in time or to another statement, or went.

    `before` and `completed_at` are the instants of completion, None where there is none.
    """

    learner: UUID
    activity: str
    before: datetime | None
    completed_at: datetime | None
    statement_id: UUID | None


class _Best(NamedTuple):
    completed_at: datetime
    completed_on: date
    statement_id: UUID


Change = tuple[Pair, _Best | None, _Best | None]  # before and after


_EVIDENCE = Question(evidence(one_of(Statement.seq)))
_STANDING_EVIDENCE = Question(
    select(
        Evidence.learner,
        Evidence.activity_id,
        Evidence.timestamp,
        Evidence.happened_on,
        Evidence.statement_id,
    )
    .join(*pairs(Evidence.learner, Evidence.activity_id))
    .where(Evidence.withdrawn_at.is_(None))
    .order_by(Evidence.timestamp, Evidence.statement_seq)
)
_IRIS = Question(select(Activity.id, Activity.iri).where(one_of(Activity.id)))
_REPLACE = (
    "(learner, activity_id) DO UPDATE SET completed_at = excluded.completed_at, "
    "completed_on = excluded.completed_on, statement_id = excluded.statement_id"
)


class New(NamedTuple):
    """A completing statement that was stored just now, at `stored`, and is not void."""

    seq: int
    statement_id: UUID
    agent_id: int
    activity_id: int
    activity: str  # its IRI
    outcome: Outcome
    stored: datetime
    timestamp: datetime
    happened_on: date


class _Evidence(NamedTuple):
    """The columns of `Evidence`."""

    statement_seq: int
    known_at: datetime
    withdrawn_at: datetime | None
    learner: UUID
    activity_id: int
    timestamp: datetime
    happened_on: date
    statement_id: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """What there was of some pairs when nobody else could change it; and where their learners count."""

    completions: Mapping[Pair, _Best]
    timelines: Timelines


def standing_of(session: Session, pairs: Iterable[Pair]) -> Steps[Standing]:
    """Hold the learners of these pairs until the transaction ends, and look."""
    wanted = list(set(pairs))
    if not wanted:
        return Standing({}, {})
    learners = {learner for learner, _ in wanted}
    _, completions, timelines = yield from beside(
        locking(session, learners), _completions(wanted), standing(learners)
    )
    return Standing(completions, timelines)


def project_new(
    session: Session, found: Sequence[New], taken: Mapping[int, Taken], before: Standing
) -> Steps[list[CompletionChange]]:
    """Count completing statements that were stored just now.

    The same evidence as `evidence` selects, without asking for what is in hand: nothing but the present
    resolution of an agent, which is held, can matter to a statement as young as this. One that failed depends
    on the rules of its activity, and is selected. `before` is of all the pairs concerned.
    """
    rows: list[_Evidence] = [
        _evidence_of(new, taken[new.agent_id])
        for new in found
        if new.outcome is Outcome.COMPLETES and new.agent_id in taken
    ]
    failed = [new.seq for new in found if new.outcome is not Outcome.COMPLETES]
    if failed:
        answered = yield [_EVIDENCE(wanted=part) for part in batches(failed)]
        rows += [_Evidence(**row._asdict()) for selected in answered for row in selected]
    changes, equal = _improved(rows, before.completions)
    said = inserted(table_of(Evidence), rows)
    if equal:
        yield said
        said = []
        first = yield from _best_evidence(equal)
        stood = before.completions
        changes += [(pair, stood[pair], first[pair]) for pair in equal if first[pair] != stood[pair]]
    said += inserted(table_of(Completion), _rows(changes), conflict=_REPLACE)
    yield from telling(said)
    return _told(session, changes, {new.activity_id: new.activity for new in found}, before.timelines)


def _evidence_of(new: New, taken: Taken) -> _Evidence:
    return _Evidence(
        new.seq,
        max(new.stored, taken.since),
        None,
        taken.learner,
        new.activity_id,
        new.timestamp,
        new.happened_on,
        new.statement_id,
    )


def _improved(rows: Iterable[_Evidence], before: Mapping[Pair, _Best]) -> tuple[list[Change], list[Pair]]:
    """The pairs that new evidence completes, or completes earlier; those where it is about the same instant.

    What was there has not got better. Of statements about one instant the one with the lowest number counts;
    whoever got that number may come here second: then what is there is looked at.
    """
    best: dict[Pair, _Evidence] = {}
    for row in sorted(rows, key=attrgetter("timestamp", "statement_seq")):
        if row.withdrawn_at is None:
            best.setdefault((row.learner, row.activity_id), row)
    changes: list[Change] = []
    equal = []
    for pair, row in best.items():
        now = before.get(pair)
        if now is None or row.timestamp < now.completed_at:
            changes.append((pair, now, _Best(row.timestamp, row.happened_on, row.statement_id)))
        elif row.timestamp == now.completed_at:
            equal.append(pair)
    return changes, equal


def reproject(session: Session, seqs: Sequence[int]) -> list[CompletionChange]:
    """Draw the evidence of these statements anew, after a voiding, a link or a rule has changed."""
    pairs: set[Pair] = set()
    for part in batches(seqs):
        earlier = select(Evidence.learner, Evidence.activity_id).where(Evidence.statement_seq.in_(part))
        pairs |= _pairs(session.execute(earlier).all())
        found = _EVIDENCE.ask(session, wanted=part)
        pairs |= _pairs(found)
        session.connection().execute(delete(table_of(Evidence)).where(Evidence.statement_seq.in_(part)))
        insert_rows(session.connection(), table_of(Evidence), [row._asdict() for row in found])
    return _settle(session, pairs)


def _pairs(rows: Iterable[Any]) -> set[Pair]:
    return {(row.learner, row.activity_id) for row in rows}


def _settle(session: Session, pairs: set[Pair]) -> list[CompletionChange]:
    """Set the completions of these pairs to the best evidence there is now, and move the counters."""
    before = run(session, standing_of(session, pairs))
    wanted = sorted(pairs)
    after = run(session, _best_evidence(wanted))
    stood = before.completions
    changes = [
        (pair, stood.get(pair), after.get(pair)) for pair in wanted if stood.get(pair) != after.get(pair)
    ]
    _write(session, changes)
    iris = _iris(session, {activity_id for (_, activity_id), _, _ in changes})
    return _told(session, changes, iris, before.timelines)


def _told(
    session: Session, changes: Sequence[Change], iris: Mapping[int, str], timelines: Timelines
) -> list[CompletionChange]:
    """Move the counters, and say what has changed."""
    if not changes:
        return []
    recount_completions(
        session,
        (
            (learner, activity_id, before and before.completed_on, after and after.completed_on)
            for (learner, activity_id), before, after in changes
        ),
        timelines,
    )
    return [
        CompletionChange(
            learner,
            iris[activity_id],
            before and before.completed_at,
            after and after.completed_at,
            after and after.statement_id,
        )
        for (learner, activity_id), before, after in changes
    ]


def _completions(pairs: Sequence[Pair]) -> Steps[dict[Pair, _Best]]:
    found = yield from asked(OF_PAIRS, pairs)
    return {(learner, activity_id): _Best(*best) for learner, activity_id, *best in found}


def _best_evidence(pairs: Sequence[Pair]) -> Steps[dict[Pair, _Best]]:
    best: dict[Pair, _Best] = {}
    for learner, activity_id, *found in (yield from asked(_STANDING_EVIDENCE, pairs)):
        best.setdefault((learner, activity_id), _Best(*found))
    return best


def _rows(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The completions that there are now."""
    return [
        {"learner": learner, "activity_id": activity_id, **after._asdict()}
        for (learner, activity_id), _, after in changes
        if after
    ]


def _write(session: Session, changes: Sequence[Change]) -> None:
    table, connection = table_of(Completion), session.connection()
    gone = [{"l": learner, "a": activity_id} for (learner, activity_id), _, after in changes if not after]
    if gone:
        statement = delete(table).where(table.c.learner == bindparam("l"))
        connection.execute(statement.where(table.c.activity_id == bindparam("a")), gone)
    insert_rows(connection, table, _rows(changes), conflict=_REPLACE)


def _iris(session: Session, activity_ids: set[int]) -> dict[int, str]:
    return dict(run(session, asked(_IRIS, sorted(activity_ids))))
