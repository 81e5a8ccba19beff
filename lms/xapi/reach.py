"""What a credential may do with a resource of the record store.

A client has scopes, which reach everybody. A learner's session reaches what is its own: that agent, that
registration, that activity (of the course it belongs to, only the profile and the definition).
"""

from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from lms.catalogue.queries import iris_on_offer
from lms.core.errors import Forbidden
from lms.xapi.credentials import Known, KnownSession
from lms.xapi.models import Scope
from lms.xapi.preferences import NAME as PREFERENCES
from tracking.completions.rules import outcome_of
from tracking.statements.agents import identifier
from tracking.statements.validation import Version, validate_batch
from tracking.statements.validation.statements import VOIDED

Resource = Literal[
    "statements", "activities", "activities/state", "activities/profile", "agents", "agents/profile"
]
READING = frozenset({"GET", "HEAD"})
# What the one who opened a cmi5 lesson tells it: the lesson may read it only (cmi5, section 10).
LAUNCH_DATA = "LMS.LaunchData"

# The scopes of which a client needs one (xAPI 1.0.3 part 3, 4.2).
WRITING_NEEDS: dict[Resource, tuple[Scope, ...]] = {
    "statements": (Scope.WRITE,),
    "activities/state": (Scope.STATE,),
    "activities/profile": (Scope.PROFILE,),
    "agents/profile": (Scope.PROFILE,),
}
READING_NEEDS: dict[Resource, tuple[Scope, ...]] = WRITING_NEEDS | {
    "statements": (Scope.READ, Scope.READ_MINE),
    "activities": (Scope.READ, Scope.READ_MINE, Scope.STATE, Scope.PROFILE),
    # A Person is all that we know somebody by: not for those who may only see what they sent.
    "agents": (Scope.READ, Scope.PROFILE),
}


def demand(
    known: Known,
    resource: Resource,
    method: str,
    *,
    agent: str | None = None,
    activity: str | None = None,
    registration: UUID | None = None,
    document: str | None = None,
) -> None:
    """Raises Forbidden where the credential may not do this.

    `agent` is a canonical identifier (`tracking.statements.agents.identifier`), `activity` an IRI; give what
    the request names, `document` the name of a state or profile (None: all of them). A statement that is
    sent is looked at by `demand_statements` as well.
    """
    if isinstance(known, KnownSession):
        _demand_own(known, resource, method, agent, activity, registration)
        _demand_own_document(resource, method, document)
        return
    needs = (READING_NEEDS if method in READING else WRITING_NEEDS).get(resource, (Scope.ALL,))
    if not known.may(*needs):
        raise Forbidden(
            "This client may not do this. It needs the scope %(scopes)s.", scopes=" or ".join(needs)
        )


def demand_statements(
    session: Session, known: Known, statements: list[dict[str, Any]], version: Version
) -> None:
    """Raises Forbidden where the credential may not send these statements, Invalid where nobody may."""
    demand(known, "statements", "POST")
    if not isinstance(known, KnownSession):
        return
    validate_batch(statements, version)
    for statement in statements:
        _demand_own_statement(known, statement)
    claimed = {one["object"]["id"] for one in statements if outcome_of(one)} - {known.activity}
    if claimed and iris_on_offer(session, claimed):
        raise Forbidden(
            "A lesson's session may complete this lesson only, neither a course nor another lesson."
        )


def may_see(known: Known, raw: bytes) -> bool:
    """Whether a session may read this one statement; clients are told apart by its authority."""
    return not isinstance(known, KnownSession) or _is_own(known, orjson.loads(raw))


def _demand_own(
    known: KnownSession,
    resource: Resource,
    method: str,
    agent: str | None,
    activity: str | None,
    registration: UUID | None,
) -> None:
    about = (agent, activity, registration)
    allowed = False
    if resource == "statements":
        # Filters that were left out are filled in (`access.narrowed`).
        allowed = agent in (None, known.identifier) and registration in (None, known.registration)
    elif resource == "activities/state":
        allowed = about == (known.identifier, known.activity, known.registration)
    elif method in READING and resource in ("activities", "activities/profile"):
        allowed = activity is not None and activity in (known.activity, known.course)
    elif resource == "agents/profile" or (method in READING and resource == "agents"):
        allowed = agent == known.identifier
    if not allowed:
        raise Forbidden("This is not within the reach of a learner's session.")


def _demand_own_document(resource: Resource, method: str, document: str | None) -> None:
    """Of the learner's profile a session writes cmi5's preferences alone; launch data it never touches."""
    if method in READING:
        return
    if resource == "activities/state" and (document == LAUNCH_DATA or document is None):
        raise Forbidden("A lesson may not change its launch data, nor remove all states at once.")
    if resource == "agents/profile" and (document != PREFERENCES or method == "DELETE"):
        raise Forbidden("A lesson may write cmi5LearnerPreferences alone into the profile of its learner.")


def _demand_own_statement(known: KnownSession, statement: dict[str, Any]) -> None:
    if not _is_own(known, statement):
        raise Forbidden("A learner's session may send statements of this learner and this registration only.")
    if statement["verb"]["id"] == VOIDED:
        raise Forbidden("A learner's session may not void statements.")


def _is_own(known: KnownSession, statement: dict[str, Any]) -> bool:
    actor = statement["actor"]
    registration = str(statement.get("context", {}).get("registration", "")).lower()
    return (
        actor.get("objectType", "Agent") == "Agent"
        and identifier(actor) == known.identifier
        and registration == str(known.registration)
    )
