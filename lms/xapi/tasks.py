"""The chores of the record store."""

from datetime import timedelta

from lms.core.chores import chore
from lms.core.runtime import Runtime
from lms.xapi.sweeping import sweep_drafts, sweep_files


@chore("xapi.sweep_attachments", every=timedelta(hours=1))
def sweep_attachments(runtime: Runtime) -> dict[str, int]:
    """Remove files that came with statements which were never stored."""
    return {"files": sweep_files(runtime), "drafts": sweep_drafts(runtime)}
