"""The chore of cmi5: sessions whose time has run out."""

from datetime import timedelta

from lms.cmi5.queries import overdue_launches, the_launch
from lms.cmi5.services.ending import abandon
from lms.cmi5.services.registering import hold
from lms.core.chores import chore
from lms.core.clock import utc_now
from lms.core.runtime import Runtime

_MOST = 500


@chore("cmi5.abandon", every=timedelta(minutes=10))
def abandon_overdue(runtime: Runtime) -> dict[str, int]:
    """Say that sessions are abandoned which ran out of time without a word (section 9.3.6)."""
    with runtime.database.snapshot() as session:
        overdue = overdue_launches(session, utc_now(), _MOST)
    for launch_id in overdue:
        with runtime.database.transaction() as session:
            launch = the_launch(session, launch_id)
            hold(session, launch.registration)
            session.refresh(launch)
            abandon(session, launch, settings=runtime.settings)
    return {"abandoned": len(overdue)}
