"""When people last did something about an activity, whether or not it completed anything."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.record.models import Activity, Agent, Statement


def last_activity(
    session: Session, activities: Collection[str], learners: Collection[UUID]
) -> dict[tuple[UUID, str], datetime]:
    """The time of each learner's latest statement about each of the activities (IRIs), where there is one."""
    found: dict[tuple[UUID, str], datetime] = {}
    numbers = select(Activity.id).where(Activity.iri.in_(activities))
    for part in batches(sorted(set(learners))):
        rows = session.execute(
            select(Agent.learner, Activity.iri, func.max(Statement.timestamp))
            .join(Statement, Statement.agent_id == Agent.id)
            .join(Activity, Activity.id == Statement.activity_id)
            .where(
                Agent.learner.in_(part),
                Statement.activity_id.in_(numbers),
                Statement.voided_at.is_(None),
            )
            .group_by(Agent.learner, Activity.iri)
        )
        found.update(((learner, iri), moment) for learner, iri, moment in rows if learner is not None)
    return found
