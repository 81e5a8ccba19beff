"""Installations for whole-system tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from lms.core.migrating import upgrade
from tests import servers
from tests.conftest import Databases
from tests.functional.browsing import PHONE, new_context
from tests.functional.serving import Installation


def build_tables(address: str) -> None:
    """As `lms db upgrade` does, once for all installations."""
    upgrade(address)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    try:
        with servers.redis() as address:
            yield address
    except servers.Missing as missing:
        if servers.ON_CI:
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture
def installation(databases: Databases, tmp_path: Path) -> Iterator[Installation]:
    """An empty installation on SQLite, and one on PostgreSQL; not started."""
    found = Installation(tmp_path, database_url=databases.fresh(databases.template(build_tables)))
    yield found
    if found.process is not None:
        found.kill()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone that nobody has used yet."""
    found = new_context(browser, PHONE)
    yield found
    found.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
