"""Alembic's environment: the tables of the rooms and of the record, on SQLite and on PostgreSQL."""

from alembic import context

from lms.core.database import Base, Database
from tracking.tables import metadata as record

# One database upgraded by several processes that start at once: the first does it, the others wait.
LOCK = 0x6C6D73
PATIENCE = 3600  # seconds; large tables take their time

target = [record, Base.metadata]
config = context.config
given = config.attributes.get("database_url")
connection = config.attributes.get("connection")


def run(database: Database) -> None:
    with database.engine.execution_options(begin="IMMEDIATE").begin() as connected:
        if connected.dialect.name == "postgresql":
            connected.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        context.configure(
            connection=connected,
            target_metadata=target,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    context.configure(url=given, target_metadata=target, literal_binds=True)
    context.run_migrations()
else:
    database = Database(given, patience=PATIENCE)
    try:
        run(database)
    finally:
        database.close()
