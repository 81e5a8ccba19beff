"""A small world for tests of the record: names of activities and people, and statements about them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from tracking.identities.keys import local_key
from tracking.identities.services import claim
from tracking.rates.queries import Rate, rates
from tracking.statements.services import StoreOutcome, store

HOME = "http://localhost:8000"
AUTHORITY = {"objectType": "Agent", "account": {"homePage": HOME, "name": "client:tests"}}
COURSE = "https://example.org/courses/awareness"
OTHER_COURSE = "https://example.org/courses/services"

COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
PASSED = "http://adlnet.gov/expapi/verbs/passed"
SATISFIED = "https://w3id.org/xapi/adl/verbs/satisfied"
INITIALIZED = "http://adlnet.gov/expapi/verbs/initialized"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"

NOON = datetime(2025, 11, 11, 5, tzinfo=UTC)  # twelve o'clock in Hải Phòng
TODAY = date(2025, 11, 11)
AN, BINH, CHI, DUNG = (UUID(int=number) for number in (1, 2, 3, 4))


def days(number: int) -> timedelta:
    return timedelta(days=number)


def account(name: str | UUID, home: str = HOME) -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": home, "name": str(name)}}


def said(
    actor: dict[str, Any] | UUID,
    verb: str = COMPLETED,
    activity: str = COURSE,
    *,
    at: datetime | None = NOON,
    **more: Any,
) -> dict[str, Any]:
    """A statement; `at` None leaves the timestamp to the store."""
    statement = {
        "id": str(uuid4()),
        "actor": account(actor) if isinstance(actor, UUID) else actor,
        "verb": {"id": verb},
        "object": {"objectType": "Activity", "id": activity},
        **more,
    }
    return statement if at is None else {**statement, "timestamp": at.isoformat()}


def voiding(target: dict[str, Any]) -> dict[str, Any]:
    return said(
        {"objectType": "Agent", "mbox": "mailto:admin@example.org"},
        VOIDED,
        object={"objectType": "StatementRef", "id": target["id"]},
    )


def keep(session: Session, *statements: dict[str, Any], now: datetime = NOON) -> StoreOutcome:
    return store(session, list(statements), authority=AUTHORITY, version="1.0.3", home_page=HOME, now=now)


def known(session: Session, *learners: UUID, now: datetime = NOON) -> None:
    """Claim each learner's own id, as people are when they are imported."""
    for learner in learners:
        claim(session, local_key(str(learner)), learner, now)


def rate(
    session: Session,
    *units: int,
    activity: str = COURSE,
    audience: str | None = None,
    as_of: date = TODAY,
    known_on: date | None = None,
) -> tuple[int, int]:
    """Completed and members."""
    found: Rate = rates(
        session,
        activity=activity,
        units={"all": units},
        audience=audience,
        as_of=as_of,
        known_on=known_on,
    )["all"]
    return found.completed, found.members
