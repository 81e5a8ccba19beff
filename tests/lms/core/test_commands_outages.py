"""Commands while the database is away: a plain message, and a server that waits for it to start."""

import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError, ProgrammingError

from lms.cli import lms
from lms.core import cli
from lms.settings import read_settings
from tests.servers import free_port


@pytest.fixture
def environment(tmp_path):
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    return {"LMS_DATA": str(tmp_path), "LMS_DATABASE_URL": url}


@pytest.mark.parametrize("command", ["db upgrade", "courses list --json", "tracking rebuild --check --json"])
def test_a_command_ends_with_a_sentence_on_stderr(environment, command):
    ran = CliRunner().invoke(lms, command.split(), env=environment)
    assert ran.exit_code == 1
    assert ran.stdout == ""
    assert ran.stderr.startswith("lms: The database is away for a moment.")
    assert "refused" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def away() -> OperationalError:
    return OperationalError("SELECT 1", {}, OSError("the database system is starting up"))


@pytest.fixture
def upgrades(monkeypatch):
    """What happens at each try to upgrade, and how often it was tried; nobody sleeps."""
    happening, tried = [], []

    def upgrade(url: str) -> None:
        tried.append(url)
        if happening:
            raise happening.pop(0)

    monkeypatch.setattr(cli, "upgrade", upgrade)
    monkeypatch.setattr(cli.time, "sleep", lambda _seconds: None)
    return happening, tried


def test_a_server_that_starts_waits_for_the_database(environment, upgrades, capsys):
    happening, tried = upgrades
    happening += [away(), away()]
    cli._upgrade(read_settings(environment, dotenv=None))
    assert len(tried) == 3
    assert "is starting up" in capsys.readouterr().err


def test_it_gives_up_in_the_end_and_on_anything_else_at_once(environment, upgrades, monkeypatch):
    happening, tried = upgrades
    settings = read_settings(environment, dotenv=None)
    happening += [ProgrammingError("SELECT 1", {}, Exception("no such thing"))]
    with pytest.raises(ProgrammingError):
        cli._upgrade(settings)
    monkeypatch.setattr(cli, "STARTING_SECONDS", -1)
    happening += [away()]
    with pytest.raises(OperationalError):
        cli._upgrade(settings)
    assert len(tried) == 2
