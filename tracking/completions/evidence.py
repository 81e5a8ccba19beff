"""The evidence that follows from statements, resolutions and rules: one SELECT, for storing and rebuilding.

A statement is evidence for a learner while three things hold at once: it is stored and not voided, its agent
is resolved to the learner, and, for one that failed, the activity does not demand passing.
"""

from sqlalchemy import ColumnElement, and_, func, or_, select

from tracking.completions.rules import Outcome
from tracking.dialects import earliest, is_before, latest
from tracking.record.completions import ActivityRule
from tracking.record.models import Resolution, Statement
from tracking.tables import Query


def evidence(*conditions: ColumnElement[bool]) -> Query:
    """The evidence of the statements that meet the conditions; columns named as in the table of evidence."""
    rule_since = func.coalesce(ActivityRule.since, Statement.stored)
    known_at = latest(Statement.stored, Resolution.linked_at, rule_since)
    withdrawn_at = earliest(Statement.voided_at, Resolution.unlinked_at, ActivityRule.until)
    # Without any rule the activity has never demanded passing; with rules, count those that did not.
    ruled = and_(
        ActivityRule.activity_id == Statement.activity_id,
        Statement.outcome == Outcome.COMPLETES_WITHOUT_PASSING,
    )
    return (
        select(
            Statement.seq.label("statement_seq"),
            known_at.label("known_at"),
            withdrawn_at.label("withdrawn_at"),
            Resolution.learner,
            Statement.activity_id,
            Statement.timestamp,
            Statement.happened_on,
            Statement.id.label("statement_id"),
        )
        .join(Resolution, Resolution.agent_id == Statement.agent_id)
        .outerjoin(ActivityRule, ruled)
        .where(
            Statement.outcome.is_not(None),
            Statement.activity_id.is_not(None),
            or_(ActivityRule.id.is_(None), ActivityRule.demands_passing.is_(False)),
            is_before(known_at, withdrawn_at),
            *conditions,
        )
    )
