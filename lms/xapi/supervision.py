"""Rooms above that look on while learners' sessions speak, and may forbid it (docs/cmi5.md).

A supervisor is asked in the transaction in which the statements are kept: what it raises is the answer, and
nothing is kept. Which sessions are its own is for it to know.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy.orm import Session

from lms.core.runtime import Runtime
from lms.settings import Settings
from lms.xapi.credentials import Known, KnownSession

Statements = Sequence[dict[str, Any]]
Follow = Callable[[], None]


class SessionEnded(Exception):
    """The session is over, and this is not what ended it: it is let in no more."""


class Supervisor(Protocol):
    def admit(
        self, session: Session, known: KnownSession, statements: Statements, *, settings: Settings
    ) -> Follow:
        """Raises Forbidden; gives what is to be done once the statements are kept."""

    def repeats(self, session: Session, known: KnownSession, statements: Statements) -> bool:
        """Whether these are what the session ended with, sent again: its answer may have been lost."""

    def asked_preferences(self, runtime: Runtime, session: Session, known: KnownSession) -> None:
        """The session has read the preferences of its learner. `session` may not write."""


_supervisors: list[Supervisor] = []


def also(supervisor: Supervisor) -> None:
    """Ask this one as well; doing it twice is doing it once."""
    if supervisor not in _supervisors:
        _supervisors.append(supervisor)


def admit(session: Session, known: Known, statements: Statements, settings: Settings) -> Follow:
    """Ask all supervisors about the statements of a session; clients answer for themselves.

    Of a session that has ended nothing follows any more. Raises SessionEnded unless it repeats how it ended.
    """
    if not isinstance(known, KnownSession):
        return _nothing
    if known.revoked is not None:
        if not any(one.repeats(session, known, statements) for one in _supervisors):
            raise SessionEnded
        return _nothing
    follows = [one.admit(session, known, statements, settings=settings) for one in _supervisors]

    def follow() -> None:
        for each in follows:
            each()

    return follow


def _nothing() -> None:
    """What follows from statements that nobody looks at."""


def asked_preferences(runtime: Runtime, session: Session, known: Known) -> None:
    if isinstance(known, KnownSession):
        for one in _supervisors:
            one.asked_preferences(runtime, session, known)
