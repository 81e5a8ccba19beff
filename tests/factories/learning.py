"""Courses, people and what they completed, made through the same services as in earnest."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson, Status
from lms.core.clock import utc_now
from lms.core.names import fold, normal, person_order_key
from lms.core.record import keep, our_authority
from lms.people.claims import claims_of
from lms.people.models import Person
from lms.units.models import Unit
from tracking.identities.services import claim_many
from tracking.rates.services import place

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
    person = Person(
        id=uuid4(),
        code=code or f"CB-{uuid4().hex[:8]}",
        name=normal(name),
        order_key=person_order_key(name),
        search_key=fold(name),
        created=utc_now(),
        updated=utc_now(),
    )
    session.add(person)
    session.flush()
    place(session, person.id, unit.id, audience, since)
    claim_many(session, claims_of(person.id, person.code, None))
    return Learner(person.id, person.code, person.name)


def tell(
    session: Session,
    learner: Learner,
    activity: str,
    *,
    verb: str = COMPLETED,
    at: datetime = datetime(2025, 11, 1, 2, 0, tzinfo=UTC),
    **more: object,
) -> UUID:
    """Store one statement of the learner about the activity (an IRI); its id."""
    statement_id = uuid4()
    statement = {
        "id": str(statement_id),
        "actor": {"account": {"homePage": HOME, "name": str(learner.id)}},
        "verb": {"id": verb},
        "object": {"id": activity},
        "timestamp": at.isoformat(),
        **more,
    }
    keep(session, [statement], home_page=HOME, authority=our_authority(HOME))
    return statement_id


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
