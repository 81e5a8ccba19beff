"""How a remote store is doing, in words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from lms.core.i18n import Message, lazy, ngettext, number, show_datetime
from lms.core.i18n import gettext as _
from lms.flow.models import RemoteStore
from lms.flow.queries import Lag, at_work, count_letters, lag_of
from lms.flow.walking import Walk, read_walk


class Condition(StrEnum):
    """`tag` of the pages, and `state` of `lms flow list`."""

    NEW = "new"
    PAUSED = "paused"
    STOPPED = "stopped"
    FAILING = "failing"
    WORKING = "working"
    BEHIND = "behind"
    WELL = "well"


TITLES: dict[Condition, Message] = {
    Condition.NEW: lazy("Not started"),
    Condition.PAUSED: lazy("Paused"),
    Condition.STOPPED: lazy("Stopped, needs you"),
    Condition.FAILING: lazy("Not working, tried again"),
    Condition.WORKING: lazy("Running now"),
    Condition.BEHIND: lazy("Behind"),
    Condition.WELL: lazy("Up to date"),
}


@dataclass(frozen=True)
class Standing:
    """A remote store and how it stands: its `lag` if it is a destination, its `walk` if it is a source."""

    remote: RemoteStore
    letters: int
    lag: Lag | None
    walk: Walk | None
    working: bool

    @property
    def condition(self) -> Condition:
        remote = self.remote
        if not remote.active:
            return Condition.PAUSED if remote.tried else Condition.NEW
        if remote.stopped:
            return Condition.STOPPED
        if remote.failures:
            return Condition.FAILING
        if self.working and (self.walk or (self.lag and self.lag.statements) or not remote.tried):
            return Condition.WORKING
        return Condition.BEHIND if self.behind else Condition.WELL

    @property
    def behind(self) -> bool:
        if self.lag is not None:
            return self.lag.statements > 0
        return self.walk is not None or self.remote.succeeded is None

    @property
    def title(self) -> str:
        return str(TITLES[self.condition])

    @property
    def problem(self) -> str | None:
        """Why it did not work the last time, where it did not."""
        return _(self.remote.problem, **self.remote.problem_params) if self.remote.problem else None

    @property
    def lag_in_words(self) -> str:
        """How far behind, in statements and in time."""
        if self.lag is not None:
            return _behind(self.lag)
        if self.walk is not None and self.walk.high is not None:
            return _("read up to what it stored at %(when)s", when=show_datetime(self.walk.high))
        if self.remote.succeeded is None:
            return _("nothing read yet")
        return _("everything read at %(when)s", when=show_datetime(self.remote.succeeded))

    @property
    def percent(self) -> int | None:
        """How far a walk through a source is, by the times of its statements; None where nobody knows."""
        walk = self.walk
        if walk is None or walk.low is None or walk.high is None or walk.through is None:
            return None
        whole = (walk.through - walk.low).total_seconds()
        return (
            max(0, min(99, round(100 * (walk.high - walk.low).total_seconds() / whole)))
            if whole > 0
            else None
        )


def standing_of(session: Session, remote: RemoteStore) -> Standing:
    """How a remote store stands now."""
    return Standing(
        remote,
        count_letters(session, remote),
        None if remote.pulls else lag_of(session, remote),
        read_walk(remote.walk) if remote.pulls and remote.walk else None,
        at_work(session, remote),
    )


def _behind(lag: Lag) -> str:
    if not lag.statements:
        return _("nothing is waiting")
    count = ngettext("%(n)s statement waits", "%(n)s statements wait", lag.statements)
    if lag.more:
        count = _("more than %(count)s statements wait", count=number(lag.statements))
    return _("%(count)s, the oldest since %(when)s", count=count, when=show_datetime(lag.since))


def moved_in_words(remote: RemoteStore) -> str:
    """How many statements came in or went out so far."""
    if remote.pulls:
        return ngettext("%(n)s statement came in", "%(n)s statements came in", remote.moved)
    return ngettext("%(n)s statement went out", "%(n)s statements went out", remote.moved)


def every_in_words(seconds: int) -> str:
    """How often a source is asked."""
    if seconds % 86400 == 0:
        return ngettext("every day", "every %(n)s days", seconds // 86400)
    if seconds % 3600 == 0:
        return ngettext("every hour", "every %(n)s hours", seconds // 3600)
    return ngettext("every minute", "every %(n)s minutes", seconds // 60)


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
