"""One commit as the browser sends it."""

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lms.player.rules.navigation import Navigation, read_navigation
from lms.player.rules.outcome import End
from lms.player.rules.reading import BadSnapshot

LARGEST = 1024 * 1024
_MOST_COMMITS = 1_000_000


@dataclass(frozen=True)
class Message:
    """`seq` counts the commits of a session; `at` and `now` are the browser's clock when the data was taken
    and when it was sent, in milliseconds since 1970; `visible` how long the page was seen, in seconds.
    `calls` is the package's log as it came (`rules.calls`). `run` is the browser's clock when a page that
    the device keeps was opened: it tells the openings of one prepared session apart. `done` is that clock
    when the session's data first said that the lesson is completed.
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
    done: float | None = None


def read_message(document: Any) -> Message:
    """Raises BadSnapshot."""
    try:
        cmi = document.get("cmi")
        message = Message(
            session=UUID(document["session"]),
            seq=_whole(document["seq"]),
            at=_number(document["at"]),
            now=_number(document["now"]),
            visible=_number(document.get("visible", 0)),
            end=End(document["end"]) if document.get("end") else None,
            cmi=cmi,
            navigation=read_navigation(document.get("course")),
            calls=document.get("calls"),
            done=_number(document["done"]) if document.get("done") is not None else None,
            run=_whole(document["run"]) if document.get("run") is not None else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadSnapshot("The lesson sent data that cannot be understood.") from error
    if not 1 <= message.seq <= _MOST_COMMITS or not isinstance(cmi, dict | None):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return message


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)
