"""Handing a course out as a package."""

import shutil
from pathlib import Path

from sqlalchemy.orm import Session

from lms.catalogue.models import Course
from lms.catalogue.packages import NAMES
from lms.catalogue.queries import current_version
from lms.core.errors import Refused
from lms.core.files import Files


def export_course(session: Session, files: Files, course: Course, *, standard: str, output: Path) -> None:
    """Write the course's package to `output`, byte for byte as it was imported. Raises Refused."""
    if standard != course.standard:
        raise Refused(
            "“%(slug)s” is a %(has)s course. It cannot be turned into %(wanted)s yet; ask for %(has)s.",
            slug=course.slug,
            has=NAMES[course.standard],
            wanted=NAMES.get(standard, standard),
        )
    version = current_version(session, course)
    try:
        shutil.copyfile(files.path(version.sha256), output)
    except OSError as error:
        raise Refused(
            "The file %(file)s cannot be written (%(reason)s).", file=str(output), reason=error.strerror or ""
        ) from error
