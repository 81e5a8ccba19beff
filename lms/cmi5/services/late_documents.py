"""States and preferences that a unit wrote without a network. What a later session wrote stays as it is."""

from datetime import datetime
from urllib.parse import parse_qsl

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cmi5.models import LateRequest, Launch
from lms.cmi5.rules.late import STATE, Posted
from lms.cmi5.rules.standing import Broken
from lms.cmi5.services.ending import TERMINATED
from lms.core.errors import Conflict
from lms.settings import Settings
from lms.xapi.credentials import KnownSession
from lms.xapi.preferences import check_preferences
from lms.xapi.reach import Resource, demand
from tracking.documents import queries, services
from tracking.documents.places import Place
from tracking.documents.queries import Kept

_MIB = 1024 * 1024


class Overtaken(Conflict):
    """Somebody wrote the document meanwhile, on another device."""


def document_of(posted: Posted) -> str:
    """The name of the document that a request is about."""
    named = dict(parse_qsl(posted.query))
    return named.get("stateId") or named.get("profileId") or ""


def write_late(
    session: Session, launch: Launch, known: KnownSession, posted: Posted, place: Place, settings: Settings
) -> str | None:
    """Write or remove the document; gives its tag afterwards. Raises Overtaken, and as for units.

    Conditions that the unit named (If-Match) were for its device to see to, which knew what was there.
    """
    if launch.ending == TERMINATED:
        raise Broken("The session has ended. Open the lesson again (cmi5, 9.3.6 and 9.3.8).")
    _demand(known, posted, place)
    kept = queries.document(session, place)
    if _is_overtaken(session, launch, known, posted, kept, place):
        raise Overtaken("The lesson was opened on another device meanwhile, which wrote this document later.")
    if posted.method == "DELETE":
        services.delete(session, place)
        return None
    largest = min(settings.max_document_mb, settings.max_upload_mb) * _MIB
    act = services.merge if posted.method == "POST" else services.put
    kind = posted.content_type or "application/octet-stream"
    return act(session, place, posted.body, kind, largest=largest).etag


def _demand(known: KnownSession, posted: Posted, place: Place) -> None:
    """Raises Forbidden for what is not the session's own, and for preferences that are none."""
    resource: Resource = "activities/state" if posted.resource == STATE else "agents/profile"
    demand(
        known,
        resource,
        posted.method,
        agent=place.shelf.agent,
        activity=place.shelf.activity,
        registration=place.registration,
        document=place.name,
    )
    if resource == "agents/profile":
        check_preferences(posted.body, posted.content_type)


def _is_overtaken(
    session: Session, launch: Launch, known: KnownSession, posted: Posted, kept: Kept | None, place: Place
) -> bool:
    """Whether somebody else wrote or removed the document whose turn comes after ours.

    A state is written by the sessions of its registration alone: the one that began later has the say. The
    preferences are written in all courses: there what happened later stays.
    """
    expected = _left_here(session, launch, place, posted.seen)
    if posted.resource != STATE:
        return (
            kept is not None
            and kept.etag != expected
            and known.late is not None
            and kept.updated > known.late.at
        )
    later = _begun_later(session, launch)
    if later is None:
        return False
    if kept is None:
        return expected is not None
    return kept.updated >= later and kept.etag != expected


def _begun_later(session: Session, launch: Launch) -> datetime | None:
    """When the first session of the registration began that came after this one."""
    wanted = select(func.min(Launch.started)).where(
        Launch.registration_id == launch.registration_id,
        Launch.started > launch.started,
        Launch.id != launch.id,
    )
    return session.scalar(wanted)


def _left_here(session: Session, launch: Launch, place: Place, seen: str | None) -> str | None:
    """The tag under which this session's device has left the document here, or else has found it."""
    wanted = (
        select(LateRequest.etag)
        .where(LateRequest.launch_id == launch.id, LateRequest.place == place.key)
        .order_by(LateRequest.arrived.desc())
        .limit(1)
    )
    row = session.execute(wanted).one_or_none()
    return row[0] if row else seen
