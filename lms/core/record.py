"""The one way from the rooms into the record: store, then tell the others what followed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from lms.core.events import StatementsStored, StatementsVoided, send
from lms.settings import Settings
from tracking.completions.projection import CompletionChange
from tracking.rounds import Steps, beside, run
from tracking.statements import services
from tracking.statements.reading import Reading
from tracking.statements.services import StoreOutcome
from tracking.statements.validation import Version


def store_statements(
    session: Session,
    statements: list[dict[str, Any]],
    *,
    settings: Settings,
    authority: dict[str, Any],
    version: Version = "1.0.3",
    provided: Steps[None] | None = None,
) -> StoreOutcome:
    """Keep the statements as `tracking.statements.services.store` does, and send the events that follow."""
    home_page = settings.public_url
    return keep(
        session, statements, home_page=home_page, authority=authority, version=version, provided=provided
    )


def store_readings(
    session: Session, readings: Sequence[Reading], *, home_page: str, provided: Steps[None] | None = None
) -> StoreOutcome:
    """`store_statements` for what `tracking.statements.services.readings_of` has read.

    `provided`: steps that raise something where nothing may be stored; they cost no round trip of their own.
    """
    storing = services.storing(session, readings, home_page=home_page)
    outcome: StoreOutcome
    *_, outcome = run(session, beside(provided, storing) if provided else beside(storing))
    return _told(session, outcome, home_page)


def keep(
    session: Session,
    statements: list[dict[str, Any]],
    *,
    home_page: str,
    authority: dict[str, Any],
    version: Version = "1.0.3",
    provided: Steps[None] | None = None,
) -> StoreOutcome:
    """`store_statements` for those who hear events and know only the home page of our accounts."""
    outcome = services.store(
        session, statements, authority=authority, version=version, home_page=home_page, provided=provided
    )
    return _told(session, outcome, home_page)


def _told(session: Session, outcome: StoreOutcome, home_page: str) -> StoreOutcome:
    complete_anew(session, outcome.completions, home_page=home_page)
    if outcome.voided:
        send(session, StatementsVoided(outcome.voided, home_page))
    return outcome


def complete_anew(session: Session, changes: Sequence[CompletionChange], *, home_page: str) -> None:
    """Tell the rooms which completions came, moved or went."""
    if changes:
        send(
            session,
            StatementsStored(
                completions=[(change.learner, change.activity) for change in changes if _came(change)],
                withdrawn=[(change.learner, change.activity) for change in changes if _went(change)],
                home_page=home_page,
            ),
        )


def our_authority(home_page: str) -> dict[str, Any]:
    """The agent that stands behind statements made here (xAPI 1.0.3 part 2, 2.4.9)."""
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": "lms"}}


def _came(change: CompletionChange) -> bool:
    """Complete now, and was not, or only later."""
    now, before = change.completed_at, change.before
    return now is not None and (before is None or now < before)


def _went(change: CompletionChange) -> bool:
    """Was complete, and is no longer, or only since later."""
    now, before = change.completed_at, change.before
    return before is not None and (now is None or now > before)
