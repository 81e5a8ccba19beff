"""The job of importing a package that was uploaded."""

from typing import Any

from lms.catalogue.packages import prepare
from lms.catalogue.services import Offer, add_package
from lms.core.jobs.services import Work, handles

IMPORT = "catalogue.import"
_STEPS = 2


@handles(IMPORT)
def import_uploaded(work: Work) -> dict[str, Any]:
    """Arguments: `file` (digest of the kept upload), `slug` or none. The result leads to the report."""
    arguments = work.arguments
    prepared = prepare(work.runtime.files, work.runtime.files.path(arguments["file"]))
    with work.step(1, _STEPS):
        pass  # unpacking is the long part, and needs no transaction
    with work.step(_STEPS, _STEPS) as session:
        imported = add_package(
            session,
            prepared,
            public_url=work.runtime.settings.public_url,
            slug=arguments["slug"],
            offer=Offer(),
            actor=work.owner,
        )
        course = imported.course
        return {"url": f"/manage/courses/{course.slug}", "slug": course.slug, "new": imported.new}
