"""Two records of one person"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import op

import tracking.times
from lms.people.keys import email_key, name_key
from tracking.identities.keys import hashed_mail_key

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 1000
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _tables_of_the_record()
    _tables_of_the_rooms()
    for people in _people():
        _key(people)
        _claim_hashes(people)


def _tables_of_the_record() -> None:
    op.create_table(
        "merger",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("learner", sa.Uuid(), nullable=False),
        sa.Column("into", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.Uuid(), nullable=False),
        sa.Column("merged_at", tracking.times.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", tracking.times.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merger")),
    )
    still_open = {name: sa.text("ended_at IS NULL") for name in ("sqlite_where", "postgresql_where")}
    op.create_index("uq_merger_open", "merger", ["learner"], unique=True, **still_open)
    op.create_index("ix_merger_standing", "merger", ["standing"], **still_open)
    op.create_table(
        "merged_fact",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("learner", sa.Uuid(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("merger_id", SERIAL, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_fact")),
        sa.ForeignKeyConstraint(["merger_id"], ["merger.id"], name=op.f("fk_merged_fact_merger_id_merger")),
    )
    op.create_index(op.f("ix_merged_fact_learner"), "merged_fact", ["learner"])
    op.create_table(
        "dismissed_agent",
        sa.Column("agent_id", SERIAL, nullable=False),
        sa.Column("dismissed_at", tracking.times.UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_dismissed_agent")),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_dismissed_agent_agent_id_agent")),
    )
    nobody = {name: sa.text("learner IS NULL") for name in ("sqlite_where", "postgresql_where")}
    op.create_index("ix_agent_unmatched", "agent", ["id"], **nobody)
    op.create_index(op.f("ix_resolution_learner"), "resolution", ["learner"])


def _tables_of_the_rooms() -> None:
    op.create_table(
        "told_apart",
        sa.Column("one", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=False),
        sa.Column("said", tracking.times.UTCDateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_told_apart")),
        sa.ForeignKeyConstraint(["one"], ["person.id"], name=op.f("fk_told_apart_one_person")),
        sa.ForeignKeyConstraint(["other"], ["person.id"], name=op.f("fk_told_apart_other_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_key", sa.String(length=250), server_default="", nullable=False))
        batch_op.add_column(sa.Column("email_key", sa.String(length=254), nullable=True))
        batch_op.create_index("ix_person_name_key_birth_year", ["name_key", "birth_year"])
        batch_op.create_index(batch_op.f("ix_person_email_key"), ["email_key"])
        batch_op.create_index(batch_op.f("ix_person_phone"), ["phone"])
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_sign_in_code_account_id_account"),
            "account",
            ["account_id"],
            ["id"],
            ondelete="CASCADE",
        )


_PERSON = sa.table(
    "person",
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("email", sa.String()),
    sa.column("name_key", sa.String()),
    sa.column("email_key", sa.String()),
)
_KEY = sa.table("identity_key", sa.column("id", SERIAL), sa.column("key", sa.Text()))
_CLAIM = sa.table(
    "identity_claim",
    sa.column("key_id", SERIAL),
    sa.column("learner", sa.Uuid()),
    sa.column("claimed_at", tracking.times.UTCDateTime(timezone=True)),
)


def _people() -> Iterator[list[Any]]:
    rows = iter(op.get_bind().execute(sa.select(_PERSON.c.id, _PERSON.c.name, _PERSON.c.email)).all())
    while batch := list(islice(rows, BATCH)):
        yield batch


def _key(people: list[Any]) -> None:
    change = sa.update(_PERSON).where(_PERSON.c.id == sa.bindparam("who"))
    op.get_bind().execute(
        change.values(name_key=sa.bindparam("by_name"), email_key=sa.bindparam("by_email")),
        [
            {
                "who": person.id,
                "by_name": name_key(person.name),
                "by_email": email_key(person.email) if person.email else None,
            }
            for person in people
        ],
    )


def _claim_hashes(people: list[Any]) -> None:
    """Who claims an address claims its hash too. Agents that came under one before are resolved by a rebuild."""
    connection = op.get_bind()
    hashes = {person.id: hashed_mail_key(person.email) for person in people if person.email}
    wanted = sorted(set(hashes.values()))
    known = {
        key
        for start in range(0, len(wanted), 500)
        for key in connection.scalars(
            sa.select(_KEY.c.key).where(_KEY.c.key.in_(wanted[start : start + 500]))
        )
    }
    new = [{"key": key} for key in wanted if key not in known]
    if new:
        connection.execute(sa.insert(_KEY), new)
    ids: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        found = sa.select(_KEY.c.key, _KEY.c.id).where(_KEY.c.key.in_(wanted[start : start + 500]))
        ids.update((key, number) for key, number in connection.execute(found))
    if hashes:
        now = datetime.now(UTC)
        claims = [{"key_id": ids[key], "learner": who, "claimed_at": now} for who, key in hashes.items()]
        connection.execute(sa.insert(_CLAIM), claims)
