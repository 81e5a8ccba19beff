"""One commit as the browser sends it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from lms.player.rules.navigation import Navigation, read_navigation
from lms.player.rules.outcome import End
from lms.player.rules.reading import BadSnapshot
from lms.player.rules.times import corrected

LARGEST = 1024 * 1024
_MOST_COMMITS = 1_000_000
_AGREED = timedelta(minutes=2)
_LONGEST_PAGE = 1e11  # milliseconds, three years
Read = TypeVar("Read")


@dataclass(frozen=True)
class Message:
    """`seq` counts the commits of a session; `at` and `now` are the browser's clock when the data was taken
    and when it was sent, in milliseconds since 1970; `visible` how long the page was seen, in seconds.
    `calls` is the package's log as it came (`rules.calls`). `run` is the browser's clock when a page that
    the device keeps was opened: it tells the openings of one prepared session apart; or when a lesson that
    had ended began again, and then `page` is when such a page was opened. `done` is that clock
    when the session's data first said that the lesson is completed. `since` and `awake` are milliseconds
    from the page's opening to `at`: by the clock, which somebody may have set meanwhile, and by what
    nobody sets, which may stand still while a phone sleeps. `left_out` are parts that could not be taken.
    """

    session: UUID
    seq: int
    at: float
    now: float
    visible: float
    end: End | None
    cmi: dict[str, Any] | None
    navigation: Navigation | None = None
    calls: Any = None
    run: int | None = None
    page: int | None = None
    done: float | None = None
    since: float | None = None
    awake: float | None = None
    left_out: dict[str, str] = field(default_factory=dict)


def read_message(document: Any) -> Message:
    """Raises BadSnapshot for what cannot be told whose it is, or has no data of a lesson."""
    try:
        cmi, session, seq = document.get("cmi"), UUID(document["session"]), _whole(document["seq"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadSnapshot("The lesson sent data that cannot be understood.") from error
    if not 1 <= seq <= _MOST_COMMITS or not isinstance(cmi, dict | None):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    left_out: dict[str, str] = {}

    def part(name: str, read: Callable[[Any], Read]) -> Read | None:
        value = document.get(name)
        try:
            return None if value in (None, "") else read(value)
        except (BadSnapshot, TypeError, ValueError):
            left_out[name] = type(value).__name__
            return None

    at, now = part("at", _number), part("now", _number)
    is_timed = at is not None and now is not None
    return Message(
        session=session,
        seq=seq,
        at=at or 0.0 if is_timed else 0.0,  # without both it happened now
        now=now or 0.0 if is_timed else 0.0,
        visible=part("visible", _number) or 0.0,
        end=part("end", End),
        cmi=cmi,
        navigation=part("course", read_navigation),
        calls=document.get("calls"),
        done=part("done", _number),
        run=part("run", _whole),
        page=part("page", _whole),
        since=part("since", _number),
        awake=part("awake", _number),
        left_out=left_out,
    )


def taken_at(message: Message, *, server_now: datetime, started: datetime) -> datetime:
    """When the message's data was taken, by our clock.

    A clock that is wrong all the time does no harm: it is read when the data is taken and when it is sent.
    One that was set in between does: then it is the earlier of what either side says, but not before what
    nobody can set shows.
    """
    by_sending = corrected(message.at, message.now, server_now=server_now, started=started)
    if message.since is None or message.awake is None or message.run is not None:
        return by_sending
    by_opening = min(started + _span(message.since), server_now)
    if abs(by_opening - by_sending) <= _AGREED:
        return by_sending
    least = started + _span(message.awake)
    return min((at for at in (by_sending, by_opening) if at >= least - _AGREED), default=by_sending)


def done_at(message: Message, at: datetime, *, started: datetime) -> datetime:
    """When its data first said that the lesson is completed; it was taken `at`."""
    if message.done is None:
        return at
    return max(at - _span(message.at - message.done), started)


def _span(milliseconds: float) -> timedelta:
    return timedelta(milliseconds=max(0.0, min(milliseconds, _LONGEST_PAGE)))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)
