"""What is kept of the exchange: sealed, carried by backups, and nothing put aside for a fault of ours."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.core.backup import back_up, restore
from lms.core.files import DiskFull
from lms.core.runtime import Runtime
from lms.core.sealing import Unreadable, seal, unseal
from lms.flow.models import Arrival, DeadLetter, RemoteStore
from lms.flow.services import taking
from lms.settings import read_settings
from tests.conftest import Databases
from tests.lms.conftest import build_tables
from tests.lms.flow.conftest import Flow
from tests.lms.flow.fakes import FakeStore, statement


def test_what_is_sealed_opens_with_the_key_and_for_the_use_that_it_was_sealed_for():
    sealed = seal("bí mật", secret_key="k", use="a")
    assert unseal(sealed, secret_key="k", use="a") == "bí mật"
    assert seal("bí mật", secret_key="k", use="a") != sealed


@pytest.mark.parametrize(
    ("secret_key", "use", "spoil"),
    [
        ("other", "a", lambda sealed: sealed),
        ("k", "b", lambda sealed: sealed),
        ("k", "a", lambda sealed: sealed[:-8] + "AAAAAAA="),
        ("k", "a", lambda _sealed: ""),
        ("k", "a", lambda _sealed: "không"),
    ],
)
def test_otherwise_it_stays_shut(secret_key: str, use: str, spoil: Callable[[str], str]):
    sealed = seal("bí mật", secret_key="k", use="a")
    with pytest.raises(Unreadable):
        unseal(spoil(sealed), secret_key=secret_key, use=use)


def test_a_backup_carries_positions_arrivals_and_refused_statements(
    flow: Flow, there: FakeStore, databases: Databases, tmp_path: Path
):
    there.statements = [statement(0), statement(1, verb={"id": "wrong"}), statement(2)]
    source = flow.source(filters={"verb": "http://adlnet.gov/expapi/verbs/completed"})
    flow.pull(source)
    back_up(flow.runtime, tmp_path / "backup.tar.gz")
    given = {
        "LMS_DATA": str(tmp_path / "restored"),
        "LMS_DATABASE_URL": databases.fresh(databases.template(build_tables)),
        "LMS_SECRET_KEY": flow.runtime.settings.secret_key,
    }
    restored = Runtime(read_settings(given, dotenv=None))
    restore(restored, tmp_path / "backup.tar.gz")
    again = Flow(restored, there)
    assert len(again.letters(source)) == 1
    assert again.look(source).since == flow.look(source).since
    with restored.database.snapshot() as session:
        assert len(session.scalars(select(Arrival)).all()) == 2
    there.statements.append(statement(3))
    assert again.pull(source).new == 1
    assert again.destination() != source, "numbers go on after those that were brought in"
    restored.close()


def test_a_full_disk_puts_nothing_aside(flow: Flow, there: FakeStore, monkeypatch: pytest.MonkeyPatch):
    def full(*_given: object, **_how: object) -> None:
        raise DiskFull("The server has no room left on its disk.")

    monkeypatch.setattr(taking, "store_statements", full)
    there.statements = [statement(0), statement(1)]
    source = flow.source()
    with pytest.raises(DiskFull):
        flow.pull(source)
    with flow.database.snapshot() as session:
        assert session.scalars(select(DeadLetter)).all() == []
        assert session.get_one(RemoteStore, source).walk is None
    monkeypatch.undo()
    assert flow.pull(source).new == 2
