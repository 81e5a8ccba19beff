"""The job of importing a package that was uploaded, and sweeping up after those that died."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from courses.packaging import Progress
from lms.catalogue import uploads
from lms.catalogue.services import Imported, Offer, add_package
from lms.catalogue.sweeping import sweep_orphans, sweep_versions, taking_in
from lms.core.chores import chore
from lms.core.errors import Refused
from lms.core.jobs.services import Work, handles
from lms.core.runtime import Runtime

IMPORT = "catalogue.import"
# Seconds between two notes of how far it is: each is a transaction.
_PAUSE = 1.0


@handles(IMPORT)
def import_uploaded(work: Work) -> dict[str, Any]:
    """Arguments: `upload` (its name), `slug` or none. The result leads to the report.

    A package that is refused leaves nothing behind. After an outage the job comes again and finds the upload.
    """
    files, name = work.runtime.files, work.arguments["upload"]
    try:
        with (
            taking_in(work.runtime, uploads.waiting(files, name), _progress_of(work)) as prepared,
            work.step(100, 100) as session,
        ):
            imported = add_package(
                session,
                prepared,
                public_url=work.runtime.settings.public_url,
                slug=work.arguments["slug"],
                offer=Offer(),
                publish_it=False,
                actor=work.owner,
            )
            result = {
                "url": _report_of(imported),
                "slug": imported.course.slug,
                "version": imported.version.number,
                "new": imported.new,
            }
    except Exception as error:
        if _is_final(error):
            uploads.forget(files, name)
        raise
    uploads.forget(files, name)
    return result


@chore("catalogue.sweep", every=timedelta(hours=6))
def sweep(runtime: Runtime) -> dict[str, int]:
    """Remove what dead imports left, and the files of versions that nobody uses any more."""
    return {"orphans": sweep_orphans(runtime), "versions": sweep_versions(runtime)}


def _progress_of(work: Work) -> Callable[[Progress], None]:
    """Note how far it is in percent, now and then; a job that was given to another worker stops here."""
    noted = time.monotonic() - _PAUSE

    def note(progress: Progress) -> None:
        nonlocal noted
        if time.monotonic() - noted >= _PAUSE:
            noted = time.monotonic()
            with work.step(min(progress.percent, 99), 100):
                pass

    return note


def _report_of(imported: Imported) -> str:
    """The course's page, or that of a version which waits beside the one on offer."""
    course, version = imported.course, imported.version
    page = f"/manage/courses/{course.slug}"
    return page if version.number == course.version_number else f"{page}/versions/{version.number}"


def _is_final(error: Exception) -> bool:
    """Whether the same file would be refused again."""
    return isinstance(error, Refused) or isinstance(getattr(error, "message", None), str)
