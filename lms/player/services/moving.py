"""Where a learner has gone in a course with sequencing, and what follows from it for the course."""

from sqlalchemy.orm import Session

from lms.core.events import StatementsStored, send
from lms.player.models import CourseRun, PlaySession
from lms.player.rules.navigation import Navigation, satisfied_objectives
from lms.player.services.runs import follow
from tracking.record.mergers import who_stands_for


def move(session: Session, play: PlaySession, navigation: Navigation | None, *, home_page: str) -> None:
    """Keep where the learner is now; global objectives that are satisfied now may complete the course.

    They come after the lesson's own results, of which the course has been told by then.
    """
    before = _satisfied(play.run)
    follow(session, play, navigation)
    attempt = play.attempt
    if attempt.is_guest or attempt.preview or _satisfied(play.run) <= before:
        return
    learner = who_stands_for(session, attempt.learner)
    touched = [(learner, lesson.iri) for lesson in attempt.lesson.version.lessons]
    send(session, StatementsStored(completions=touched, withdrawn=(), home_page=home_page))


def _satisfied(run: CourseRun | None) -> frozenset[str]:
    return frozenset() if run is None else satisfied_objectives(run.objectives)
