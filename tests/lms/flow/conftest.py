"""Remote stores, and runs through them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.database import Database
from lms.core.record import store_statements
from lms.core.runtime import Runtime
from lms.flow.models import DeadLetter, RemoteStore
from lms.flow.services.forwarding import forward
from lms.flow.services.managing import Said, add_destination, add_source, start
from lms.flow.services.pulling import pull
from lms.flow.services.running import Report, Run
from tests.lms.flow.fakes import ENDPOINT, FakeStore
from tracking.record.models import Statement

CLIENT = {"objectType": "Agent", "account": {"homePage": "http://localhost:8000", "name": "client:tests"}}
SAID = {"name": "One Touch", "endpoint": ENDPOINT, "key": "hai-phong", "secret": "không ai biết"}


@dataclass
class Flow:
    """What tests of flow do: add remote stores, run them, look at what came of it."""

    runtime: Runtime
    there: FakeStore

    @property
    def database(self) -> Database:
        return self.runtime.database

    def source(self, *, started: bool = True, **said: Any) -> int:
        since = said.pop("since", None)
        with self.database.transaction() as session:
            remote = add_source(
                session, Said(**SAID | said), since=since, settings=self.runtime.settings, actor=None
            )
            if started:
                start(session, remote, actor=None)
        return remote.id

    def destination(self, *, started: bool = True, from_beginning: bool = True, **said: Any) -> int:
        with self.database.transaction() as session:
            remote = add_destination(
                session,
                Said(**SAID | said),
                from_beginning=from_beginning,
                settings=self.runtime.settings,
                actor=None,
            )
            if started:
                start(session, remote, actor=None)
        return remote.id

    def run(self, **options: Any) -> Run:
        """A run whose luck is always 0.5: pauses are exactly as long as they are said to be."""

        @contextmanager
        def step(_done: int, _total: int | None = None) -> Iterator[Session]:
            with self.database.transaction() as session:
                yield session

        return Run(self.runtime, options.pop("step", step), send=self.there, luck=lambda: 0.5, **options)

    def pull(self, remote_id: int, **options: Any) -> Report:
        return pull(self.run(**options), remote_id)

    def forward(self, remote_id: int, **options: Any) -> Report:
        return forward(self.run(**options), remote_id)

    def store(self, *statements: dict[str, Any]) -> None:
        """Statements that came to us from a client."""
        with self.database.transaction() as session:
            store_statements(session, list(statements), settings=self.runtime.settings, authority=CLIENT)

    def look(self, remote_id: int) -> RemoteStore:
        with self.database.snapshot() as session:
            return session.get_one(RemoteStore, remote_id)

    def letters(self, remote_id: int) -> list[DeadLetter]:
        with self.database.snapshot() as session:
            found = select(DeadLetter).where(DeadLetter.remote_id == remote_id).order_by(DeadLetter.id)
            return list(session.scalars(found))

    def kept(self) -> dict[str, dict[str, Any]]:
        """The statements of our record by id, in the order in which they came."""
        with self.database.snapshot() as session:
            raws = session.scalars(select(Statement.raw).order_by(Statement.seq))
            return {each["id"]: each for each in map(orjson.loads, raws)}


@pytest.fixture
def there() -> FakeStore:
    return FakeStore()


@pytest.fixture
def flow(runtime: Runtime, there: FakeStore) -> Flow:
    return Flow(runtime, there)
