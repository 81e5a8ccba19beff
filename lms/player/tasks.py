"""The chores of the player."""

from datetime import timedelta

from lms.core.chores import chore
from lms.core.runtime import Runtime
from lms.player.holding import forget_previews


@chore("player.sweep_previews", every=timedelta(hours=6))
def sweep_previews(runtime: Runtime) -> dict[str, int]:
    """Remove what is left of authors' previews."""
    with runtime.database.transaction() as session:
        return {"previews": forget_previews(session)}
