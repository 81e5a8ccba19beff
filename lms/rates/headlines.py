"""The few numbers that matter most to a unit today: its mandatory courses, those due nearest to today."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.catalogue.queries import courses
from lms.core.clock import today
from lms.enrolment.queries import assignments_for, nearest_first
from lms.rates.answers import RateAnswer
from lms.rates.queries import rate_answer
from lms.rates.questions import Question
from lms.units.models import Unit

MOST = 3


@dataclass(frozen=True)
class Headline:
    """A rate of today, the parameters of its pages, and the day by which the course must be completed."""

    question: Question
    answer: RateAnswer
    due: date | None

    @property
    def params(self) -> dict[str, str]:
        asked = self.question
        return {"unit": asked.unit.code, "course": asked.course.slug, "audience": asked.audience or "all"}


def headlines(session: Session, unit: Unit) -> list[Headline]:
    """At most three; of a unit without mandatory courses, the first course on offer; none without courses."""
    day = today()
    asked: dict[tuple[int, str], tuple[Course, str, date | None]] = {}
    for duty in nearest_first(assignments_for(session, unit), day):
        asked.setdefault((duty.course_id, duty.audience), (duty.course, duty.audience, duty.due))
    wanted = list(asked.values())[:MOST] or _first(session)
    questions = [(Question(unit, course, audience, day), due) for course, audience, due in wanted]
    return [Headline(question, rate_answer(session, question), due) for question, due in questions]


def _first(session: Session) -> list[tuple[Course, str, date | None]]:
    offered = courses(session, published_only=True)
    return [(offered[0], offered[0].audience or "officer", None)] if offered else []
