"""What support looks at: answers, what arrived when, doubts"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = tracking.times.UTCDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=250), nullable=False),
        sa.Column("prompt", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("correct", sa.JSON(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_answer_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_answer_lesson_id_lesson"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
    )
    op.create_index(op.f("ix_answer_attempt_id"), "answer", ["attempt_id"])
    op.create_index("ix_answer_lesson_id_item", "answer", ["lesson_id", "item"])
    op.create_table(
        "arrival_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("arrived", MOMENT, nullable=False),
        sa.Column("happened", MOMENT, nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("ending", sa.String(length=12), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("calls", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["play_session.id"],
            name=op.f("fk_arrival_log_session_id_play_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_log")),
    )
    op.create_index("ix_arrival_log_session_id_seq", "arrival_log", ["session_id", "seq"])
    op.create_index(op.f("ix_arrival_log_arrived"), "arrival_log", ["arrived"])
    op.create_table(
        "doubt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("seen", MOMENT, nullable=True),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_doubt_attempt_id_attempt"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
        sa.UniqueConstraint("attempt_id", "kind", name=op.f("uq_doubt_attempt_id_kind")),
    )
    op.create_index(op.f("ix_doubt_at"), "doubt", ["at"])
