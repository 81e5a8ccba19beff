"""Changing what an activity demands."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracking.completions.projection import CompletionChange, reproject
from tracking.completions.rules import Outcome
from tracking.dialects import close
from tracking.record.completions import ActivityRule
from tracking.record.dictionaries import activity_ids
from tracking.record.models import Statement
from tracking.times import BEGINNING, utc_now

_STEP = 5_000  # statements redrawn at once, to bound memory


def demand_passing(
    session: Session, iri: str, *, demanded: bool, now: datetime | None = None
) -> list[CompletionChange]:
    """From now on the activity demands passing, or no longer; what that changes in completions.

    Statements that failed count, or stop counting, from this moment on as far as "as known on" is concerned.
    """
    close(session)
    activity_id = activity_ids(session, [iri])[iri]
    rule = session.scalars(
        select(ActivityRule).where(ActivityRule.activity_id == activity_id, ActivityRule.until.is_(None))
    ).one_or_none()
    if demanded == (rule is not None and rule.demands_passing):
        return []
    moment = now or utc_now()
    _succeed(session, activity_id, rule, demanded=demanded, now=moment)
    return _redraw_failed(session, activity_id)


def _succeed(
    session: Session, activity_id: int, rule: ActivityRule | None, *, demanded: bool, now: datetime
) -> None:
    """End the open rule, or write down that until now nothing was demanded, and open the new one."""
    if rule is None:
        rule = ActivityRule(activity_id=activity_id, demands_passing=not demanded, since=BEGINNING)
        session.add(rule)
    rule.until = max(now, rule.since)
    session.add(ActivityRule(activity_id=activity_id, demands_passing=demanded, since=rule.until))
    session.flush()


def _redraw_failed(session: Session, activity_id: int) -> list[CompletionChange]:
    changes: list[CompletionChange] = []
    last = 0
    failed = (
        select(Statement.seq)
        .where(Statement.activity_id == activity_id, Statement.outcome == Outcome.COMPLETES_WITHOUT_PASSING)
        .order_by(Statement.seq)
        .limit(_STEP)
    )
    while seqs := session.scalars(failed.where(Statement.seq > last)).all():
        changes.extend(reproject(session, seqs))
        last = seqs[-1]
    return changes
