"""Packages and courses for tests: written here, in the manner of several tools."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from courses.packaging import BuildItem, build
from lms.catalogue.models import Lesson
from lms.catalogue.services import Imported, import_course
from lms.core.files import Files

PUBLIC_URL = "http://localhost:8000"
PAGE = b"<!doctype html><title>Lesson</title><p>Hello"
MULTI = (
    BuildItem(identifier="L1", title="Bài một", href="a.html"),
    BuildItem(identifier="L2", title="Bài hai", href="b.html", mastery_score=80),
)


def package(
    title: str = "Học mã QR",
    *,
    lessons: Sequence[BuildItem] = (BuildItem(identifier="L1", title="Bài một", href="a.html"),),
    files: Mapping[str, bytes] | None = None,
    keywords: Sequence[str] = (),
    minutes: int | None = None,
) -> bytes:
    """A SCORM 1.2 package; every start page that is not among the files gets a plain one."""
    pages = {(lesson.href or "").split("?")[0]: PAGE for lesson in lessons}
    return build(
        {**pages, **(files or {})},
        identifier="P1",
        title=title,
        lessons=lessons,
        keywords=keywords,
        minutes=minutes,
    )


def import_package(
    session: Session,
    files: Files,
    folder: Path,
    content: bytes | None = None,
    *,
    slug: str | None = None,
    public_url: str = PUBLIC_URL,
    publish_it: bool = True,
) -> Imported:
    """Import bytes as a course, as the command does."""
    path = folder / "package.zip"
    path.write_bytes(package() if content is None else content)
    return import_course(session, files, path, public_url=public_url, slug=slug, publish_it=publish_it)


def first_lesson(imported: Imported) -> Lesson:
    return imported.version.lessons[0]
