"""cmi5 as an LMS must"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = tracking.times.UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "cmi5_registration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("preview", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("satisfied", sa.JSON(), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        _key("cmi5_registration", "version_id", "course_version"),
        sa.PrimaryKeyConstraint("id", name="pk_cmi5_registration"),
        sa.UniqueConstraint(
            "actor", "version_id", "number", name="uq_cmi5_registration_actor_version_id_number"
        ),
    )
    op.create_index("ix_cmi5_registration_version_id", "cmi5_registration", ["version_id"])
    op.create_table(
        "cmi5_unit",
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("completed", MOMENT, nullable=True),
        sa.Column("passed", MOMENT, nullable=True),
        sa.Column("failed", MOMENT, nullable=True),
        sa.Column("waived", MOMENT, nullable=True),
        _key("cmi5_unit", "registration_id", "cmi5_registration"),
        _key("cmi5_unit", "lesson_id", "lesson"),
        sa.PrimaryKeyConstraint("registration_id", "lesson_id", name="pk_cmi5_unit"),
    )
    _launches()
    _waivers()
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("registration", sa.Uuid(), nullable=True))
        table.create_index("ix_attempt_registration", ["registration"])


def _launches() -> None:
    op.create_table(
        "cmi5_launch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.String(length=6), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("credential", sa.String(length=40), nullable=True),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("fetched", MOMENT, nullable=True),
        sa.Column("asked_preferences", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("initialized", MOMENT, nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("latest", MOMENT, nullable=True),
        sa.Column("heard", MOMENT, nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("ending", sa.String(length=10), nullable=False),
        _key("cmi5_launch", "id", "play_session"),
        _key("cmi5_launch", "registration_id", "cmi5_registration"),
        sa.PrimaryKeyConstraint("id", name="pk_cmi5_launch"),
        sa.UniqueConstraint("credential", name="uq_cmi5_launch_credential"),
    )
    op.create_index("ix_cmi5_launch_registration_id", "cmi5_launch", ["registration_id"])
    op.create_index("ix_cmi5_launch_ended", "cmi5_launch", ["ended"])


def _waivers() -> None:
    op.create_table(
        "cmi5_waiver",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("learner", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        _key("cmi5_waiver", "registration_id", "cmi5_registration"),
        _key("cmi5_waiver", "lesson_id", "lesson"),
        sa.PrimaryKeyConstraint("statement_id", name="pk_cmi5_waiver"),
    )
    op.create_index("ix_cmi5_waiver_registration_id", "cmi5_waiver", ["registration_id"])
    op.create_index("ix_cmi5_waiver_lesson_id", "cmi5_waiver", ["lesson_id"])


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}", ondelete="CASCADE"
    )
