"""Attempts of SCORM 2004, and rules about them"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = tracking.times.UTCDateTime(timezone=True)
    op.create_table(
        "course_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("learner", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("shared", sa.JSON(), nullable=False),
        sa.Column("current", sa.String(length=1000), nullable=False),
        sa.Column("open", sa.JSON(), nullable=False),
        sa.Column("updated", moment, nullable=False),
        sa.Column("ended", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["course_version.id"],
            name="fk_course_run_version_id_course_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_course_run"),
        sa.UniqueConstraint(
            "learner", "version_id", "number", name="uq_course_run_learner_version_id_number"
        ),
    )
    op.create_index("ix_course_run_version_id", "course_run", ["version_id"])
    with op.batch_alter_table("play_session") as table:
        table.add_column(sa.Column("language", sa.String(length=5), nullable=False, server_default="vi"))
        table.add_column(sa.Column("mode", sa.String(length=6), nullable=False, server_default="normal"))
        table.add_column(sa.Column("run_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("opening", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key("fk_play_session_run_id_course_run", "course_run", ["run_id"], ["id"])
        table.create_index("ix_play_session_run_id", ["run_id"])
    with op.batch_alter_table("course") as table:
        table.add_column(sa.Column("attempt_limit", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("after_completion", sa.String(length=6), nullable=False, server_default="again")
        )
