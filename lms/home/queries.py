"""What the front page shows to whoever looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from uuid import UUID

from sqlalchemy.orm import Session

from lms.catalogue.models import Audience
from lms.catalogue.queries import courses
from lms.catalogue.words import TOPICS
from lms.core.i18n import Message
from lms.enrolment.queries import MandatoryCourse, mandatory_courses
from lms.player.queries import CourseProgress, Standing, courses_progress


@dataclass(frozen=True)
class Duty:
    """A mandatory course, and where its lessons stand; without lessons here, it is learned elsewhere."""

    mandatory: MandatoryCourse
    progress: CourseProgress | None


@dataclass(frozen=True)
class Topic:
    """A topic with its courses; `number` none holds those that belong to none of the four."""

    number: int | None
    title: Message | None
    courses: Sequence[CourseProgress]


@dataclass(frozen=True)
class Front:
    """`going_on` is what was last worked at and is not done; `first` what a newcomer should try."""

    duties: Sequence[Duty]
    topics: Sequence[Topic]
    going_on: CourseProgress | None
    first: CourseProgress | None


def front(session: Session, learner: UUID | None, *, is_guest: bool, today: date) -> Front:
    """The learner's own page; a guest sees what is meant for citizens."""
    offered = courses(session, published_only=True)
    found = {each.course.id: each for each in courses_progress(session, learner, offered)}
    duties = (
        [Duty(must, found.get(must.course.id)) for must in mandatory_courses(session, learner, today)]
        if learner and not is_guest
        else []
    )
    rest = dict(found)
    for duty in duties:
        rest.pop(duty.mandatory.course.id, None)
    for_citizens = [each for each in rest.values() if each.course.audience != Audience.OFFICER]
    shown = for_citizens if is_guest else list(rest.values())
    begun = [
        (each.updated, each) for each in found.values() if each.standing is Standing.BEGUN and each.updated
    ]
    return Front(
        duties=duties,
        topics=_topics(shown),
        going_on=max(begun, key=itemgetter(0))[1] if begun else None,
        first=next((each for each in for_citizens if each.standing is not Standing.DONE), None),
    )


def _topics(found: Sequence[CourseProgress]) -> list[Topic]:
    """In the order of the movement's topics; empty ones are left out."""
    numbers: list[int | None] = [*TOPICS, None]
    topics = [
        Topic(number, TOPICS.get(number or 0), [each for each in found if _topic(each) == number])
        for number in numbers
    ]
    return [topic for topic in topics if topic.courses]


def _topic(progress: CourseProgress) -> int | None:
    return progress.course.topic if progress.course.topic in TOPICS else None
