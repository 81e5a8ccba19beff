"""The one way by which the rooms hand statements to the record."""

from typing import Any

from sqlalchemy.orm import Session

from lms.core import events
from lms.settings import Settings
from tracking.statements.services import StoreOutcome, store
from tracking.statements.validation import Version


def store_statements(
    session: Session,
    statements: list[dict[str, Any]],
    *,
    settings: Settings,
    authority: dict[str, Any],
    version: Version = "1.0.3",
) -> StoreOutcome:
    """Store statements, and let the rooms hear of what became complete and what stopped counting.

    Raises `tracking.statements.validation.Invalid` and `tracking.statements.errors.Conflict`, both before
    anything was kept.
    """
    outcome = store(session, statements, authority=authority, version=version, home_page=settings.public_url)
    completed = [
        (change.learner, change.activity) for change in outcome.completions if change.completed_at is not None
    ]
    if completed or outcome.voided:
        events.send(session, events.StatementsStored(completions=completed, voided=outcome.voided))
    return outcome
