"""The rate of every commune, from the counters and by GROUP BY; both must say the same."""

import time
from contextlib import closing
from datetime import date

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session
from sqlalchemy.types import Date

from bench.city import LAST, City, build
from bench.lines import Line
from bench.sizes import Sizes
from lms.core.database import Database
from tracking.rates.queries import rates

DAYS = {"today": LAST, "three months ago": date(2025, 9, 30), "eleven months ago": date(2025, 1, 31)}

GROUP_BY = text("""
    SELECT u.commune, count(c.learner) AS completed, count(*) AS members
    FROM membership m
    JOIN bench_unit u ON u.village = m.unit
    LEFT JOIN completion c
      ON c.learner = m.learner AND c.activity_id = :activity AND c.completed_on <= :day
    WHERE m.since <= :day AND (m.until IS NULL OR m.until > :day) AND m.retired_at IS NULL
    GROUP BY u.commune
""").bindparams(bindparam("day", type_=Date))

Answer = dict[int, tuple[int, int]]  # completed and members by commune


def measure(name: str, url: str, sizes: Sizes) -> list[Line]:
    """One line for each day; `url` is that of an empty database."""
    with closing(Database(url)) as database:
        city = build(database, sizes)
        return [_line(name, database, city, sizes, told, day) for told, day in DAYS.items()]


def _line(name: str, database: Database, city: City, sizes: Sizes, told: str, day: date) -> Line:
    ours, bare = [], []
    with database.snapshot() as session:
        for _ in range(sizes.repeats):
            for iri, number in city.activities.items():
                ours_took, counted = _counters(session, city, iri, day)
                bare_took, grouped = _grouped(session, number, day)
                if counted != grouped:
                    raise RuntimeError(f"{told}: the counters and GROUP BY disagree about {iri}")
                ours.append(ours_took)
                bare.append(bare_took)
    details = {"learners": sizes.learners, "courses": sizes.courses, "as of": day.isoformat()}
    title = f"rate of {sizes.communes} communes, {told}"
    return Line(title, name, "ms", False, ours, bare, details)


def _counters(session: Session, city: City, iri: str, day: date) -> tuple[float, Answer]:
    begun = time.perf_counter()
    found = rates(session, activity=iri, units=city.communes, as_of=day)
    took = 1000 * (time.perf_counter() - begun)
    return took, {commune: (rate.completed, rate.members) for commune, rate in found.items() if rate.members}


def _grouped(session: Session, activity: int, day: date) -> tuple[float, Answer]:
    begun = time.perf_counter()
    rows = session.execute(GROUP_BY, {"activity": activity, "day": day}).all()
    took = 1000 * (time.perf_counter() - begun)
    return took, {commune: (completed, members) for commune, completed, members in rows}
