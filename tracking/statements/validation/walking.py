"""How objects and arrays are walked: a table of checks for the properties that may be there."""

from collections.abc import Callable
from typing import Any

import orjson

from tracking.statements.validation.faults import Invalid

Check = Callable[[Any], None]

REMEMBERED = 4096
LONGEST_REMEMBERED = 1000


# The properties that an object may have; every other one is refused (Data 2.2.s4.b1).
Table = dict[str, Check]


def walk(value: Any, table: Table, required: tuple[str, ...] = ()) -> None:
    """Check an object's properties against a table; raise `Invalid` at the first fault."""
    if type(value) is not dict:
        raise Invalid("%(path)s: must be an object")
    name = ""
    try:
        for name, item in value.items():
            table[name](item)
    except Invalid as fault:
        fault.enter(name)
        raise
    except KeyError:
        if name in table:
            raise
        message = "%(path)s: not a property that xAPI has here (upper and lower case matter)"
        raise Invalid(message).enter(name) from None
    for name in required:
        if name not in value:
            raise Invalid("%(path)s: is missing", name)


def each(items: Any, check: Check) -> None:
    """Check every member of an array; raise `Invalid` at the first fault."""
    if type(items) is not list:
        raise Invalid("%(path)s: must be an array")
    position = 0
    try:
        for position, item in enumerate(items):  # noqa: B007  (told when a check raises)
            check(item)
    except Invalid as fault:
        fault.enter(position)
        raise


def array_of(check: Check) -> Check:
    """A check that its value is an array whose every member passes `check`."""

    def array(value: Any) -> None:
        each(value, check)

    return array


def remembering(check: Check) -> Check:
    """The same check, which does not look twice at what it has accepted.

    For verbs and activities: few of them come back in nearly every statement, and writing one down is
    several times quicker than walking it. What is remembered is bounded in number and size.
    """
    accepted: set[bytes] = set()

    def quick(value: Any) -> None:
        try:
            written = orjson.dumps(value)
        except orjson.JSONEncodeError:
            check(value)
            return
        if written in accepted:
            return
        check(value)
        if len(written) <= LONGEST_REMEMBERED:
            if len(accepted) >= REMEMBERED:
                accepted.clear()
            accepted.add(written)

    return quick
