"""What tests of all rooms ask for.

Databases: each test on SQLite and on PostgreSQL, with one of its own. A browser: one for all tests.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lms.core import database
from tests import engines, servers
from tests.browsers import NoBrowser, chromium

_NUMBERS = count()
database.create_engine = engines.create_engine


@pytest.hookimpl(tryfirst=True)  # before pytest asks where the tests' own folders lie
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # not a worker: the process that pytest was started in
        folder = config.stash[_FOLDER] = servers.open_folder()
        config.option.basetemp = config.option.basetemp or str(folder / "tests")


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(_FOLDER, None)
    if folder is not None:
        servers.close_folder(folder)


_FOLDER = pytest.StashKey[Path]()


@pytest.fixture(scope="session")
def postgres_server() -> str:
    try:
        return servers.postgres()
    except servers.Missing as missing:
        if servers.ON_CI:
            pytest.fail(str(missing))
        pytest.skip(str(missing))


class Databases:
    """Fresh databases of one kind. Those built alike are copies of one that was built once."""

    def __init__(self, kind: str, folder: Path, server: str | None) -> None:
        self.kind = kind
        self._folder = folder
        self._server = server
        self._templates: dict[str, str] = {}
        self._made: list[str] = []

    def fresh(self, template: str | None = None) -> str:
        """The address of a new database, empty or a copy of the template."""
        name = f"t{os.getpid()}_{next(_NUMBERS)}.db"
        self._made.append(name)
        if self._server is None:
            if template:
                shutil.copy(self._folder / template, self._folder / name)
            return f"sqlite:///{self._folder / name}"
        return servers.create_database(self._server, name, template or "template0")

    def template(self, build: Callable[[str], None]) -> str:
        """The name of a database that `build` was let loose on, given its address; once for each `build`."""
        key = f"{build.__module__}.{build.__qualname__}"
        if key not in self._templates:
            address = self.fresh()
            build(address)
            self._templates[key] = address.rsplit("/", 1)[1]
            self._made = [name for name in self._made if name != self._templates[key]]
        return self._templates[key]

    def drop(self) -> None:
        for name in self._made:
            if self._server is not None:
                servers.drop_database(self._server, name)
            else:
                for file in self._folder.glob(f"{name}*"):
                    file.unlink()
        self._made.clear()


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases("sqlite", tmp_path_factory.mktemp("sqlite"), None)


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Databases:
    return Databases("postgresql", tmp_path_factory.mktemp("postgresql"), postgres_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Both kinds of databases, one after the other; what a test made is dropped when it ends."""
    found: Databases = request.getfixturevalue(f"{request.param}_databases")
    yield found
    found.drop()


@pytest.fixture
def database_url(databases: Databases) -> str:
    """The address of an empty database, on SQLite and on PostgreSQL."""
    return databases.fresh()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one Chromium of a test process: Playwright cannot be started twice in it."""
    try:
        with chromium() as started:
            yield started
    except NoBrowser as missing:
        if servers.ON_CI:
            pytest.fail(str(missing))
        pytest.skip(str(missing))
