"""The query of a request for statements (xAPI 1.0.3 part 3, 2.1.3): strictly read, unknown names refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from werkzeug.datastructures import MultiDict

from tracking.statements.agents import identifier
from tracking.statements.formats import FORMATS, Format
from tracking.statements.parsing import parse_json, timestamp
from tracking.statements.queries import Filter
from tracking.statements.validation import Invalid
from tracking.statements.validation.actors import actor as check_actor
from tracking.statements.validation.formats import is_iri

ALLOWED = frozenset(
    {"statementId", "voidedStatementId", "agent", "verb", "activity", "registration", "since", "until"}
    | {"related_agents", "related_activities", "limit", "ascending", "format", "attachments", "more"}
)
ALONE = frozenset({"format", "attachments"})  # what may stand beside statementId and voidedStatementId


@dataclass(frozen=True)
class Wanted:
    """What a request asks for."""

    statement_id: UUID | None = None
    voided_id: UUID | None = None
    agent: str | None = None
    verb: str | None = None
    activity: str | None = None
    registration: UUID | None = None
    related_agents: bool = False
    related_activities: bool = False
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None
    ascending: bool = False
    format: Format = "exact"
    attachments: bool = False
    more: str | None = None

    def filter(self, *, authority: str | None) -> Filter:
        return Filter(
            agent=self.agent,
            verb=self.verb,
            activity=self.activity,
            registration=self.registration,
            related_agents=self.related_agents,
            related_activities=self.related_activities,
            since=self.since,
            until=self.until,
            ascending=self.ascending,
            authority=authority,
        )


def read_parameters(given: MultiDict[str, str], *, allowed: frozenset[str] = ALLOWED) -> Wanted:
    """Read the query. Raises Invalid naming the parameter."""
    for name in given:
        if name not in allowed:
            raise Invalid("%(path)s: not a parameter of this request", name)
        if len(given.getlist(name)) > 1:
            raise Invalid("%(path)s: stands more than once", name)
    single = {"statementId", "voidedStatementId"} & set(given)
    if single and set(given) - ALONE - {min(single)}:
        raise Invalid("%(path)s: goes only with format and attachments", min(single))
    return Wanted(
        statement_id=_uuid(given, "statementId"),
        voided_id=_uuid(given, "voidedStatementId"),
        agent=_agent(given),
        verb=_iri(given, "verb"),
        activity=_iri(given, "activity"),
        registration=_uuid(given, "registration"),
        related_agents=_yes(given, "related_agents"),
        related_activities=_yes(given, "related_activities"),
        since=_time(given, "since"),
        until=_time(given, "until"),
        limit=_limit(given),
        ascending=_yes(given, "ascending"),
        format=_format(given),
        attachments=_yes(given, "attachments"),
        more=given.get("more"),
    )


def _uuid(given: MultiDict[str, str], name: str) -> UUID | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        found = UUID(text)
    except ValueError:
        raise Invalid("%(path)s: not a UUID", name) from None
    if str(found) != text.lower():
        raise Invalid("%(path)s: not a UUID", name)
    return found


def _agent(given: MultiDict[str, str]) -> str | None:
    text = given.get("agent")
    if text is None:
        return None
    try:
        agent: Any = parse_json(text.encode())
        check_actor(agent)
    except Invalid as fault:
        raise fault.enter("agent") from None
    found = identifier(agent)
    if found is None:
        raise Invalid("%(path)s: an anonymous group cannot be looked for", "agent")
    return found


def _iri(given: MultiDict[str, str], name: str) -> str | None:
    text = given.get(name)
    if text is not None and not is_iri(text):
        raise Invalid("%(path)s: not an IRI with a scheme", name)
    return text


def _time(given: MultiDict[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        return timestamp(text)
    except Invalid:
        raise Invalid("%(path)s: not a timestamp of ISO 8601", name) from None


def _limit(given: MultiDict[str, str]) -> int | None:
    text = given.get("limit")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Invalid("%(path)s: not a whole number of at least 0", "limit")
    return int(text[:9])


def _format(given: MultiDict[str, str]) -> Format:
    text = given.get("format", "exact")
    for form in FORMATS:
        if text == form:
            return form
    raise Invalid("%(path)s: neither of %(allowed)s", "format", allowed=", ".join(FORMATS))


def _yes(given: MultiDict[str, str], name: str) -> bool:
    # In whatever case: clients in Python write True.
    text = given.get(name, "false").lower()
    if text not in ("true", "false"):
        raise Invalid("%(path)s: neither true nor false", name)
    return text == "true"
