"""Engines of tests: each on a database of its own, all with what SQLAlchemy has learned before.

An engine keeps the statements it has compiled, by its dialect. Every test makes new engines, and compiling
everything anew took half of the time of a test. A server has one engine for as long as it runs.
"""

from typing import Any

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

_STATEMENTS = 5000  # more than all rooms have
_FIRST: dict[str, Engine] = {}


def create_engine(url: str, **options: Any) -> Engine:
    """As SQLAlchemy's, with the dialect and the compiled statements of the first engine of this kind."""
    engine = sqlalchemy.create_engine(url, query_cache_size=_STATEMENTS, **options)
    first = _FIRST.get(engine.name) or _begun(engine)
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache
    return engine


def _begun(engine: Engine) -> Engine:
    """The engine, kept for all others if it can connect: only then does its dialect know the database."""
    probe = sqlalchemy.create_engine(engine.url, query_cache_size=_STATEMENTS)
    try:
        probe.connect().close()
    except DBAPIError:
        return engine
    finally:
        probe.dispose()
    return _FIRST.setdefault(engine.name, probe)
