"""Moving the counters. Deltas are gathered, and written as a transaction ends, in the order of their keys.

Many transactions want the same few counters. Written last and in one order, they are held for a moment only,
and no two transactions wait for each other, however often each of them counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from tracking.listed import Insertion, one_of
from tracking.questions import Question, asked
from tracking.rates.contributions import completed_steps, member_steps
from tracking.rates.models import CompletedChange, CompletedTotal, MemberChange, Membership, MemberTotal
from tracking.rates.timeline import Stay
from tracking.rounds import Command, Steps, put_off
from tracking.tables import Base, table_of

Completed = Mapping[int, date]  # activity id -> the local date on which a learner completed it

_PENDING = "rates.moves"


class Moves:
    """Deltas of the counters, gathered learner by learner."""

    def __init__(self) -> None:
        self._members: Counter[tuple[str, date, int]] = Counter()
        self._completed: Counter[tuple[int, str, date, int]] = Counter()

    def add(self, stays: Iterable[Stay], completed: Completed, sign: int) -> None:
        """Count (sign 1) or no longer count (sign -1) a learner's memberships and completions."""
        for stay in stays:
            for day, delta in member_steps(stay):
                self._members[stay.audience, day, stay.unit] += sign * delta
            self.add_completions((stay,), completed, sign)

    def add_completions(self, stays: Iterable[Stay], completed: Completed, sign: int) -> None:
        for stay in stays:
            for activity_id, completed_on in completed.items():
                for day, delta in completed_steps(stay, completed_on):
                    self._completed[activity_id, stay.audience, day, stay.unit] += sign * delta

    def hand_in(self, session: Session) -> None:
        """Have these deltas written when the transaction is committed, or before its counters are read."""
        if session.in_nested_transaction():
            self._write(session)  # what a savepoint takes back must not stay
            return
        pending: Moves = session.info.setdefault(_PENDING, Moves())
        pending._members.update(self._members)
        pending._completed.update(self._completed)

    def _write(self, session: Session) -> None:
        member_totals: Counter[tuple[str, int]] = Counter()
        for (audience, _, unit), delta in self._members.items():
            member_totals[audience, unit] += delta
        completed_totals: Counter[tuple[int, str, int]] = Counter()
        for (activity_id, audience, _, unit), delta in self._completed.items():
            completed_totals[activity_id, audience, unit] += delta
        increases = [
            *_increased(MemberChange, ("audience", "day", "unit"), "delta", self._members),
            *_increased(MemberTotal, ("audience", "unit"), "members", member_totals),
            *_increased(
                CompletedChange, ("activity_id", "audience", "day", "unit"), "delta", self._completed
            ),
            *_increased(CompletedTotal, ("activity_id", "audience", "unit"), "completed", completed_totals),
        ]
        put_off(session.connection(), increases)


def _increased(
    model: type[Base], keys: tuple[str, ...], value: str, deltas: Mapping[Any, int]
) -> list[Command]:
    moved = sorted(key for key, delta in deltas.items() if delta)
    if not moved:
        return []
    table = model.__tablename__
    conflict = f"({', '.join(keys)}) DO UPDATE SET {value} = {table}.{value} + excluded.{value}"
    columns = [*zip(*moved, strict=True), [deltas[key] for key in moved]]
    return [Insertion(table_of(model), (*keys, value), columns, conflict)]


_STANDING = Question(
    select(
        Membership.learner,
        Membership.since,
        Membership.unit,
        Membership.audience,
        Membership.until,
        Membership.id,
    )
    .where(one_of(Membership.learner), Membership.retired_at.is_(None))
    .order_by(Membership.since)
)


Timelines = dict[UUID, dict[Stay, int]]


def standing(learners: Iterable[UUID]) -> Steps[Timelines]:
    """Where each learner is counted, as known now, earliest first, with the row's id for each stay."""
    found: Timelines = {}
    for learner, since, unit, audience, until, row in (yield from asked(_STANDING, list(set(learners)))):
        found.setdefault(learner, {})[Stay(since, unit, audience, until)] = row
    return found


def recount_completions(
    session: Session, changes: Iterable[tuple[UUID, int, date | None, date | None]], timelines: Timelines
) -> None:
    """Move the counters for changed completions: (learner, activity id, completed on before, and now).

    `timelines`: where these learners are `standing`.
    """
    moves = Moves()
    for learner, activity_id, before, now in changes:
        if before == now:
            continue
        stays = timelines.get(learner, {})
        if before is not None:
            moves.add_completions(stays, {activity_id: before}, -1)
        if now is not None:
            moves.add_completions(stays, {activity_id: now}, 1)
    moves.hand_in(session)


def settle(session: Session) -> None:
    """Write what was handed in; whoever reads counters does so first."""
    pending: Moves | None = session.info.pop(_PENDING, None)
    if pending is not None:
        session.flush()
        pending._write(session)  # noqa: SLF001


@event.listens_for(Session, "before_commit")
def _settle(session: Session) -> None:
    settle(session)


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """What was rolled back moves nothing."""
    if transaction.parent is None:
        session.info.pop(_PENDING, None)
