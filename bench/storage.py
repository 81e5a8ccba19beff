"""`python -m bench.storage [statements]`: how many bytes a statement of ours takes, on SQLite and PostgreSQL.

Attempts as the player tells them (opened, progress, sometimes failed and gone on with, passed, completed,
ended), in mixed order, through the same way into the record as in earnest: completions, courses that follow
their lessons, and counters are in the figures. `docs/scaling.md` counts with them.
"""

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from bench import postgres
from lms.catalogue.models import Lesson
from lms.core.database import Database
from lms.core.migrating import upgrade
from lms.core.record import our_authority, store_statements
from lms.player.models import Attempt
from lms.player.rules.snapshot import Score
from lms.player.services.statements import Teller, result
from lms.settings import Settings, read_settings
from lms.wiring import wire
from tests.factories.learning import HOME, make_course
from tests.servers import create_database
from tracking.batches import batches
from tracking.identities.keys import local_key
from tracking.identities.services import claim_many
from tracking.rates.services import Placement, place_many

COURSES, VILLAGES, TOGETHER = 12, 50, 40  # courses of one lesson; attempts in one transaction
PER_ATTEMPT = 8.9  # statements on average, the course's among them
FAILING = 0.3  # of the attempts, the first time
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SCRATCH = Path("/var/tmp")

# A table's own bytes with what it keeps out of line, and those of each of its indexes.
SIZES = {
    "postgresql": """
        SELECT c.relname, coalesce(t.relname, c.relname), pg_relation_size(c.oid)
            + CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE pg_total_relation_size(c.reltoastrelid) END
        FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
            LEFT JOIN pg_class t ON t.oid = i.indrelid
        WHERE c.relkind IN ('r', 'i') AND c.relnamespace = 'public'::regnamespace
    """,
    "sqlite": """
        SELECT s.name, coalesce(m.tbl_name, s.name), sum(s.pgsize)
        FROM dbstat s LEFT JOIN sqlite_master m ON m.name = s.name GROUP BY s.name
    """,
}


def main(arguments: Sequence[str]) -> None:
    wanted = int(arguments[0]) if arguments else 200_000
    wire()
    with tempfile.TemporaryDirectory(
        prefix="lms-bench-", dir=SCRATCH if SCRATCH.is_dir() else None
    ) as folder:
        Path(folder).chmod(0o755)
        with postgres.server(Path(folder) / "postgres") as address:
            _measure("PostgreSQL", create_database(address, "storage"), wanted)
        _measure("SQLite", f"sqlite:///{folder}/storage.sqlite3", wanted)


def _measure(name: str, url: str, wanted: int) -> None:
    settings = read_settings({"LMS_DATABASE_URL": url, "LMS_PUBLIC_URL": HOME}, dotenv=None)
    upgrade(url)
    database = Database(url)
    learners = max(1, round(wanted / PER_ATTEMPT / COURSES))
    lessons = _install(database, learners)
    before = _written(database)
    _learn(database, settings, lessons, learners)
    written = _written(database) - before
    if name == "PostgreSQL":
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    _tell(database, name, learners, written)
    database.close()


def _install(database: Database, learners: int) -> list[Lesson]:
    with database.transaction() as session:
        courses = [make_course(session, f"course-{number}", lessons=1) for number in range(COURSES)]
        lessons = [course.versions[0].lessons[0] for course in courses]
        for lesson in lessons:
            _ = lesson.course, lesson.version  # they are asked for when this session is gone
        people = [_learner(number) for number in range(learners)]
        claim_many(session, [(local_key(str(person)), person) for person in people])
        placed = [Placement(p, n % VILLAGES + 1, "citizen", date(2025, 1, 1)) for n, p in enumerate(people)]
        place_many(session, placed)
        session.expunge_all()
    return lessons


def _learner(number: int) -> UUID:
    """Spread out, as the random ids of people are."""
    return UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128, version=4)


def _learn(database: Database, settings: Settings, lessons: Sequence[Lesson], learners: int) -> None:
    draws = random.Random(2026)
    pairs = [(_learner(number), lesson) for number in range(learners) for lesson in lessons]
    draws.shuffle(pairs)
    for part in batches(pairs, TOGETHER):
        statements = [said for learner, lesson in part for said in _attempt(learner, lesson, draws)]
        with database.transaction() as session:
            store_statements(session, statements, settings=settings, authority=our_authority(HOME))


def _attempt(learner: UUID, lesson: Lesson, draws: random.Random) -> Iterator[dict[str, Any]]:
    attempt = Attempt(id=UUID(int=draws.getrandbits(128), version=4), learner=learner, lesson=lesson)
    teller, at = Teller(attempt, HOME), BEGINNING + timedelta(minutes=draws.randrange(300 * 24 * 60))

    def tell(verb: str, **more: Any) -> dict[str, Any]:
        nonlocal at
        at += timedelta(seconds=draws.randrange(20, 90), milliseconds=draws.randrange(1000))
        more |= {"seconds": round(draws.uniform(60, 600), 2)} if "progress" not in more else {}
        said = None if verb == "initialized" else result(**more)
        return teller.tell(verb, at, of=attempt.id, number=at, result=said)

    yield tell("initialized")
    yield from (tell("progressed", progress=percent) for percent in (30, 60, 90))
    if draws.random() < FAILING:
        yield tell("failed", success=False, score=Score(draws.randrange(40, 80), 0, 100))
        yield tell("suspended")
        yield tell("initialized")
    yield tell("passed", success=True, score=Score(draws.randrange(80, 101), 0, 100))
    yield tell("completed", completion=True, success=True)
    yield tell("terminated")


def _written(database: Database) -> int:
    """Bytes of the write-ahead log so far, which replicas must be sent; nothing of the kind for SQLite."""
    if database.engine.dialect.name == "sqlite":
        return 0
    with database.snapshot() as session:
        return int(session.scalar(text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")) or 0)


def _tell(database: Database, name: str, learners: int, written: int) -> None:
    with database.snapshot() as session:
        rows = [tuple(row) for row in session.execute(text(SIZES[database.engine.dialect.name]))]
        count = session.scalar(text("SELECT count(*) FROM statement")) or 1
        raw = session.scalar(text("SELECT avg(length(raw)) FROM statement"))
    wholes = Counter[str]()
    for _part, whole, size in rows:
        wholes[whole] += size
    print(f"\n{name}: {count:,} statements of {learners:,} learners, {raw:.0f} bytes of JSON each")
    print(f"{sum(wholes.values()) / count:8.0f} bytes a statement; {written / count:.0f} of write-ahead log")
    for whole, size in wholes.most_common(9):
        print(f"{size / count:8.1f}  {whole}")
        for part, of, bytes_ in sorted(rows, key=lambda row: -row[2]):
            if of == whole == "statement":
                print(f"          {bytes_ / count:8.1f}  {part}")


if __name__ == "__main__":
    main(sys.argv[1:])
