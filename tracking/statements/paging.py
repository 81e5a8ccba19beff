"""Pages that go no further than the record is complete, so that whoever reads on misses nothing."""

import time
from collections.abc import Callable

from sqlalchemy.orm import Session

from tracking.statements.consistency import Horizon, horizon
from tracking.statements.queries import Filter, Page, statements

# What was acknowledged a moment ago should be found, though others are still writing what came before it:
# they are waited for, but not for ever.
PATIENCE = 0.25  # seconds
PAUSE = 0.002


def settled_page(
    session: Session,
    wanted: Filter,
    *,
    limit: int,
    more: str | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> tuple[Page, Horizon]:
    """As `queries.statements`, but nothing from beyond the horizon, which is answered too.

    On SQLite the session must not have begun to read.
    """
    until = time.monotonic() + PATIENCE
    while True:
        known = horizon(session)
        page = statements(session, wanted, limit=limit, more=more)
        if page.latest < known.seq:
            return page, known
        if time.monotonic() >= until:
            return statements(session, wanted, limit=limit, more=more, before=known.seq), known
        pause(PAUSE)
