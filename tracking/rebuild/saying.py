"""What statements say, read out of their JSON once more, and the rows in which filters look for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    Table,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from tracking.listed import insert_rows
from tracking.rebuild.projections import Layer, draw
from tracking.record.mentions import (
    ReferredActivity,
    ReferredAgent,
    StatementActivity,
    StatementAgent,
    StatementReference,
)
from tracking.record.models import Statement
from tracking.statements.keeping import Numbers
from tracking.statements.noting import NamedActivity, NamedAgent, activity_rows, agent_rows
from tracking.statements.reading import Reading, reread
from tracking.statements.references import chains
from tracking.statements.services import entered
from tracking.statements.sources import activity_numbers, agent_numbers, named, verb_numbers
from tracking.tables import Query, table_of

Row = dict[str, Any]

_STEP = 2_000  # statements in memory at once
_COLUMNS = ("agent_id", "verb_id", "activity_id", "registration", "refers_to", "authority_id")
_STATEMENTS = (
    select(Statement.seq, Statement.raw, *(getattr(Statement, name) for name in _COLUMNS))
    .order_by(Statement.seq)
    .limit(_STEP)
)

# What should be held, for as long as it is compared.
_scratch = MetaData()
_agents = Table(
    "should_name_agent",
    _scratch,
    Column("agent_id", BigInteger),
    Column("direct", Boolean),
    Column("seq", BigInteger),
    prefixes=["TEMPORARY"],
)
_activities = Table(
    "should_name_activity",
    _scratch,
    Column("activity_id", Integer),
    Column("seq", BigInteger),
    prefixes=["TEMPORARY"],
)


class _Numbered(dict[Any, int]):
    """Numbers of words; one that the record does not know has none, and 0 in comparisons."""

    def __missing__(self, word: Any) -> int:
        return 0


def sayings(session: Session, *, check: bool, home_page: str, now: datetime) -> dict[str, int]:
    """Differences in the columns that filters look at, in mentions, and in what is found by reference.

    Without `check` they are mended. Words are entered that the record does not know: those of statements that
    were kept before mentions were noted; accounts under `home_page` are looked for by their names.
    """
    _scratch.create_all(session.connection(), checkfirst=False)
    try:
        enter = None if check else lambda readings: entered(session, readings, home_page, now)
        found = {
            "said": _read_again(session, enter or (lambda readings: _known(session, readings)), check=check)
        }
        for layer in LAYERS:
            found[layer.name] = draw(session, layer, check=check)
    finally:
        _scratch.drop_all(session.connection(), checkfirst=False)
    return found


def _read_again(session: Session, number: Callable[[list[Reading]], Numbers], *, check: bool) -> int:
    """Fill the tables of what should be noted; count the statements whose columns are wrong, or mend them."""
    differences = 0
    for rows in _steps(session):
        readings = [reread(orjson.loads(row.raw)) for row in rows]
        numbers = number(readings)
        wrong: list[Row] = []
        agents: list[NamedAgent] = []
        activities: list[NamedActivity] = []
        for row, reading in zip(rows, readings, strict=True):
            said = _columns(reading, numbers)
            if any(said[name] != getattr(row, name) for name in _COLUMNS):
                wrong.append({"row": row.seq, **said})
            agents += agent_rows(reading, row.seq, numbers)
            activities += activity_rows(reading, row.seq, numbers)
        insert_rows(session.connection(), _agents, agents)
        insert_rows(session.connection(), _activities, activities)
        if wrong and not check:
            table = table_of(Statement)
            session.connection().execute(update(table).where(table.c.seq == bindparam("row")), wrong)
        differences += len(wrong)
    return differences


def _steps(session: Session) -> Iterator[Sequence[Any]]:
    last = -1
    while rows := session.execute(_STATEMENTS.where(Statement.seq > last)).all():
        yield rows
        last = rows[-1].seq


def _known(session: Session, readings: Iterable[Reading]) -> Numbers:
    """The numbers of words, as far as the record knows them."""
    agents = (name for reading in readings for name in (reading.agent, reading.vouched_by, *named(reading)))
    activities = (iri for reading in readings for iri in (reading.activity, *reading.mentions.activities))
    return Numbers(
        _Numbered(verb_numbers(session, (reading.verb for reading in readings))),
        _Numbered(activity_numbers(session, (iri for iri in activities if iri))),
        _Numbered(agent_numbers(session, (name for name in agents if name))),
    )


def _columns(reading: Reading, numbers: Numbers) -> Row:
    return {
        "agent_id": numbers.agents[reading.agent] if reading.agent else None,
        "verb_id": numbers.verbs[reading.verb],
        "activity_id": numbers.activities[reading.activity] if reading.activity else None,
        "registration": reading.registration,
        "refers_to": reading.refers_to,
        "authority_id": numbers.authority_of(reading),
    }


def _references() -> Query:
    """Every statement with each that it refers to, and what that one's row says."""
    pairs = chains(select(Statement.seq).where(Statement.refers_to.is_not(None))).subquery()
    return select(
        pairs.c.seq,
        pairs.c.source,
        pairs.c.authority_id.label("vouched_by"),
        Statement.verb_id,
        Statement.registration,
        Statement.agent_id,
        Statement.activity_id,
        Statement.authority_id,
    ).join(pairs, pairs.c.source == Statement.seq)


def _reference_rows() -> Query:
    pairs = _references().subquery()
    vouched_by = pairs.c.vouched_by.label("authority_id")
    return select(pairs.c.seq, pairs.c.source, pairs.c.verb_id, pairs.c.registration, vouched_by)


def _referred(column: str, rows: Sequence[Query]) -> Query:
    """Rows (column, direct, seq, source) without null; who is named directly is not named otherwise too."""
    every = union_all(*rows).subquery()
    direct = func.max(every.c.direct) == 1
    return (
        select(every.c[column], direct.label("direct"), every.c.seq, every.c.source)
        .where(every.c[column].is_not(None))
        .group_by(every.c[column], every.c.seq, every.c.source)
    )


def _referred_agents() -> Query:
    pairs = _references().subquery()
    mentioned = StatementAgent
    place = (pairs.c.seq, pairs.c.source)
    direct = case((mentioned.direct, 1), else_=0).label("direct")
    rows: list[Query] = [
        select(pairs.c.agent_id, literal(1).label("direct"), *place),
        select(pairs.c.authority_id, literal(0), *place),
        select(mentioned.agent_id, direct, *place).join(pairs, pairs.c.source == mentioned.seq),
    ]
    return _referred("agent_id", rows)


def _referred_activities() -> Query:
    pairs = _references().subquery()
    mentioned = StatementActivity
    place = (pairs.c.seq, pairs.c.source)
    rows: list[Query] = [
        select(pairs.c.activity_id, literal(1).label("direct"), *place),
        select(mentioned.activity_id, literal(0), *place).join(pairs, pairs.c.source == mentioned.seq),
    ]
    return _referred("activity_id", rows)


LAYERS = (
    Layer(StatementAgent, lambda: select(_agents)),
    Layer(StatementActivity, lambda: select(_activities)),
    Layer(StatementReference, _reference_rows),
    Layer(ReferredAgent, _referred_agents),
    Layer(ReferredActivity, _referred_activities),
)
