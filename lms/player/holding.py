"""Versions that learners are still in the middle of, and previews that are over."""

from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.core.clock import utc_now
from lms.player.models import Attempt, CourseRun
from tracking.batches import batches

# What was ended may be looked at again for so long.
LOOKED_AT = timedelta(days=365)
PREVIEW_LIFE = timedelta(days=2)


def versions_in_use(session: Session, version_ids: list[int]) -> set[int]:
    """Those of the versions in which an attempt is under way, or was worked at within a year."""
    found: set[int] = set()
    for part in batches(version_ids):
        wanted = (
            select(Lesson.version_id)
            .join(Attempt, Attempt.lesson_id == Lesson.id)
            .where(
                Lesson.version_id.in_(part),
                Attempt.preview.is_(False),
                or_(Attempt.ended.is_(None), Attempt.updated > utc_now() - LOOKED_AT),
            )
            .distinct()
        )
        found.update(session.scalars(wanted))
    return found


def forget_previews(session: Session, *, life: timedelta = PREVIEW_LIFE) -> int:
    """Remove what is left of looks at lessons that nobody learned; returns how many."""
    old = select(Attempt.id, Attempt.learner).where(Attempt.preview, Attempt.updated < utc_now() - life)
    found = list(session.execute(old))
    for part in batches([attempt for attempt, _ in found]):
        session.execute(delete(Attempt).where(Attempt.id.in_(part)))
    for part in batches(list({viewer for _, viewer in found})):  # each a random id, for one look around
        still = select(Attempt.learner).where(Attempt.learner.in_(part))
        gone = CourseRun.learner.in_(part) & CourseRun.learner.not_in(still)
        session.execute(delete(CourseRun).where(gone))
    return len(found)
