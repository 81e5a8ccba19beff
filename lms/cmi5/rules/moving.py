"""When a unit counts (cmi5 section 13.1.4, moveOn), and which blocks follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.cmi5.models import MoveOn, Reached

Node = dict[str, Any]


def is_met(move_on: str, unit: Reached | None) -> bool:
    """Whether what the unit demands has happened in the registration; a waived unit demands nothing more."""
    return move_on == MoveOn.NOT_APPLICABLE or is_done(move_on, unit)


def is_done(move_on: str, unit: Reached | None) -> bool:
    """Whether there is nothing left to reach, so that the unit is opened to be looked at again."""
    return done_since(move_on, unit) is not None


def done_since(move_on: str, unit: Reached | None) -> datetime | None:
    """When all was reached, None while it is not. Where nothing is demanded anything will do."""
    if unit is None:
        return None
    reached = [at for at in (unit.completed, unit.passed) if at is not None]
    first = min(reached, default=None)
    demanded = {
        MoveOn.NOT_APPLICABLE: first,
        MoveOn.PASSED: unit.passed,
        MoveOn.COMPLETED: unit.completed,
        MoveOn.BOTH: max(reached) if unit.completed and unit.passed else None,
        MoveOn.EITHER: first,
    }[MoveOn(move_on)]
    return min((at for at in (demanded, unit.waived) if at is not None), default=None)


@dataclass(frozen=True)
class Group:
    """A block or the course: our IRI for it, its id in the course structure, its title."""

    iri: str
    publisher: str
    title: str


def satisfied_blocks(structure: list[Node], met: set[str]) -> Iterator[Group]:
    """The blocks of which all units are among `met` (IRIs), the innermost first.

    A loop, not a recursion: a course structure may nest its blocks deeply.
    """
    order: list[Node] = []
    waiting = list(structure)
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting.extend(node["items"])
    whole: dict[str, bool] = {}
    blocks = []
    for node in reversed(order):  # whatever is inside comes before what it is in
        if node["key"]:
            whole[node["iri"]] = node["iri"] in met
            continue
        whole[node["iri"]] = all(whole[item["iri"]] for item in node["items"])
        if whole[node["iri"]]:
            blocks.append(Group(node["iri"], node["identifier"], node["title"]))
    yield from blocks
