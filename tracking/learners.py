"""Learners as the record knows them: an opaque id, and a row whose lock orders what happens to each."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracking.batches import batches
from tracking.dialects import is_sqlite, upsert
from tracking.listed import one_of
from tracking.questions import Question
from tracking.rounds import Steps, run
from tracking.tables import Base


class Learner(Base):
    __tablename__ = "learner"

    id: Mapped[UUID] = mapped_column(primary_key=True)


_HELD = Question(
    select(Learner.id).where(one_of(Learner.id)).order_by(Learner.id).with_for_update(key_share=True)
)


def admit(session: Session, learners: Iterable[UUID]) -> None:
    """Make the learners known and lock them; those known already stay as they are."""
    wanted = sorted(set(learners))
    for part in batches(wanted):
        statement = upsert(session, Learner).on_conflict_do_nothing()
        session.execute(statement, [{"id": learner} for learner in part])
    lock(session, wanted)


def lock(session: Session, learners: Iterable[UUID]) -> None:
    """Hold the learners until the transaction ends, so that no two of them count one learner at once.

    Always in the order of their ids: two transactions that want the same learners wait, and do not deadlock.
    SQLite has one writer at a time and needs no lock.
    """
    run(session, locking(session, learners))


def _number(learner: UUID) -> int:
    return learner.int  # compares much quicker


def locking(session: Session, learners: Iterable[UUID]) -> Steps[None]:
    """`lock` in steps."""
    wanted = () if is_sqlite(session) else sorted(set(learners), key=_number)
    if wanted:
        yield [_HELD(wanted=part) for part in batches(wanted)]
