"""Whether a course demands passing, and the lessons that this concerns."""

from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.core.record import complete_anew
from tracking.completions.services import demand_passing


def set_demands_passing(session: Session, course: Course, *, demanded: bool, public_url: str) -> None:
    """Say whether a failed lesson with a pass mark completes; what follows is settled at once."""
    course.demands_passing = demanded
    changes = []
    for lesson in _marked(course):
        changes += demand_passing(session, lesson, demanded=demanded)
    complete_anew(session, changes, home_page=public_url)


def demand_again(session: Session, course: Course) -> None:
    """For lessons that came with a new version."""
    if course.demands_passing:
        for lesson in _marked(course):
            demand_passing(session, lesson, demanded=True)


def _marked(course: Course) -> list[str]:
    """The lessons of any version that have a pass mark."""
    return sorted(
        {
            lesson.iri
            for version in course.versions
            for lesson in version.lessons
            if lesson.mastery_score is not None
        }
    )
