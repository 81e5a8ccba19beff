"""The calls of a package to its run-time, as the browser noted them, for support.

A call is a list: its number within the session, milliseconds since the page opened, name, arguments, answer,
error code, how often it came in a row. Names of learners are not in it (`assets/js/player/calls.js`).
"""

import re
from typing import Any

Call = list[Any]

MOST_AT_ONCE = 400
KEPT_BYTES = 40_000  # of a session
_LONGEST = 120
_PARTS = 7
_UNWRITABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_HUGE = 2**53


def read_calls(value: Any) -> list[Call]:
    """Those that have the right form; others are left out, for a log is never worth a refusal."""
    entries = value[-MOST_AT_ONCE:] if isinstance(value, list) else []
    return [call for entry in entries if (call := _call(entry)) is not None]


def joined(kept: list[Call], came: list[Call]) -> list[Call]:
    """What is kept with what came and is newer; the oldest go where it would be too much."""
    last = kept[-1][0] if kept else 0
    calls = [*kept, *(call for call in came if call[0] > last)]
    room = KEPT_BYTES
    for place in range(len(calls) - 1, -1, -1):
        room -= sum(len(str(part)) + 3 for part in calls[place])
        if room < 0:
            return calls[place + 1 :]
    return calls


def _call(entry: Any) -> Call | None:
    if not isinstance(entry, list) or len(entry) != _PARTS:
        return None
    number, at, name, given, answer, error, times = entry
    counts = (number, at, error, times)
    if not all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < _HUGE for one in counts):
        return None
    words = [_UNWRITABLE.sub(" ", str(one))[:_LONGEST] for one in (name, given, answer)]
    return [number, at, *words, error, times]
