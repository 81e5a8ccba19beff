"""Whom agents are taken for, held while statements of theirs are counted."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from tracking.batches import batches
from tracking.listed import one_of
from tracking.questions import Question
from tracking.record.models import Agent
from tracking.rounds import Steps


class Taken(NamedTuple):
    """The learner that an agent is taken for, and since when."""

    learner: UUID
    since: datetime


_HELD = Question(
    select(Agent.id, Agent.learner, Agent.linked_at)
    .where(one_of(Agent.id))
    .order_by(Agent.id)
    .with_for_update(read=True)
)


def holding(agents: Iterable[int]) -> Steps[dict[int, Taken]]:
    """Keep the agents from being resolved anew until the transaction ends; which of them are learners."""
    asked = [_HELD(wanted=part) for part in batches(sorted(agents))]
    if not asked:
        return {}
    answered = yield asked
    return {
        agent: Taken(learner, since)
        for rows in answered
        for agent, learner, since in rows
        if learner is not None
    }
