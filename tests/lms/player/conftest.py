"""A course of two lessons, of which the second has a pass mark of 80, and people who learn."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import services as accounts
from lms.catalogue.models import Course
from lms.catalogue.services import Imported
from lms.core.database import Database
from lms.core.runtime import Runtime
from tests.factories.courses import MULTI, import_package, package
from tests.factories.learning import Learner, make_person
from tests.lms.conftest import PASSWORD, Cast, browser
from tests.lms.player.playing import Playing
from tests.lms.player.playing import launch as launch_in


@pytest.fixture
def course(database: Database, runtime: Runtime, tmp_path: Path) -> Imported:
    with database.transaction() as session:
        return import_package(session, runtime.files, tmp_path, package(lessons=MULTI), slug="qr")


@pytest.fixture
def person(database: Database, cast: Cast) -> Learner:
    """An officer of the first commune, with the account `officer`."""
    with database.transaction() as session:
        found = make_person(session, cast.commune, "Nguyễn Thị Hoa")
        accounts.add_account(session, username="officer", password=PASSWORD, name=found.name, person=found.id)
    return found


@pytest.fixture
def officer(app: Flask, person: Learner) -> FlaskClient:
    """The officer's browser, signed in."""
    client = browser(app)
    client.post("/sign-in", data={"username": "officer", "password": PASSWORD})
    return client


@pytest.fixture
def launch(app: Flask, course: Imported) -> Callable[..., Playing]:
    """`launch(client, key="L1")` opens a lesson of the course."""

    def open_lesson(client: FlaskClient, key: str = "L1", slug: str = "qr") -> Playing:
        return launch_in(app, client, slug, key)

    return open_lesson


@pytest.fixture
def lesson_iris(course: Imported) -> tuple[str, str]:
    first, second = course.version.lessons
    return first.iri, second.iri


@pytest.fixture
def learner_id(person: Learner) -> UUID:
    return person.id


@pytest.fixture
def rule(database: Database, course: Imported) -> Callable[..., None]:
    """`rule(attempt_limit=2)` sets rules of the course."""

    def set_rules(**rules: object) -> None:
        with database.transaction() as session:
            found = session.scalars(select(Course)).one()
            for name, value in rules.items():
                setattr(found, name, value)

    return set_rules
