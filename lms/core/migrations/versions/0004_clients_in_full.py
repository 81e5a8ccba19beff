"""Clients: rotation, limits, last use, session credentials"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("former_digest", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column("former_until", tracking.times.UTCDateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("per_minute", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("last_used", tracking.times.UTCDateTime(timezone=True), nullable=True))
    op.create_table(
        "session_credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.JSON(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("registration", sa.Uuid(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("course", sa.Text(), nullable=True),
        sa.Column("issued", tracking.times.UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires", tracking.times.UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended", tracking.times.UTCDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_credential")),
        sa.UniqueConstraint("key", name=op.f("uq_session_credential_key")),
    )
    with op.batch_alter_table("session_credential", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_credential_registration"), ["registration"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_session_credential_expires"), ["expires"], unique=False)
