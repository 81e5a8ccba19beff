"""The commands about courses."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from courses.packaging import Progress
from lms.catalogue.documents import course_document, imported_document
from lms.catalogue.exporting import export_course
from lms.catalogue.library import import_library
from lms.catalogue.models import Status
from lms.catalogue.naming import checked_slug
from lms.catalogue.packages import NAMES
from lms.catalogue.queries import courses as all_courses
from lms.catalogue.queries import current_lessons, the_course
from lms.catalogue.services import Imported, Offer, add_package
from lms.catalogue.sweeping import taking_in
from lms.core.commands import Answer, json_option, runtime

_LARGE = 20 * 1024 * 1024


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
    if slug is not None:
        checked_slug(slug)
    with (
        _shown_progress(file) as tell,
        taking_in(held, file, tell) as prepared,
        held.database.transaction() as session,
    ):
        imported = add_package(
            session,
            prepared,
            public_url=held.settings.public_url,
            slug=slug,
            offer=Offer(),
            publish_it=True,
        )
        answer_with = imported_document(imported), _told(imported)
    answer(*answer_with)


@courses.command("list")
@click.option("--state", "states", type=click.Choice([*Status]), multiple=True, help="Only those in it.")
@json_option
def list_(states: tuple[str, ...], answer: Answer) -> None:
    """All courses, by topic."""
    with runtime().database.snapshot() as session:
        lessons = current_lessons(session)
        documents = [
            course_document(course, len(lessons.get(course.id, ())))
            for course in all_courses(session, states=states or None)
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


@contextmanager
def _shown_progress(file: Path) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on a terminal, while a package is read that takes more than a moment."""
    size = file.stat().st_size
    if size < _LARGE or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=100, label=file.name, file=sys.stderr) as bar:
        yield lambda progress: bar.update(progress.percent - bar.pos)
