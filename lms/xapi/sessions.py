"""Credentials of learners' sessions: what a player or a cmi5 lesson (AU) knocks with, and nobody else.

The caller (who knows the learner and the attempt) issues one when the session opens and ends it when the
session does; it also ends by itself. Rows that ended long ago are swept out as new ones come.
"""

import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.xapi.credentials import SESSION, digest_of
from lms.xapi.models import SessionCredential
from tracking.statements.agents import identifier

LONGEST = timedelta(hours=24)
KEPT = timedelta(days=1)  # after it expired
SWEPT = 100  # at most, as one is issued


@dataclass(frozen=True, slots=True)
class Issued:
    """What the session is given, once. `token` is what stands after `Basic ` in its Authorization header."""

    key: str
    secret: str
    expires: datetime

    @property
    def token(self) -> str:
        return b64encode(f"{self.key}:{self.secret}".encode()).decode()


def issue(
    session: Session,
    *,
    agent: dict[str, Any],
    registration: UUID,
    activity: str,
    course: str | None,
    lasts: timedelta,
    secret_key: str,
) -> Issued:
    """A new credential for this agent's session with this activity. Raises Refused for what cannot be."""
    found = identifier(agent)
    if found is None or agent.get("objectType", "Agent") != "Agent":
        raise Refused("A session belongs to one learner, who must be named by an identified agent.")
    if not timedelta(0) < lasts <= LONGEST:
        raise Refused("A session lasts at most 24 hours.")
    now = utc_now()
    _sweep(session, now)
    issued = Issued(SESSION + secrets.token_hex(16), secrets.token_urlsafe(32), now + lasts)
    session.add(
        SessionCredential(
            key=issued.key,
            secret_digest=digest_of(issued.secret, secret_key),
            agent=agent,
            identifier=found,
            registration=registration,
            activity=activity,
            course=course,
            issued=now,
            expires=issued.expires,
        )
    )
    session.flush()
    return issued


def end(session: Session, key: str) -> bool:
    """Let this session in no more, from now on; whether it was still good."""
    return _end(session, SessionCredential.key == key)


def end_all(session: Session, registration: UUID) -> bool:
    """The same for every session of a registration: when its attempt is over."""
    return _end(session, SessionCredential.registration == registration)


def _end(session: Session, which: Any) -> bool:
    now = utc_now()
    good = (SessionCredential.ended.is_(None)) & (SessionCredential.expires > now)
    done = session.execute(
        update(SessionCredential)
        .where(which, good)
        .values(ended=now)
        .execution_options(synchronize_session="fetch")
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result always has it


def _sweep(session: Session, now: datetime) -> None:
    """Take out some that ended long ago; those that another issuing takes out just now are left to it."""
    old = (
        select(SessionCredential.id)
        .where(SessionCredential.expires < now - KEPT)
        .limit(SWEPT)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        delete(SessionCredential)
        .where(SessionCredential.id.in_(old))
        .execution_options(synchronize_session=False)
    )
