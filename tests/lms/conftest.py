"""An application on a fresh database, and the cast that every test of permissions uses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import passwords
from lms.accounts import services as accounts
from lms.accounts.models import Account, Role
from lms.app import create_app
from lms.core import record
from lms.core.database import Database
from lms.core.i18n import using
from lms.core.migrating import upgrade
from lms.core.runtime import Runtime
from lms.core.web.security import limiter
from lms.settings import Settings, read_settings
from lms.units.models import Unit
from lms.units.queries import units_of_codes
from lms.units.services import Row, import_units
from tests.conftest import Databases
from tests.profiles.ours import Made

PASSWORD = "bốn con mèo nhỏ"
APP = "http://localhost:8000"
CONTENT = "http://127.0.0.1:8000"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of pages run on SQLite: what a page says does not depend on the database.

    Services and queries are tested on both, and `test_accessibility` opens every page on PostgreSQL.
    """
    here = Path(__file__).parent
    left = [item for item in items if here in item.path.parents and _is_a_page_on_postgresql(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def _is_a_page_on_postgresql(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return (
        item.path.stem.endswith(("_page", "_pages"))
        and call is not None
        and call.params.get("databases") == "postgresql"
    )


def build_tables(address: str) -> None:
    upgrade(address)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests read the msgids; what pages say in Vietnamese is tested where it matters."""
    with using("en"):
        yield


@pytest.fixture(autouse=True)
def made_by_us(monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Whatever a test makes the product say must follow our xAPI Profile (docs/statement-map.md)."""
    made = Made()
    monkeypatch.setattr(record.services, "store", made.watch(record.services.store))
    yield made
    assert not made.faults()


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Password hashes that are cheap on purpose; real ones take a tenth of a second each."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def settings(databases: Databases, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """On a database with all tables; with the cast in it where the test has one."""
    build = build_cast if "cast" in request.fixturenames else build_tables
    address = databases.fresh(databases.template(build))
    given = {
        "LMS_DATA": str(tmp_path / "data"),
        "LMS_DATABASE_URL": address,
        "LMS_SECRET_KEY": "a test's key",
        "LMS_CONTENT_URL": CONTENT,
    }
    return read_settings(given, dotenv=None)


@pytest.fixture(scope="session")
def wired_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, wired once: its templates are compiled once for all tests of a process."""
    given = {"LMS_DATA": str(tmp_path_factory.mktemp("wired")), "LMS_SECRET_KEY": "a test's key"}
    return create_app(read_settings(given, dotenv=None))


@pytest.fixture
def app(wired_app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application on this test's own settings and database."""
    runtime = wired_app.extensions["lms"] = Runtime(settings)
    wired_app.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    yield wired_app
    runtime.close()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    found: Runtime = app.extensions["lms"]
    return found


@pytest.fixture
def database(runtime: Runtime) -> Database:
    return runtime.database


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return browser(app)


def browser(app: Flask) -> FlaskClient:
    """A browser of its own, which speaks English and is at the application's address."""
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "localhost:8000"
    client.set_cookie("language", "en", domain="localhost")
    return client


@dataclass
class Cast:
    """A city with two communes, a village below the first; and those who may and may not.

    `manager` manages the first commune, `outsider` the second, `reporter` reports for the city,
    `administrator` runs the site, `learner` only learns (in the first commune's name).
    """

    city: Unit
    commune: Unit
    village: Unit
    other: Unit
    manager: Account
    outsider: Account
    reporter: Account
    administrator: Account
    learner: Account


UNITS = (
    Row(2, "31", "Thành phố Hải Phòng", "city", ""),
    Row(3, "10549", "Phường Chu Văn An", "commune", "31"),
    Row(4, "10549-01", "Tổ dân phố 1", "village", "10549"),
    Row(5, "10660", "Phường Ái Quốc", "commune", "31"),
)

ROLES = {
    "manager": (Role.MANAGER, "10549"),
    "outsider": (Role.MANAGER, "10660"),
    "reporter": (Role.REPORTER, "31"),
    "administrator": (Role.ADMINISTRATOR, "31"),
    "learner": (Role.LEARNER, "10549"),
}


def build_cast(address: str) -> None:
    """A database with the cast in it."""
    build_tables(address)
    database = Database(address)
    with database.transaction() as session:
        import_units(session, UNITS)
        units = units_of_codes(session, [row.code for row in UNITS])
        for name, (role, code) in ROLES.items():
            account = accounts.add_account(session, username=name, password=PASSWORD, name=name, person=None)
            accounts.grant(session, account, role, units[code], actor=None)
    database.close()


@pytest.fixture
def cast(database: Database) -> Cast:
    """`settings` sees that it is wanted, and has the database come with it."""
    with database.snapshot() as session:
        units = units_of_codes(session, [row.code for row in UNITS])
        people = {account.username: account for account in session.scalars(select(Account)).unique()}
    return Cast(
        city=units["31"], commune=units["10549"], village=units["10549-01"], other=units["10660"], **people
    )


@pytest.fixture
def signed_in(app: Flask, cast: Cast) -> Callable[[str], FlaskClient]:
    """The browser of somebody of the cast, signed in: `signed_in("manager")`."""

    def enter(name: str) -> FlaskClient:
        client = browser(app)
        answer = client.post("/sign-in", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    return enter
