"""The database: one engine, and transactions that commit when they return and roll back when they raise."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, String, create_engine, event, make_url, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from tracking.rounds import Said, answers
from tracking.tables import NAMING_CONVENTION

# Keys that are made to be compared byte by byte must not be compared by a language's rules.
KEY = String().with_variant(String(collation="C"), "postgresql")

PATIENCE = 30  # seconds to wait for what others hold, unless somebody says otherwise

# A database that is not there must be noticed: libpq would wait for minutes, and for a machine that lost its
# power for a quarter of an hour. Seconds, but for the last one, which is in milliseconds.
_NOTICE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
# And the other way round: what a web server held that lost its power is free again soon.
_NOTICE_US = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}

# A plan for all values must not be one that was good for tables which were empty then.
_PLANS_ONCE = {
    "plan_cache_mode": "force_generic_plan",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}

HIDE_PARAMETERS = True  # errors are logged, and values are names, addresses and hashes


class Base(DeclarativeBase):
    """Base of every mapped class of the rooms."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Database:
    """Opens sessions on one database, SQLite or PostgreSQL.

    `patience`: for how many seconds a transaction waits for what others hold; then it is an outage
    (`lms.core.outages`).
    """

    def __init__(self, url: str, *, patience: int = PATIENCE) -> None:
        self.url = url
        self.engine = _make_engine(url, patience)
        # On SQLite a transaction that will write says so when it begins: one that only finds out later
        # cannot wait for the lock and fails at once.
        self.writer = self.engine.execution_options(begin="IMMEDIATE")
        self.writing = sessionmaker(self.writer, expire_on_commit=False)
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


class Line:
    """A connection that one thread keeps for its transactions, so that none of them begins by asking for one.

    Where it was lost, the next transaction has a new one.
    """

    def __init__(self, database: Database, *, plans_once: bool = False) -> None:
        """`plans_once`: PostgreSQL plans each command once, whatever its values will be, since planning takes
        longer than the little that is asked; then rows are looked up by indexes alone.
        """
        self._database = database
        self._plans_once = plans_once
        self._kept: tuple[Connection, Session] | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """As `Database.transaction`; the session is the same each time, and has forgotten the last one."""
        if self._kept is None:
            connection = self._connect()
            self._kept = connection, Session(connection, expire_on_commit=False)
        connection, session = self._kept
        try:
            with session.begin():
                yield session
        finally:
            if connection.invalidated or connection.in_transaction() or session.in_transaction():
                connection.invalidate()
                self.close()
            elif session.identity_map:
                session.expunge_all()

    def close(self) -> None:
        if self._kept is not None:
            connection, session = self._kept
            self._kept = None
            session.close()
            connection.close()

    def _connect(self) -> Connection:
        connection = self._database.writer.connect()
        connection.detach()  # it is not for others, prepared as it is, nor taken from what they may have
        if connection.dialect.name == "postgresql":
            # Nothing here reads more than an index leads to. But a plan that was made while a table was empty
            # would go on reading all of it, until somebody has counted its rows.
            connection.exec_driver_sql("SET enable_seqscan = off")
            connection.exec_driver_sql("SET jit = off")  # compiling takes longer than any of this
            for name, value in _PLANS_ONCE.items() if self._plans_once else ():
                connection.exec_driver_sql(f"SET {name} = {value}")
            connection.commit()
        else:
            # Ids are spread over whole indexes: their pages stay in memory, and are not copied into the
            # database after every group that has written to them.
            connection.exec_driver_sql("PRAGMA cache_size = -65536")  # KiB
            connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 10000")  # pages, 40 MB
            connection.commit()
        return connection


def _make_engine(url: str, patience: int) -> Engine:
    return _sqlite(url, patience) if url.startswith("sqlite") else _postgresql(url, patience)


def _postgresql(url: str, patience: int) -> Engine:
    given = make_url(url).query
    engine = create_engine(
        url,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        hide_parameters=HIDE_PARAMETERS,
        connect_args={name: value for name, value in _NOTICE.items() if name not in given},
    )

    def prepare(connection: Any, _record: Any) -> None:
        for name, value in (_NOTICE_US | {"lock_timeout": patience * 1000}).items():
            connection.execute(f"SET {name} = {value}")
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


def _sqlite(url: str, patience: int) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience}, hide_parameters=HIDE_PARAMETERS)

    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # sqlite3 must not open transactions behind our back
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # what was acknowledged survives a power cut
            "foreign_keys = ON",
            f"busy_timeout = {patience * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    answers(connection, [Said(f"BEGIN {mode}")])
