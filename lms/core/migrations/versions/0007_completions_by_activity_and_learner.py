"""Completions by activity and learner: a pair is found at once, whichever index is taken"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_completion_activity_id_learner", "completion", ["activity_id", "learner"])
    op.drop_index("ix_completion_activity_id", "completion")
