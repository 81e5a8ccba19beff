"""A cmi5 course, somebody who learns, and units that speak to the record store."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.catalogue.services import Imported
from lms.core.database import Database
from lms.core.runtime import Runtime
from tests.factories import cmi5
from tests.factories.cmi5 import Speaker
from tests.factories.courses import import_package
from tests.lms.player.conftest import learner_id, officer, person

__all__ = ["learner_id", "officer", "person"]

Import = Callable[..., Imported]
Open = Callable[..., Speaker]


@pytest.fixture
def import_course(database: Database, runtime: Runtime, tmp_path: Path) -> Import:
    """`import_course(contents)` imports a course of this structure, as `cours`."""

    def importing(contents: str | None = None, slug: str = "cours", **files: bytes) -> Imported:
        with database.transaction() as session:
            package = cmi5.course(contents, files)
            return import_package(session, runtime.files, tmp_path, package, slug=slug)

    return importing


@pytest.fixture
def open_unit(app: Flask) -> Open:
    """`open_unit(browser)` taps the button of a lesson, and gives the unit that opens."""

    def tap(browser: FlaskClient, key: str = "https-example-org-cmi5-au-one", slug: str = "cours") -> Speaker:
        answer = browser.post(f"/learn/{slug}/{key}")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return Speaker(app.test_client(), answer.headers["Location"])

    return tap


@pytest.fixture
def speaker(officer: FlaskClient, import_course: Import, open_unit: Open) -> Speaker:
    """The unit of the ordinary course, opened by the officer and ready to say initialized."""
    import_course()
    return open_unit(officer).start()
