"""The chores of cmi5: sessions whose time has run out, and what is left of previews."""

from datetime import timedelta

from sqlalchemy import delete, exists

from lms.cmi5.models import Launch, Registration
from lms.cmi5.queries import overdue_launches, the_launch
from lms.cmi5.services.ending import abandon
from lms.cmi5.services.registering import hold
from lms.core.chores import chore
from lms.core.clock import utc_now
from lms.core.runtime import Runtime

_MOST = 500
_LOOKED_AT = timedelta(days=2)  # longer than a preview can be open


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


@chore("cmi5.sweep_previews", every=timedelta(hours=6))
def sweep_previews(runtime: Runtime, *, old: timedelta = _LOOKED_AT) -> dict[str, int]:
    """Remove registrations of authors' previews, once the player has forgotten these."""
    launched = exists().where(Launch.registration_id == Registration.id)
    wanted = delete(Registration).where(
        Registration.preview, Registration.started < utc_now() - old, ~launched
    )
    with runtime.database.transaction() as session:
        done = session.execute(wanted.execution_options(synchronize_session=False))
        return {"previews": done.rowcount}  # type: ignore[attr-defined]  # a DELETE's result always has it
