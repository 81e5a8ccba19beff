"""The calls of a package to its run-time, as the browser noted them, for support.

A call is a list: its number within the session, milliseconds since the page opened, name, arguments, answer,
error code, how often it came in a row. Names of learners are not in it (`assets/js/player/calls.js`).
"""

import re
from collections.abc import Iterable
from typing import Any

Call = list[Any]

MOST_AT_ONCE = 200
KEPT_BYTES = 12_000  # of one commit
_LONGEST = 120
_PARTS = 7
_UNWRITABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_HUGE = 2**53
_LARGEST = 3 * _LONGEST + 4 * 16 + 3 * _PARTS  # bytes of a call, as they are counted


def read_calls(value: Any) -> list[Call]:
    """Those that have the right form, the newest 12 kB; a log is never worth a refusal."""
    entries = value[-MOST_AT_ONCE:] if isinstance(value, list) else []
    calls = [call for entry in entries if (call := _call(entry)) is not None]
    if len(calls) * _LARGEST <= KEPT_BYTES:
        return calls
    room = KEPT_BYTES
    for place in range(len(calls) - 1, -1, -1):
        room -= sum(len(str(part)) + 3 for part in calls[place])
        if room < 0:
            return calls[place + 1 :]
    return calls


def once(calls: Iterable[Call]) -> list[Call]:
    """The calls of a session by number, each once; the first is taken, so the newest must come first."""
    found: dict[int, Call] = {}
    for call in calls:
        found.setdefault(call[0], call)
    return [found[number] for number in sorted(found)]


def _call(entry: Any) -> Call | None:
    if not isinstance(entry, list) or len(entry) != _PARTS:
        return None
    number, at, name, given, answer, error, times = entry
    for count in (number, at, error, times):
        if type(count) is not int or not 0 <= count < _HUGE:
            return None
    return [number, at, _word(name), _word(given), _word(answer), error, times]


def _word(value: Any) -> str:
    if type(value) is str and len(value) <= _LONGEST and value.isprintable():
        return value  # as most are
    return _UNWRITABLE.sub(" ", str(value))[:_LONGEST]
