"""Who stands for merged learners, compared with the mergers that are open."""

from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from tracking.record.mergers import Merger
from tracking.tables import table_of


def standings(session: Session, *, check: bool) -> int:
    """Each merged learner names the end of its chain."""
    into: dict[UUID, UUID] = {}
    noted: dict[UUID, tuple[int, UUID]] = {}
    rows = session.execute(
        select(Merger.id, Merger.learner, Merger.into, Merger.standing).where(Merger.ended_at.is_(None))
    )
    for number, learner, following, standing in rows:
        into[learner], noted[learner] = following, (number, standing)
    wrong = []
    for learner, (number, standing) in noted.items():
        end = into[learner]
        while end in into:
            end = into[end]
        if end != standing:
            wrong.append({"row": number, "end": end})
    if wrong and not check:
        table = table_of(Merger)
        change = update(table).where(table.c.id == bindparam("row")).values(standing=bindparam("end"))
        session.connection().execute(change, wrong)
    return len(wrong)
