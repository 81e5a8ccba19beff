"""Taking in the statements of a request, by way of the ORM's session: whatever the express way hands on."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.record import store_statements
from lms.settings import Settings
from lms.xapi import supervision
from lms.xapi.attaching import refuse_unsent
from lms.xapi.credentials import Known
from lms.xapi.reach import demand_statements
from lms.xapi.services import authority_of
from tracking.statements.parsing import parse_statement, parse_statements
from tracking.statements.services import StoreOutcome
from tracking.statements.validation import Invalid, Version


def accept(
    session: Session, client: Known, body: bytes, *, settings: Settings, version: Version
) -> StoreOutcome:
    """Store the statements of a POST: all of them or none."""
    return _store(session, client, parse_statements(body), settings, version)


def accept_one(
    session: Session, client: Known, body: bytes, statement_id: UUID, *, settings: Settings, version: Version
) -> None:
    """Store the statement of a PUT under the id of the request (part 3, 2.1.1)."""
    _store(session, client, [parse_under(body, statement_id)], settings, version)


def parse_under(body: bytes, statement_id: UUID) -> dict[str, Any]:
    """The one statement of a body, under the id of the request."""
    statement = parse_statement(body)
    given = statement.setdefault("id", str(statement_id))
    if not isinstance(given, str) or given.lower() != str(statement_id):
        raise Invalid("%(path)s: not the statementId of the request", "id")
    return statement


def _store(
    session: Session, client: Known, statements: list[dict[str, Any]], settings: Settings, version: Version
) -> StoreOutcome:
    refuse_unsent(statements, version)
    demand_statements(session, client, statements, version)
    follow = supervision.admit(session, client, statements, settings)
    authority = authority_of(client, settings.public_url)
    outcome = store_statements(session, statements, settings=settings, authority=authority, version=version)
    follow()
    return outcome
