"""What statements mention, and the files that come with them"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# Milliseconds from 2020-01-01 to `stored`: the upper part of a statement's number from now on.
MILLISECONDS = {
    "postgresql": "(floor(extract(epoch FROM stored) * 1000)::bigint - 1577836800000)",
    "sqlite": "(CAST(strftime('%s', stored) AS INTEGER) * 1000 + CAST(substr(stored, 21, 3) AS INTEGER)"
    " - 1577836800000)",
}


def upgrade() -> None:
    _attachments()
    _columns()
    _number_by_time()
    _mentions()
    _references()


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("sha2", sa.String(length=128), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("statement_id", "sha2", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_file"), ["file"], unique=False)


def _columns() -> None:
    """The next migration after an upgrade of old statements is `lms tracking rebuild`: it reads their JSON."""
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refers_to", sa.Uuid(), nullable=True))
        for name in ("voids", "stored"):
            batch_op.drop_index(f"ix_statement_{name}")
        batch_op.create_index("ix_statement_authority_id_seq", ["authority_id", "seq"], unique=False)
        batch_op.create_index(
            "ix_statement_refers_to",
            ["refers_to"],
            unique=False,
            sqlite_where=sa.text("refers_to IS NOT NULL"),
            postgresql_where=sa.text("refers_to IS NOT NULL"),
        )
    op.execute("UPDATE statement SET refers_to = voids WHERE voids IS NOT NULL")


def _number_by_time() -> None:
    """Statements were numbered from 1 on; the old number tells those of one millisecond apart."""
    number = f"({MILLISECONDS[op.get_bind().dialect.name]} << 22) + seq % 4194304"
    op.execute(
        "UPDATE completion_evidence SET statement_seq ="  # noqa: S608  (the program's own)
        f" (SELECT {number} FROM statement WHERE seq = statement_seq)"
    )
    op.execute(f"UPDATE statement SET seq = {number}")  # noqa: S608


def _mentions() -> None:
    op.create_table(
        "statement_agent",
        sa.Column("agent_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direct", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "direct", "seq", name=op.f("pk_statement_agent")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statement_activity",
        sa.Column("activity_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("activity_id", "seq", name=op.f("pk_statement_activity")),
        sqlite_with_rowid=False,
    )


def _references() -> None:
    op.create_table(
        "statement_reference",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verb_id", sa.Integer(), nullable=False),
        sa.Column("registration", sa.Uuid(), nullable=True),
        sa.Column("authority_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("seq", "source", name=op.f("pk_statement_reference")),
    )
    with op.batch_alter_table("statement_reference", schema=None) as batch_op:
        batch_op.create_index(
            "ix_statement_reference_authority_id_seq", ["authority_id", "seq"], unique=False
        )
        batch_op.create_index("ix_statement_reference_verb_id_seq", ["verb_id", "seq"], unique=False)
        batch_op.create_index(
            "ix_statement_reference_registration_seq",
            ["registration", "seq"],
            unique=False,
            sqlite_where=sa.text("registration IS NOT NULL"),
            postgresql_where=sa.text("registration IS NOT NULL"),
        )
    for who, kind in (("agent", sa.BigInteger), ("activity", sa.Integer)):
        op.create_table(
            f"referred_{who}",
            sa.Column(f"{who}_id", kind(), autoincrement=False, nullable=False),
            sa.Column("direct", sa.Boolean(), nullable=False),
            sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("source", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.PrimaryKeyConstraint(f"{who}_id", "direct", "seq", "source", name=op.f(f"pk_referred_{who}")),
            sqlite_with_rowid=False,
        )
