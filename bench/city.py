"""A city of learners and a year of what they completed, as dated rows and as the counters over them."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import text

from bench.inserting import Inserter
from bench.sizes import Sizes
from lms.core.database import Database
from tracking.rates.models import Membership
from tracking.rebuild.projections import LAYERS, draw
from tracking.record.completions import Completion, Evidence
from tracking.record.dictionaries import activity_ids
from tracking.tables import Base, metadata

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
RECORDED = datetime(2025, 1, 1, tzinfo=UTC)
MOVED = 0.03  # of the learners, once in the year
COMPLETED = 0.55  # of each course
AUDIENCE = "citizen"
CHUNK = 20_000
MEMBERSHIP = ["learner", "unit", "audience", "since", "until", "recorded_at", "retired_at"]
COMPLETION = ["learner", "activity_id", "completed_at", "completed_on", "statement_id"]

# What a careful administrator would add for GROUP BY to be quick: indexes that hold all it needs.
INDEXES = (
    "CREATE TABLE bench_unit (village INTEGER PRIMARY KEY, commune INTEGER NOT NULL)",
    "CREATE INDEX bench_completion ON completion (activity_id, learner, completed_on)",
    "CREATE INDEX bench_membership ON membership (learner, unit, since, until, retired_at)",
)


@dataclass
class City:
    """Villages by commune, and the courses' activities with their numbers."""

    communes: dict[int, list[int]] = field(default_factory=dict)
    activities: dict[str, int] = field(default_factory=dict)


def build(database: Database, sizes: Sizes) -> City:
    """Make the tables, fill them, and let the counters be drawn as `lms tracking rebuild` does."""
    metadata.create_all(database.engine)
    city = City(_communes(sizes))
    with database.transaction() as session:
        iris = [f"https://example.org/courses/{number}" for number in range(sizes.courses)]
        city.activities = activity_ids(session, iris)
    draws = random.Random(2025)
    villages = [village for inside in city.communes.values() for village in inside]
    _fill(database, Membership, MEMBERSHIP, _memberships(sizes, villages, draws))
    _fill(database, Completion, COMPLETION, _completions(sizes, list(city.activities.values()), draws))
    with database.transaction() as session:
        for layer in LAYERS:
            if layer.model not in (Evidence, Completion):
                draw(session, layer, check=False)
    _index(database, city)
    return city


def _communes(sizes: Sizes) -> dict[int, list[int]]:
    first = sizes.communes + 1
    return {
        commune: list(range(first + commune * sizes.villages, first + (commune + 1) * sizes.villages))
        for commune in range(sizes.communes)
    }


def _memberships(sizes: Sizes, villages: Sequence[int], draws: random.Random) -> Iterator[dict[str, Any]]:
    same = {"audience": AUDIENCE, "recorded_at": RECORDED, "retired_at": None}
    for number in range(sizes.learners):
        stay = {"learner": _learner(number), "unit": draws.choice(villages), "since": FIRST, **same}
        if draws.random() < MOVED:
            moved = FIRST + timedelta(days=draws.randrange(1, 365))
            yield stay | {"until": moved}
            yield stay | {"unit": draws.choice(villages), "since": moved, "until": None}
        else:
            yield stay | {"until": None}


def _completions(sizes: Sizes, activities: Sequence[int], draws: random.Random) -> Iterator[dict[str, Any]]:
    for activity in activities:
        for number in range(sizes.learners):
            if draws.random() < COMPLETED:
                moment = RECORDED + timedelta(minutes=draws.randrange(365 * 24 * 60))
                yield {
                    "learner": _learner(number),
                    "activity_id": activity,
                    "completed_at": moment,
                    "completed_on": (moment + timedelta(hours=7)).date(),
                    "statement_id": uuid.UUID(int=draws.getrandbits(128)),
                }


def _learner(number: int) -> uuid.UUID:
    """Spread out, as the random ids of people are."""
    return uuid.UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)


def _fill(
    database: Database, model: type[Base], columns: Sequence[str], rows: Iterator[dict[str, Any]]
) -> None:
    inserter = Inserter(database.engine, model, columns)
    while chunk := inserter.prepared(islice(rows, CHUNK)):
        inserter.write(chunk)
    inserter.close()


def _index(database: Database, city: City) -> None:
    with database.transaction() as session:
        for statement in INDEXES:
            session.execute(text(statement))
        session.execute(
            text("INSERT INTO bench_unit VALUES (:village, :commune)"),
            [{"village": v, "commune": commune} for commune, inside in city.communes.items() for v in inside],
        )
    # Without it PostgreSQL reads the rows although its indexes hold everything.
    tidy = "ANALYZE" if database.engine.dialect.name == "sqlite" else "VACUUM ANALYZE"
    with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(tidy))
