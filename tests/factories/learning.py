"""Courses, people and what they completed, made through the same services as in earnest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson, Status
from lms.core.clock import utc_now
from lms.core.names import fold, normal, person_order_key
from lms.core.record import keep, our_authority
from lms.people.claims import claims_of
from lms.people.models import Person
from lms.units.models import Unit
from tests.profiles.ours import pretended
from tracking.identities.services import claim_many
from tracking.rates.services import Placement, place_many

HOME = "http://localhost:8000"
LONG_AGO = date(2025, 1, 1)
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
INITIALIZED = "http://adlnet.gov/expapi/verbs/initialized"


@dataclass(frozen=True)
class Learner:
    """A person of the roster, and the unit they were placed in."""

    id: UUID
    code: str
    name: str


def make_course(
    session: Session,
    slug: str = "qr",
    title: str = "Quét mã QR an toàn",
    *,
    audience: str | None = "officer",
    topic: int | None = 2,
    minutes: int | None = 6,
    lessons: int = 1,
) -> Course:
    """A published course with one version."""
    course = Course(
        slug=slug,
        iri=f"{HOME}/courses/{slug}",
        title=title,
        description=f"Về {title}",
        standard="scorm12",
        topic=topic,
        audience=audience,
        minutes=minutes,
        status=Status.PUBLISHED.value,
        version_number=1,
        created=utc_now(),
    )
    version = CourseVersion(course=course, number=1, sha256="0" * 64, manifest={}, imported=utc_now())
    for position in range(lessons):
        version.lessons.append(_lesson(course, position))
    session.add(course)
    session.flush()
    return course


def make_person(
    session: Session,
    unit: Unit,
    name: str = "Nguyễn Văn An",
    *,
    code: str | None = None,
    audience: str = "officer",
    since: date = LONG_AGO,
) -> Learner:
    """Somebody counted in the unit, whom statements under our home page find by id and by code."""
    code = code or f"CB-{uuid4().hex[:8]}"
    return make_people(session, unit, [(code, name)], audience=audience, since=since)[0]


def make_people(
    session: Session,
    unit: Unit,
    who: Sequence[tuple[str, str]],
    *,
    audience: str = "officer",
    since: date = LONG_AGO,
) -> list[Learner]:
    """Several at once, each given by code and name."""
    people = [
        Person(
            id=uuid4(),
            code=code,
            name=normal(name),
            order_key=person_order_key(name),
            search_key=fold(name),
            created=utc_now(),
            updated=utc_now(),
        )
        for code, name in who
    ]
    session.add_all(people)
    session.flush()
    place_many(session, [Placement(person.id, unit.id, audience, since) for person in people])
    claim_many(session, [claim for person in people for claim in claims_of(person.id, person.code, None)])
    return [Learner(person.id, person.code, person.name) for person in people]


def tell(
    session: Session,
    learner: Learner,
    activity: str,
    *,
    verb: str = COMPLETED,
    at: datetime = datetime(2025, 11, 1, 2, 0, tzinfo=UTC),
    **more: Any,
) -> UUID:
    """Store one statement of the learner about the activity (an IRI); its id."""
    return tell_all(session, [(learner, at)], activity, verb=verb, **more)[0]


def tell_all(
    session: Session,
    who: Iterable[tuple[Learner, datetime]],
    activity: str,
    *,
    verb: str = COMPLETED,
    **more: Any,
) -> list[UUID]:
    """Store one statement for each learner and time; their ids."""
    statements = [
        {
            "id": str(uuid4()),
            "actor": {"account": {"homePage": HOME, "name": str(learner.id)}},
            "verb": {"id": verb},
            "object": {"id": activity},
            "timestamp": at.isoformat(),
            **more,
        }
        for learner, at in who
    ]
    keep(session, pretended(statements), home_page=HOME, authority=our_authority(HOME))
    return [UUID(statement["id"]) for statement in statements]


def _lesson(course: Course, position: int) -> Lesson:
    return Lesson(
        position=position,
        identifier=f"item-{position}",
        key=f"item-{position}",
        iri=f"{course.iri}/lessons/item-{position}",
        title=f"{course.title} {position + 1}",
        href="index.html",
        scorm_type="sco",
        minutes=course.minutes,
        mastery_score=None,
    )
