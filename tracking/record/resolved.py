"""Whom agents are taken for, held while statements of theirs are counted."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.listed import one_of
from tracking.record.models import Agent


class Taken(NamedTuple):
    """The learner that an agent is taken for, and since when."""

    learner: UUID
    since: datetime


_HELD = (
    select(Agent.id, Agent.learner, Agent.linked_at)
    .where(one_of(Agent.id))
    .order_by(Agent.id)
    .with_for_update(read=True)
)


def hold(session: Session, agents: Iterable[int]) -> dict[int, Taken]:
    """Keep the agents from being resolved anew until the transaction ends; which of them are learners."""
    taken: dict[int, Taken] = {}
    for part in batches(sorted(agents)):
        rows = session.connection().execute(_HELD, {"wanted": part})
        taken.update({row.id: Taken(row.learner, row.linked_at) for row in rows if row.learner})
    return taken
