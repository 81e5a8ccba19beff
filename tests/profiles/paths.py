"""JSONPath as profiles may use it (xAPI Profiles part 2, 8.1): no filters, no scripts, no recursion."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

Step = tuple[str | int, ...]  # the keys or places that a step leads to; ("*",) is all of them
_STEP = re.compile(r"\.(?P<name>[\w-]+|\*)|\[(?P<inside>(?:'[^']*'|[^'\]])+)\]")
_ALTERNATIVE = re.compile(r"(?:'[^']*'|[^'|])+")
_MEMBER = re.compile(r"\s*(?:'(?P<name>[^']*)'|(?P<place>\d+)|(?P<all>\*))\s*(?:,|$)")


class BadPath(ValueError):
    """Not a path that a profile may use."""


def find(path: str, document: Any) -> list[Any]:
    """The values at a path, of all its alternatives."""
    found = []
    for steps in read(path):
        values = [document]
        for step in steps:
            values = [deeper for value in values for deeper in _follow(value, step)]
        found += values
    return found


@cache
def read(path: str) -> tuple[tuple[Step, ...], ...]:
    """The steps of each alternative. Raises BadPath."""
    alternatives = [each.strip() for each in _ALTERNATIVE.findall(path)]
    if not alternatives or "|".join(alternatives) != re.sub(r"\s*\|\s*", "|", path.strip()):
        raise BadPath(path)
    return tuple(tuple(_steps(each)) for each in alternatives)


def _steps(path: str) -> Iterable[Step]:
    rest = path.removeprefix("$")
    if not rest.startswith((".", "[")):
        rest = f".{rest}"
    at = 0
    while at < len(rest):
        match = _STEP.match(rest, at)
        if match is None:
            raise BadPath(path)
        yield (match["name"],) if match["name"] else tuple(_members(match["inside"]))
        at = match.end()


def _members(inside: str) -> Iterable[str | int]:
    at = 0
    while at < len(inside):
        match = _MEMBER.match(inside, at)
        if match is None:
            raise BadPath(inside)
        yield int(match["place"]) if match["place"] else match["all"] or match["name"]
        at = match.end()


def _follow(value: Any, step: Step) -> Iterable[Any]:
    if step == ("*",):
        yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return
    for key in step:
        if isinstance(value, dict) and key in value:
            yield value[str(key)]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            yield value[key]
