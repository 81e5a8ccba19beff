"""Our own lessons as courses: built into packages and imported like any other."""

from sqlalchemy.orm import Session

from courses import library
from courses.authoring import build_scorm12
from lms.catalogue.services import Imported, import_course
from lms.core.runtime import Runtime


def import_library(session: Session, runtime: Runtime) -> list[Imported]:
    """Import and publish all of our own lessons; those that have not changed stay as they are."""
    return [_import(session, runtime, slug) for slug in library.slugs()]


def _import(session: Session, runtime: Runtime, slug: str) -> Imported:
    with runtime.files.workspace() as workspace:
        package = workspace / f"{slug}.zip"
        package.write_bytes(build_scorm12(slug))
        return import_course(
            session, runtime.files, package, public_url=runtime.settings.public_url, slug=slug
        )
