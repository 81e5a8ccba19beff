"""The next statements that meet all filters, put together from the streams of one of them."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from tracking.statements.asking import beginnings, depths
from tracking.statements.filters import Sought
from tracking.statements.streams import Condition, Shape, streams_of

DEPTH = 64  # entries by which it is seen how dense a stream is


class Found(NamedTuple):
    seq: int
    size: int  # bytes of JSON


def next_found(session: Session, known: Sought, low: int, high: int, most: int) -> list[Found]:
    """So many at most, in order, between two numbers (exclusive)."""
    shape = known.shape
    given = known.values | {"low": low, "high": high, "most": most}
    driver, near = _rarest(session, shape, given)
    found: dict[int, Found] = {}
    if near is None:
        _read(session, shape, driver, given, found)
    else:
        # Where conditions are often met together a page is full soon; where not, much has to be passed.
        further = given.copy()
        if shape.ascending:
            given["high"], further["low"] = near + 1, near
        else:
            given["low"], further["high"] = near - 1, near
        _read(session, shape, driver, given, found)
        if len(found) < most:
            _read(session, shape, driver, further, found, probing=True)
    return list(islice(_ordered(shape, found.values()), most))


def _read(
    session: Session,
    shape: Shape,
    driver: Condition | None,
    given: dict[str, Any],
    found: dict[int, Found],
    *,
    probing: bool = False,
) -> None:
    """Add what is found between the numbers given, until there is enough."""
    question = beginnings(shape, driver, probing=probing)
    streams = len(streams_of(shape, driver))
    while given["low"] < given["high"] - 1:
        rows = session.connection().execute(question, given).all()
        reached = _reached(shape, rows, given["most"], streams)
        found |= {row.seq: Found(row.seq, row.size) for row in rows if _within(shape, row.seq, reached)}
        # Streams of references may tell of one statement several times; then there may be more to come.
        if reached is None or len(found) >= given["most"]:
            return
        given["low" if shape.ascending else "high"] = reached


def _rarest(session: Session, shape: Shape, given: dict[str, Any]) -> tuple[Condition | None, int | None]:
    """The condition to begin with: that of which there is least from here on; and how far a few of it reach.

    How many statements meet it in all does not matter, nor what the database believes of it: only how far one
    has to go for the next few entries. None where there are no more.
    """
    conditions = sorted(shape.conditions)
    if len(conditions) <= 1:
        return (conditions[0] if conditions else None), None
    direction = 1 if shape.ascending else -1
    reaches: dict[Condition, int] = {}
    for condition in conditions:
        names = {name: given[name] for name in _parameters(shape, condition)}
        rows = session.connection().execute(depths(shape, condition), names | {"depth": DEPTH}).all()
        if not rows:
            return condition, None
        reaches[condition] = min(direction * row.seq for row in rows)
    rarest = max(conditions, key=lambda condition: reaches[condition])
    return rarest, direction * reaches[rarest]


def _parameters(shape: Shape, condition: Condition) -> list[str]:
    words = [f"agent{place}" for place in range(shape.agents)] if condition == "agent" else [condition]
    return [*words, "low", "high"]


def _reached(shape: Shape, rows: Iterable[Any], most: int, streams: int) -> int | None:
    """The number up to which all streams have been read; None when all have been read to the end."""
    seqs: list[list[int]] = [[] for _ in range(streams)]
    for row in rows:
        seqs[row.stream].append(row.seq)
    cut = [found for found in seqs if len(found) == most]
    if not cut:
        return None
    return min(max(found) for found in cut) if shape.ascending else max(min(found) for found in cut)


def _within(shape: Shape, seq: int, reached: int | None) -> bool:
    return reached is None or (seq <= reached if shape.ascending else seq >= reached)


def _ordered(shape: Shape, found: Iterable[Found]) -> list[Found]:
    return sorted(found, reverse=not shape.ascending)
