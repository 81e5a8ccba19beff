"""The chore of this room."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.engine import CursorResult

from lms.core.chores import chore
from lms.core.clock import utc_now
from lms.core.runtime import Runtime
from lms.player.traces import Arrival

KEPT = timedelta(days=90)


@chore("support.sweep_logs", every=timedelta(hours=6))
def sweep_logs(runtime: Runtime) -> dict[str, int]:
    """Forget what came when, after 90 days."""
    with runtime.database.transaction() as session:
        gone = session.execute(delete(Arrival).where(Arrival.arrived < utc_now() - KEPT))
    return {"arrivals": gone.rowcount if isinstance(gone, CursorResult) else 0}
