"""The job that writes a large extract, and the chore that removes old ones."""

from datetime import timedelta
from typing import Any

from lms.core.audit import Act, log
from lms.core.chores import chore
from lms.core.errors import Refused
from lms.core.i18n import using
from lms.core.jobs.services import Work, handles
from lms.core.runtime import Runtime
from lms.explorer import queries
from lms.explorer.asking import ask
from lms.explorer.exporting import write_extract
from lms.explorer.extracts import About, begin, forget_old

EXTRACT = "explorer.extract"


@handles(EXTRACT)
def extract(work: Work) -> dict[str, Any]:
    """Arguments: `asked` (the fields of the filter), `kind`, `language`. The result leads to the file."""
    runtime, arguments, owner = work.runtime, work.arguments, int(work.owner or 0)
    home_page = runtime.settings.public_url
    with runtime.database.snapshot() as session:
        wanted = ask(session, arguments["asked"], home_page=home_page).wanted
        if wanted is None:
            raise Refused("What was looked for is not there any more. Search again.")
        total = queries.count_of(session, wanted)
    made = begin(runtime.settings)

    def count(done: int) -> None:
        with work.step(done, max(total, done)):
            pass  # what is written is in the file; this says how far it is

    with using(arguments["language"]):
        written = write_extract(
            arguments["kind"], made.draft, runtime.database, wanted, home_page=home_page, count=count
        )
    with work.step(written, max(total, written)) as session:
        log(
            session,
            Act.STATEMENTS_EXTRACTED,
            actor=work.owner,
            kind=arguments["kind"],
            statements=written,
            fields=sorted(arguments["asked"]),
        )
    made.finish(About(owner, arguments["kind"], written))
    return {"url": f"/record/extracts/{made.token}"}


@chore("explorer.forget_extracts", every=timedelta(hours=1))
def forget_extracts(runtime: Runtime) -> dict[str, int]:
    """Remove extracts of more than a day ago."""
    return {"extracts": forget_old(runtime.settings)}
