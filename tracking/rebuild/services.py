"""Checking or rebuilding, layer by layer: each from the one below it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracking.dialects import close, is_sqlite
from tracking.rates.counters import settle
from tracking.rebuild import agents, mergers, projections, saying, statements
from tracking.times import utc_now


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """How many rows differed from what they should be, in all and by layer."""

    details: dict[str, int]

    @property
    def differences(self) -> int:
        return sum(self.details.values())


def rebuild(
    session: Session, *, check: bool = False, now: datetime | None = None, home_page: str = ""
) -> RebuildReport:
    """Put right, or with `check` only count, every row that does not follow from the statements.

    Statements kept before their mentions were noted may name agents that the record does not know; those with
    an account under `home_page` are looked for by their names.

    A check in a session that has not begun its transaction reads one state of the database and holds nobody
    up; a rebuild lets other writers wait until the transaction ends.
    """
    settle(session)
    if not (check and _reads_one_state(session)):
        close(session)
    moment = now or utc_now()
    details = saying.sayings(session, check=check, home_page=home_page, now=moment)
    details |= {
        "statement": statements.columns(session, check=check),
        "voiding": statements.voidings_noted(session, check=check),
        "merger": mergers.standings(session, check=check),
        "agent": agents.learners_noted(session, check=check),
        "resolution": agents.resolutions(session, check=check, now=moment),
    }
    for layer in projections.LAYERS:
        details[layer.name] = projections.draw(session, layer, check=check)
    session.expire_all()
    return RebuildReport(details)


def _reads_one_state(session: Session) -> bool:
    """Whether everything read from now on is of one instant, whatever others write meanwhile."""
    if is_sqlite(session):
        return True
    if session.in_transaction():
        return False
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return True
