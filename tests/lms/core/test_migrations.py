"""The migrations make what the models say, on both databases, and can be run by several at once."""

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import lms.app  # noqa: F401  (brings all models in)
from lms.core.database import Base, Database
from lms.core.migrating import upgrade
from tracking.tables import metadata as record


def test_the_migrations_make_what_the_models_say(database_url: str):
    upgrade(database_url)
    database = Database(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [record, Base.metadata]) == []
    database.close()


def test_upgrading_again_changes_nothing(database_url: str):
    upgrade(database_url)
    upgrade(database_url)


def test_several_processes_may_upgrade_at_once(database_url: str):
    command = "import sys; from lms.core.migrating import upgrade; upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", command, database_url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    complaints = [process.communicate(timeout=120)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], complaints
