"""The commands about courses."""

from pathlib import Path

import click

from lms.catalogue.documents import course_document, imported_document
from lms.catalogue.exporting import export_course
from lms.catalogue.library import import_library
from lms.catalogue.packages import NAMES
from lms.catalogue.queries import courses as all_courses
from lms.catalogue.queries import current_lessons, the_course
from lms.catalogue.services import Imported, import_course
from lms.core.commands import Answer, json_option, runtime


@click.group()
def courses() -> None:
    """Courses and their packages."""


@courses.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="Short name; that of an existing course makes this its new version.")
@json_option
def import_(file: Path, slug: str | None, answer: Answer) -> None:
    """Import a package and publish it."""
    held = runtime()
    with held.database.transaction() as session:
        imported = import_course(session, held.files, file, public_url=held.settings.public_url, slug=slug)
        answer_with = imported_document(imported), _told(imported)
    answer(*answer_with)


@courses.command("list")
@json_option
def list_(answer: Answer) -> None:
    """All courses, by topic."""
    with runtime().database.snapshot() as session:
        lessons = current_lessons(session)
        documents = [
            course_document(course, len(lessons.get(course.id, ()))) for course in all_courses(session)
        ]
    rows = [
        f"{row['slug']}\t{row['title']}\t{NAMES[row['standard']]}\t{row['lessons']}\t{row['status']}"
        for row in documents
    ]
    answer(documents, "\n".join(rows) or "No courses yet. Import a package, or: lms courses library")


@courses.command("export")
@click.argument("slug")
@click.option("--format", "standard", type=click.Choice(tuple(NAMES)), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
@json_option
def export(slug: str, standard: str, output: Path, answer: Answer) -> None:
    """Write a course's package."""
    held = runtime()
    with held.database.snapshot() as session:
        export_course(session, held.files, the_course(session, slug), standard=standard, output=output)
    answer({"slug": slug, "format": standard, "output": str(output)}, f"written: {output}")


@courses.command("library")
@json_option
def library(answer: Answer) -> None:
    """Import our own lessons, or bring them up to date."""
    held = runtime()
    with held.database.transaction() as session:
        imported = import_library(session, held)
        documents = [imported_document(one) for one in imported]
        words = "\n".join(_told(one) for one in imported)
    answer(documents, words)


def _told(imported: Imported) -> str:
    course, version = imported.course, imported.version
    what = f"version {version.number}" if imported.new else "nothing new"
    lines = [f"{course.slug}: {course.title} ({len(version.lessons)} lessons, {what})"]
    return "\n".join(lines + [f"  note: {warning}" for warning in imported.warnings])
