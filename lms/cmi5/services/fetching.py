"""Handing a unit its key, once (cmi5 section 8.2)."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from lms.cmi5.models import Launch
from lms.cmi5.services.statements import agent_of
from lms.core.clock import utc_now
from lms.settings import Settings
from lms.xapi import sessions


class Code(StrEnum):
    """Why there is no key (section 8.2.3.2)."""

    USED = "1"
    SECURITY = "2"
    FAILURE = "3"


class NoToken(Exception):
    """There is no key for this; `code` as cmi5 counts the reasons."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


def fetch_token(session: Session, launch_id: str | None, *, settings: Settings) -> str:
    """The key of a launch's session, good until it ends. Raises NoToken, always but for the first time."""
    if launch_id is None:
        raise NoToken(Code.SECURITY)
    launch = session.get(Launch, UUID(hex=launch_id), with_for_update={"of": Launch})
    if launch is None:
        raise NoToken(Code.SECURITY)
    now = utc_now()
    if launch.fetched is not None or launch.ended is not None or launch.expires <= now:
        raise NoToken(Code.USED)
    issued = sessions.issue(
        session,
        agent=agent_of(launch.registration, settings.public_url),
        registration=launch.registration.id,
        activity=launch.lesson.iri,
        course=launch.lesson.course.iri,
        lasts=launch.expires - now,
        secret_key=settings.secret_key,
    )
    launch.fetched, launch.heard, launch.credential = now, now, issued.key
    session.flush()
    return issued.token
