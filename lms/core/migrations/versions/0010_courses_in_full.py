"""Courses: versions, previews, archive"""

import sqlalchemy as sa
from alembic import op

import tracking.times

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All that is there already is SCORM 1.2, was offered when it came, and was replaced by what came later."""
    _versions()
    _lessons()
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("preview", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE course_version SET offered = imported")
    op.execute(
        "UPDATE course_version SET replaced = imported WHERE number <> "
        "(SELECT version_number FROM course WHERE course.id = course_version.course_id)"
    )
    op.execute(
        "UPDATE course_version SET standard = "
        "(SELECT standard FROM course WHERE course.id = course_version.course_id)"
    )


def _versions() -> None:
    moment = tracking.times.UTCDateTime(timezone=True)
    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("standard", sa.String(length=12), server_default="scorm12", nullable=False)
        )
        batch_op.add_column(_text("organization"))
        batch_op.add_column(_list("structure"))
        batch_op.add_column(sa.Column("sequencing", sa.JSON(), nullable=True))
        batch_op.add_column(_list("global_objectives"))
        for name in ("objectives_global_to_system", "shared_data_global_to_system"):
            batch_op.add_column(sa.Column(name, sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("files", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("size", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("imported_by", sa.Integer(), nullable=True))
        for name in ("offered", "replaced", "swept"):
            batch_op.add_column(sa.Column(name, moment, nullable=True))
        batch_op.create_index(batch_op.f("ix_course_version_sha256"), ["sha256"])


def _lessons() -> None:
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.alter_column(
            "max_time_allowed",
            existing_type=sa.String(length=20),
            type_=sa.String(length=60),
            existing_nullable=False,
        )
        for name in ("file", "prerequisites", "launch_parameters", "entitlement_key", "activity_type"):
            batch_op.add_column(_text(name))
        for name in ("hide_lms_ui", "titles", "descriptions"):
            batch_op.add_column(_list(name))
        for name, length in (("language", 35), ("move_on", 20), ("launch_method", 10)):
            batch_op.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
        batch_op.add_column(sa.Column("visible", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("remote", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("completion_threshold", sa.Double(), nullable=True))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), server_default="[]", nullable=False)
