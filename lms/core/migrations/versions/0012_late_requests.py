"""What units of cmi5 asked without a network, and what became of it when it was delivered"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = tracking.times.UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "cmi5_late_request",
        sa.Column("launch_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("arrived", MOMENT, nullable=False),
        sa.Column("happened", MOMENT, nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("place", sa.Uuid(), nullable=True),
        sa.Column("etag", sa.String(length=40), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["launch_id"],
            ["cmi5_launch.id"],
            name=op.f("fk_cmi5_late_request_launch_id_cmi5_launch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("launch_id", "id", name=op.f("pk_cmi5_late_request")),
    )
