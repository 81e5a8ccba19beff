"""Bringing evidence, completions and counters in line with statements that were added, voided or linked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.orm import Session

from tracking import learners
from tracking.batches import batches
from tracking.completions.evidence import evidence
from tracking.completions.rules import Outcome
from tracking.listed import insert_rows, one_of, pairs
from tracking.rates.counters import recount_completions
from tracking.record.completions import Completion, Evidence
from tracking.record.models import Activity, Statement
from tracking.record.resolved import Taken, hold
from tracking.tables import Query, table_of

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


_EVIDENCE = evidence(one_of(Statement.seq))
_COMPLETIONS: Query = select(
    Completion.learner,
    Completion.activity_id,
    Completion.completed_at,
    Completion.completed_on,
    Completion.statement_id,
).join(*pairs(Completion.learner, Completion.activity_id))
_STANDING_EVIDENCE: Query = (
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
_IRIS = select(Activity.id, Activity.iri).where(one_of(Activity.id))
_REPLACE = (
    "(learner, activity_id) DO UPDATE SET completed_at = excluded.completed_at, "
    "completed_on = excluded.completed_on, statement_id = excluded.statement_id"
)


@dataclass(frozen=True, slots=True)
class New:
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


def project_new(session: Session, found: Sequence[New]) -> list[CompletionChange]:
    """Count completing statements that were stored just now.

    The same evidence as `evidence` selects, without asking for what is in hand: nothing but the present
    resolution of an agent can matter to a statement as young as this. One that failed depends on the rules
    of its activity, and is selected.
    """
    if not found:
        return []
    taken = hold(session, {new.agent_id for new in found})
    failed = [new.seq for new in found if new.outcome is not Outcome.COMPLETES]
    rows = [
        _evidence_of(new, taken[new.agent_id])
        for new in found
        if new.outcome is Outcome.COMPLETES and new.agent_id in taken
    ]
    for part in batches(failed):
        rows += [row._asdict() for row in session.connection().execute(_EVIDENCE, {"wanted": part})]
    insert_rows(session.connection(), table_of(Evidence), rows)
    return _improve(session, rows, {new.activity_id: new.activity for new in found})


def _evidence_of(new: New, taken: Taken) -> dict[str, Any]:
    return {
        "statement_seq": new.seq,
        "known_at": max(new.stored, taken.since),
        "withdrawn_at": None,
        "learner": taken.learner,
        "activity_id": new.activity_id,
        "timestamp": new.timestamp,
        "happened_on": new.happened_on,
        "statement_id": new.statement_id,
    }


def _improve(
    session: Session, rows: Iterable[dict[str, Any]], iris: Mapping[int, str]
) -> list[CompletionChange]:
    """Complete by new evidence what was not, or only later; what was there has not got better.

    Of statements about one instant the one with the lowest number counts. Whoever got that number may come
    here second: then what is there is looked at.
    """
    best: dict[Pair, dict[str, Any]] = {}
    for row in sorted(rows, key=itemgetter("timestamp", "statement_seq")):
        if row["withdrawn_at"] is None:
            best.setdefault((row["learner"], row["activity_id"]), row)
    learners.lock(session, (learner for learner, _ in best))
    changes: list[Change] = []
    for part in batches(sorted(best)):
        before = _completions(session, part)
        equal = []
        for pair in part:
            now, row = before.get(pair), best[pair]
            if now is None or row["timestamp"] < now.completed_at:
                after = _Best(row["timestamp"], row["happened_on"], row["statement_id"])
                changes.append((pair, now, after))
            elif row["timestamp"] == now.completed_at:
                equal.append(pair)
        if equal:
            first = _best_evidence(session, equal)
            changes += [(pair, before[pair], first[pair]) for pair in equal if first[pair] != before[pair]]
    return _apply(session, changes, iris)


def reproject(session: Session, seqs: Sequence[int]) -> list[CompletionChange]:
    """Draw the evidence of these statements anew, after a voiding, a link or a rule has changed."""
    pairs: set[Pair] = set()
    for part in batches(seqs):
        earlier = select(Evidence.learner, Evidence.activity_id).where(Evidence.statement_seq.in_(part))
        pairs |= _pairs(session.execute(earlier).all())
        found = session.connection().execute(_EVIDENCE, {"wanted": part}).all()
        pairs |= _pairs(found)
        session.connection().execute(delete(table_of(Evidence)).where(Evidence.statement_seq.in_(part)))
        _keep(session, found)
    return _settle(session, pairs)


def _pairs(rows: Iterable[Row[*tuple[Any, ...]]]) -> set[Pair]:
    return {(row.learner, row.activity_id) for row in rows}


def _keep(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> None:
    if found:
        insert_rows(session.connection(), table_of(Evidence), [row._asdict() for row in found])


def _settle(session: Session, pairs: set[Pair]) -> list[CompletionChange]:
    """Set the completions of these pairs to the best evidence there is now, and move the counters."""
    learners.lock(session, (learner for learner, _ in pairs))
    changes: list[Change] = []
    for part in batches(sorted(pairs)):
        before, after = _completions(session, part), _best_evidence(session, part)
        changes.extend(
            (pair, before.get(pair), after.get(pair)) for pair in part if before.get(pair) != after.get(pair)
        )
    return _apply(session, changes, _iris(session, {activity_id for (_, activity_id), _, _ in changes}))


def _apply(session: Session, changes: Sequence[Change], iris: Mapping[int, str]) -> list[CompletionChange]:
    _write(session, changes)
    recount_completions(
        session,
        (
            (learner, activity_id, before and before.completed_on, after and after.completed_on)
            for (learner, activity_id), before, after in changes
        ),
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


def _completions(session: Session, pairs: Sequence[Pair]) -> dict[Pair, _Best]:
    rows = session.connection().execute(_COMPLETIONS, {"wanted": pairs})
    return {(learner, activity_id): _Best(*best) for learner, activity_id, *best in rows}


def _best_evidence(session: Session, pairs: Sequence[Pair]) -> dict[Pair, _Best]:
    best: dict[Pair, _Best] = {}
    for learner, activity_id, *found in session.connection().execute(_STANDING_EVIDENCE, {"wanted": pairs}):
        best.setdefault((learner, activity_id), _Best(*found))
    return best


def _write(session: Session, changes: Sequence[Change]) -> None:
    table, connection = table_of(Completion), session.connection()
    gone = [{"l": learner, "a": activity_id} for (learner, activity_id), _, after in changes if not after]
    standing = [
        {"learner": learner, "activity_id": activity_id, **after._asdict()}
        for (learner, activity_id), _, after in changes
        if after
    ]
    if gone:
        statement = delete(table).where(table.c.learner == bindparam("l"))
        connection.execute(statement.where(table.c.activity_id == bindparam("a")), gone)
    insert_rows(connection, table, standing, conflict=_REPLACE)


def _iris(session: Session, activity_ids: set[int]) -> dict[int, str]:
    iris: dict[int, str] = {}
    for part in batches(sorted(activity_ids)):
        rows = session.connection().execute(_IRIS, {"wanted": part})
        iris.update((number, iri) for number, iri in rows)
    return iris
