"""Whom agents are taken for, compared with the history of resolutions, and that with links and claims."""

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.orm import Session

from tracking.identities.resolution import resolve, verdicts
from tracking.record.models import Agent, Resolution
from tracking.tables import table_of

_STEP = 500  # agents in memory at once


def learners_noted(session: Session, *, check: bool) -> int:
    """The learner beside each agent repeats the open resolution."""
    is_open = and_(Resolution.agent_id == Agent.id, Resolution.unlinked_at.is_(None))
    wrong = session.execute(
        select(Agent.id, Resolution.learner, Resolution.linked_at)
        .outerjoin(Resolution, is_open)
        .where(
            or_(
                Agent.learner.is_distinct_from(Resolution.learner),
                Agent.linked_at.is_distinct_from(Resolution.linked_at),
            )
        )
    ).all()
    if wrong and not check:
        table = table_of(Agent)
        session.connection().execute(
            update(table)
            .where(table.c.id == bindparam("row"))
            .values(learner=bindparam("who"), linked_at=bindparam("at")),
            [{"row": row.id, "who": row.learner, "at": row.linked_at} for row in wrong],
        )
    return len(wrong)


def resolutions(session: Session, *, check: bool, now: datetime) -> int:
    """Every agent is taken to be whom links and claims say; where not, it is from now on."""
    differences, last = 0, 0
    query = select(Agent.id).order_by(Agent.id).limit(_STEP)
    while ids := session.scalars(query.where(Agent.id > last)).all():
        differences += sum(found.taken != found.should_be for found in verdicts(session, ids))
        if not check:
            resolve(session, ids, now)
        last = ids[-1]
    return differences
