"""A small record: two people, a platform that sends, somebody whom nobody knows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.core.database import Database
from lms.core.record import keep
from lms.settings import Settings
from lms.xapi.models import Client
from lms.xapi.services import add_client, authority_of
from tests.factories.learning import COMPLETED, HOME, INITIALIZED, Learner, make_course, make_people
from tests.lms.conftest import Cast

MORNING = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)  # 09:30 in Hải Phòng
STRANGER = {"mbox": "mailto:ai.do@example.vn", "name": "Ai đó"}
WATCHED = {"id": "https://w3id.org/xapi/video/verbs/played", "display": {"fr": "lu", "en": "watched"}}
REGISTRATION = UUID(int=77)


@dataclass(frozen=True)
class Record:
    """An completed the first of two lessons and opened the second; Bình passed the course elsewhere; a
    stranger watched something; a group did too."""

    course: Course
    an: Learner
    binh: Learner
    client: Client
    other: Client
    completed: UUID
    opened: UUID
    passed: UUID
    watched: UUID
    together: UUID


def say(session: Session, client: Client, **said) -> UUID:
    """Store a statement that a client vouches for."""
    made = {"id": str(uuid4()), "timestamp": MORNING.isoformat(), **said}
    keep(session, [made], home_page=HOME, authority=authority_of(client, HOME))
    return UUID(made["id"])


def complete(session: Session, record: Record, activity: str, at: datetime = MORNING) -> UUID:
    """An completes an activity, as the other platform says."""
    actor = {"account": {"homePage": HOME, "name": record.an.code}}
    said = {"actor": actor, "verb": {"id": COMPLETED}, "object": {"id": activity}}
    return say(session, record.other, **said, timestamp=at.isoformat())


@pytest.fixture
def record(database: Database, cast: Cast, settings: Settings) -> Record:
    with database.transaction() as session:
        course = make_course(session, lessons=2)
        one, two = (lesson.iri for lesson in course.versions[0].lessons)
        an, binh = make_people(
            session, cast.commune, [("CVA-001", "Nguyễn Văn An"), ("CVA-002", "Nguyễn Thị Bình")]
        )
        client, other = (
            add_client(session, name, [], secret_key=settings.secret_key, actor=None)[0]
            for name in ("One Touch", "Lớp học số")
        )
        by_an = {"actor": {"account": {"homePage": HOME, "name": "CVA-001"}}}
        return Record(
            course=course,
            an=an,
            binh=binh,
            client=client,
            other=other,
            completed=say(
                session,
                other,
                **by_an,
                verb={"id": COMPLETED},
                object={"id": one},
                result={"score": {"scaled": 0.95}},
            ),
            opened=say(session, other, **by_an, verb={"id": INITIALIZED}, object={"id": two}),
            passed=say(
                session,
                client,
                actor={"account": {"homePage": HOME, "name": "CVA-002"}},
                verb={"id": "http://adlnet.gov/expapi/verbs/passed"},
                object={"id": course.iri},
                context={"registration": str(REGISTRATION)},
            ),
            watched=say(session, client, actor=STRANGER, verb=WATCHED, object={"id": "http://a.vn/films/qr"}),
            together=say(
                session,
                client,
                actor={"objectType": "Group", "member": [STRANGER, {"mbox": "mailto:b@example.vn"}]},
                verb={"id": "http://example.vn/verbs/did#danced"},
                object={"id": "http://a.vn/films/qr", "definition": {"name": {"vi": "Phim QR"}}},
            ),
        )
