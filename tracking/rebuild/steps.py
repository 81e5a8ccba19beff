"""The definitions of `rates.contributions` and of a completion once more, as SQL over whole tables.

Written a second time on purpose: what is counted one by one and what is counted here check each other.
"""

from sqlalchemy import case, func, literal, or_, select, union_all

from tracking.rates.models import Membership
from tracking.record.completions import Completion, Evidence
from tracking.tables import Query


def completions() -> Query:
    """The earliest evidence that counts, of each learner and activity."""
    rank = func.row_number().over(
        partition_by=(Evidence.learner, Evidence.activity_id),
        order_by=(Evidence.timestamp, Evidence.statement_seq),
    )
    ranked = select(Evidence, rank.label("rank")).where(Evidence.withdrawn_at.is_(None)).subquery()
    return select(
        ranked.c.learner,
        ranked.c.activity_id,
        ranked.c.timestamp.label("completed_at"),
        ranked.c.happened_on.label("completed_on"),
        ranked.c.statement_id,
    ).where(ranked.c.rank == 1)


def member_steps() -> Query:
    """Rows (audience, day, unit, delta), one for each beginning and end of a membership."""
    stands = Membership.retired_at.is_(None)
    begins = select(
        Membership.audience, Membership.since.label("day"), Membership.unit, literal(1).label("delta")
    ).where(stands)
    ends = select(Membership.audience, Membership.until, Membership.unit, literal(-1)).where(
        stands, Membership.until.is_not(None)
    )
    return select(union_all(begins, ends).subquery())


def completed_steps() -> Query:
    """Rows (activity_id, audience, day, unit, delta) of completions within memberships."""
    day = case(
        (Membership.since > Completion.completed_on, Membership.since),
        else_=Completion.completed_on,
    )
    counts = (
        Membership.retired_at.is_(None),
        or_(Membership.until.is_(None), day < Membership.until),
    )
    met = Completion.learner == Membership.learner
    begins = (
        select(
            Completion.activity_id,
            Membership.audience,
            day.label("day"),
            Membership.unit,
            literal(1).label("delta"),
        )
        .join(Membership, met)
        .where(*counts)
    )
    ends = (
        select(Completion.activity_id, Membership.audience, Membership.until, Membership.unit, literal(-1))
        .join(Membership, met)
        .where(*counts, Membership.until.is_not(None))
    )
    return select(union_all(begins, ends).subquery())
