"""The database: one engine, and transactions that commit when they return and roll back when they raise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, String, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from tracking.tables import NAMING_CONVENTION

# Keys that are made to be compared byte by byte must not be compared by a language's rules.
KEY = String().with_variant(String(collation="C"), "postgresql")

BUSY_MILLISECONDS = 30_000

HIDE_PARAMETERS = True  # errors are logged, and values are names, addresses and hashes


class Base(DeclarativeBase):
    """Base of every mapped class of the rooms."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Database:
    """Opens sessions on one database, SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _make_engine(url)
        # On SQLite a transaction that will write says so when it begins: one that only finds out later
        # cannot wait for the lock and fails at once.
        writer = self.engine.execution_options(begin="IMMEDIATE")
        self.writing = sessionmaker(writer, expire_on_commit=False)
        self.reading = sessionmaker(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work is committed when the block ends and rolled back when it raises."""
        with self.writing.begin() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that only reads, and sees one state of the database."""
        with self.reading() as session:
            yield session

    def answers(self) -> bool:
        with self.engine.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar_one())

    def close(self) -> None:
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_pre_ping=True, isolation_level="READ COMMITTED", hide_parameters=HIDE_PARAMETERS
        )
    engine = create_engine(
        url, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, hide_parameters=HIDE_PARAMETERS
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 must not open transactions behind our back
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # what was acknowledged survives a power cut
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
