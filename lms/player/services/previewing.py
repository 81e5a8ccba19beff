"""An author looks at a version as learners will see it: nothing is kept, and nothing is told."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.core.clock import utc_now
from lms.player.models import Attempt, Mode, PlaySession
from lms.player.services.launching import TOKEN_LIFE, open_session


def open_preview(session: Session, lesson: Lesson, viewer: UUID, *, language: str) -> PlaySession:
    """A session at the lesson, of whatever version; `viewer` is a random id, the same for one look around."""
    play = open_session(session, _attempt(session, lesson, viewer), utc_now() + TOKEN_LIFE)
    play.mode, play.language = Mode.BROWSE.value, language
    session.flush()
    return play


def _attempt(session: Session, lesson: Lesson, viewer: UUID) -> Attempt:
    """The one of this viewer where the lesson was looked at before, else a new one."""
    wanted = select(Attempt).where(Attempt.learner == viewer, Attempt.lesson_id == lesson.id, Attempt.preview)
    found = session.scalars(wanted).unique().first()
    if found is not None:
        return found
    now = utc_now()
    attempt = Attempt(
        learner=viewer,
        is_guest=False,
        preview=True,
        lesson=lesson,
        number=1,
        started=now,
        updated=now,
    )
    session.add(attempt)
    session.flush()
    return attempt
