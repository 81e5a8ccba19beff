"""The metadata that all tables of the record belong to."""

from typing import Any, cast

from sqlalchemy import MetaData, Select, Table
from sqlalchemy.orm import DeclarativeBase

# Alembic's batch mode on SQLite needs every constraint to have a name.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING_CONVENTION)


class Base(DeclarativeBase):
    """Base of every mapped class of the record."""

    metadata = metadata


# A SELECT of columns whose types are not followed further.
Query = Select[*tuple[Any, ...]]


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that go past the ORM's bookkeeping."""
    return cast("Table", model.__table__)
