"""A unit of 57 officers of whom 56 have completed, seen by the cast."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lms.catalogue.models import Course
from lms.core.database import Database
from lms.settings import Settings
from lms.xapi.services import add_client
from tests.factories.learning import Learner, make_course, make_people, tell, tell_all
from tests.lms.conftest import Cast

FIRST = datetime(2025, 11, 1, 1, 0, tzinfo=UTC)  # 08:00 in Hải Phòng
GIVEN = ("An", "Bình", "Chi", "Dũng", "Đào", "Hoà", "Yến")


@dataclass(frozen=True)
class Scene:
    """57 officers of the commune, the last without a completion; two citizens of the other commune."""

    course: Course
    officers: list[Learner]
    statements: list[UUID]
    strangers: list[Learner]

    @property
    def missing(self) -> Learner:
        return self.officers[-1]


@pytest.fixture
def scene(database: Database, cast: Cast) -> Scene:
    """One completion an hour from 1/11/2025 on."""
    with database.transaction() as session:
        course = make_course(session)
        names = [(f"CVA-{number:03}", f"Nguyễn Thị {GIVEN[number % len(GIVEN)]}") for number in range(1, 58)]
        officers = make_people(session, cast.commune, names)
        hours = enumerate(officers[:-1])
        statements = tell_all(
            session, [(officer, FIRST + timedelta(hours=hour)) for hour, officer in hours], course.iri
        )
        names = [("AQ-1", "Trần Văn Ba"), ("AQ-2", "Trần Văn Tư")]
        strangers = make_people(session, cast.other, names, audience="citizen")
        tell(session, strangers[0], course.iri, at=FIRST)
    return Scene(course, officers, statements, strangers)


@pytest.fixture
def credentials(database: Database, settings: Settings) -> Callable[..., dict[str, str]]:
    """The header of a new client with these scopes."""

    def add(*scopes: str) -> dict[str, str]:
        with database.transaction() as session:
            client, secret = add_client(
                session, "A program", scopes, secret_key=settings.secret_key, actor=None
            )
            key = client.key
        return {"Authorization": "Basic " + b64encode(f"{key}:{secret}".encode()).decode()}

    return add
