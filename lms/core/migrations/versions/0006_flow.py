"""Statements pulled from elsewhere and forwarded"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = tracking.times.UTCDateTime(timezone=True)
    op.create_table(
        "remote_store",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(length=7), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=8), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("created", moment, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("removed", moment, nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("walk", sa.JSON(), nullable=True),
        sa.Column("moved", sa.BigInteger(), nullable=False),
        sa.Column("tried", moment, nullable=True),
        sa.Column("succeeded", moment, nullable=True),
        sa.Column("next_try", moment, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_params", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_remote_store"),
    )
    op.create_table(
        "arrival",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("remote_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["remote_id"], ["remote_store.id"], name="fk_arrival_remote_id_remote_store"),
        sa.PrimaryKeyConstraint("statement_id", name="pk_arrival"),
    )
    op.create_index("ix_arrival_remote_id", "arrival", ["remote_id"])
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first", moment, nullable=False),
        sa.Column("last", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["remote_id"], ["remote_store.id"], name="fk_dead_letter_remote_id_remote_store"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
        sa.UniqueConstraint("remote_id", "mark", name="uq_dead_letter_remote_id_mark"),
    )
    op.create_index("ix_dead_letter_remote_id_state", "dead_letter", ["remote_id", "state"])


def downgrade() -> None:
    op.drop_table("dead_letter")
    op.drop_table("arrival")
    op.drop_table("remote_store")
