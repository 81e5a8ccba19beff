"""Handing a course out as a package."""

import io
import shutil
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy.orm import Session

from courses import library
from courses.authoring import build_package, is_package_of
from courses.packaging import Standard
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.packages import NAMES
from lms.catalogue.queries import current_version
from lms.core.errors import Refused
from lms.core.files import Files


def formats_of(version: CourseVersion) -> list[str]:
    """The standards that the version can be handed out in: its own first, all for our own lessons."""
    own = [] if version.swept else [version.standard]
    others = [standard for standard in NAMES if standard != version.standard]
    return [*own, *others] if _lesson_of_ours(version) else own


def export_course(session: Session, files: Files, course: Course, *, standard: str, output: Path) -> None:
    """Write the package of the version on offer to `output`. Raises Refused."""
    with package_of(files, current_version(session, course), standard) as package:
        try:
            with output.open("wb") as target:
                shutil.copyfileobj(package, target)
        except OSError as error:
            raise Refused(
                "The file %(file)s cannot be written (%(reason)s).",
                file=str(output),
                reason=error.strerror or "",
            ) from error


def package_of(files: Files, version: CourseVersion, standard: str) -> BinaryIO:
    """The package byte for byte as it was imported, or one of our own lessons built for another standard.

    To be closed by the caller. Raises Refused where there is none.
    """
    if standard == version.standard and not version.swept:
        return files.path(version.sha256).open("rb")
    slug = _lesson_of_ours(version)
    if slug is None:
        raise Refused(
            "“%(slug)s” is a %(has)s course, made with another tool. Only our own lessons can be turned into "
            "%(wanted)s: export it there.",
            slug=version.course.slug,
            has=NAMES[version.standard],
            wanted=NAMES.get(standard, standard),
        )
    return io.BytesIO(build_package(slug, cast("Standard", standard)))


def _lesson_of_ours(version: CourseVersion) -> str | None:
    """The lesson of our library that the package was built of."""
    identifier = version.manifest.get("identifier", "")
    return next((slug for slug in library.slugs() if is_package_of(slug, identifier)), None)
