"""Which statements flow: what a source is asked for, and which of ours a destination gets."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.core.errors import Refused
from lms.flow.models import Arrival, Direction, RemoteStore
from tracking.record.models import Activity, Statement, Verb
from tracking.statements.validation import Invalid, agent, iri

MOST_WORDS = 100  # verbs or activities of one filter
OURS = "ours"
EVERYTHING = "everything"


def read_iris(text: str) -> list[str]:
    """The IRIs of a text, one a line. Raises Refused, naming the one that is none."""
    found = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    for each in found:
        try:
            iri(each)
        except Invalid as fault:
            raise Refused(
                "“%(word)s” is not an IRI. Type each on a line of its own, as in "
                "http://adlnet.gov/expapi/verbs/completed",
                word=each[:100],
            ) from fault
    if len(found) > MOST_WORDS:
        raise Refused("At most %(most)s can be named here.", most=MOST_WORDS)
    return found


def read_agent(text: str) -> dict[str, Any] | None:
    """The agent that somebody typed: an e-mail address, or JSON. Raises Refused."""
    text = text.strip()
    if not text:
        return None
    try:
        found = orjson.loads(text) if text.startswith("{") else {"mbox": f"mailto:{text}"}
        agent(found)
    except (Invalid, orjson.JSONDecodeError) as fault:
        raise Refused("This names nobody. Type an e-mail address, or an agent as xAPI writes it.") from fault
    return dict(found)


def query_of(remote: RemoteStore, *, since: datetime | None, size: int) -> dict[str, str]:
    """The query of the first page of a walk (1.0.3 part 3, 2.1.3), oldest first."""
    query = {"ascending": "true", "limit": str(size)}
    if since is not None:
        query["since"] = since.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    for name in ("verb", "activity"):
        if remote.filters.get(name):
            query[name] = remote.filters[name]
    if remote.filters.get("agent"):
        query["agent"] = orjson.dumps(remote.filters["agent"]).decode()
    return query


def going_to(session: Session, remote: RemoteStore) -> ColumnElement[bool]:
    """Which statements a destination gets, but for voiding ones: `voids` decides about these.

    Never those that came from the very store that they would go to.
    """
    conditions = [~_came(_sources_at(session, remote.endpoint))]
    if remote.filters.get("origin") == OURS:
        conditions.append(~exists().where(Arrival.statement_id == Statement.id))
    if verbs := remote.filters.get("verbs"):
        conditions.append(Statement.verb_id.in_(select(Verb.id).where(Verb.iri.in_(verbs))))
    if remote.filters.get("courses") or remote.filters.get("activities"):
        # Also where none of them is known any more: then nothing goes, and not everything.
        known = select(Activity.id).where(Activity.iri.in_(_activities(session, remote)))
        conditions.append(Statement.activity_id.in_(known))
    return or_(and_(*conditions), Statement.voids.is_not(None))


def wanted(session: Session, remote: RemoteStore, statement: Any) -> bool:
    """Whether a statement that `going_to` found goes: a voiding one goes where its target would.

    It goes too where its target is not known here: it says nothing but an id, and whoever has the target
    must learn that it is void.
    """
    if statement.voids is None:
        return True
    if session.get(Arrival, statement.id) and _is_back(session, remote, statement):
        return False
    target = session.scalar(select(Statement.seq).where(Statement.id == statement.voids))
    if target is None:
        return True
    fits = select(Statement.seq).where(Statement.seq == target, going_to(session, remote))
    return session.scalar(fits) is not None


def _is_back(session: Session, remote: RemoteStore, statement: Any) -> bool:
    arrival = session.get_one(Arrival, statement.id)
    return arrival.remote_id in _sources_at(session, remote.endpoint)


def _sources_at(session: Session, endpoint: str) -> Sequence[int]:
    """The sources at this address, removed ones too: what came from there came from there."""
    return session.scalars(
        select(RemoteStore.id).where(
            RemoteStore.endpoint == endpoint, RemoteStore.direction == Direction.PULL.value
        )
    ).all()


def _came(sources: Sequence[int]) -> ColumnElement[bool]:
    return exists().where(Arrival.statement_id == Statement.id, Arrival.remote_id.in_(sources))


def _activities(session: Session, remote: RemoteStore) -> list[str]:
    """The IRIs that statements must be about: those named, and those of courses with all their lessons."""
    slugs = remote.filters.get("courses") or []
    courses = session.scalars(select(Course.iri).where(Course.slug.in_(slugs)))
    lessons = session.scalars(
        select(Lesson.iri)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(Course.slug.in_(slugs))
        .distinct()
    )
    return [*(remote.filters.get("activities") or []), *courses, *lessons]
