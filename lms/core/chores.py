"""Chores: small things done again and again, which need no row and tell nobody.

A room registers one in its `tasks`; the scheduler sends its name through the broker, and a worker does it. A
chore may be left out for a while, may run twice at once, and must be safe either way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog

TASK = "lms.do_chore"

R = TypeVar("R")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """Its name, how often it is done, and the function: given the runtime, it answers counts to log."""

    name: str
    every: timedelta
    do: Callable[..., dict[str, int]]


_chores: dict[str, Chore] = {}


def chore(
    name: str, *, every: timedelta
) -> Callable[[Callable[[R], dict[str, int]]], Callable[[R], dict[str, int]]]:
    """Register a function as a chore."""

    def register(do: Callable[[R], dict[str, int]]) -> Callable[[R], dict[str, int]]:
        _chores[name] = Chore(name, every, do)
        return do

    return register


def chores() -> list[Chore]:
    """All chores, once the rooms' tasks have been imported (`lms.wiring.wire`)."""
    return list(_chores.values())


def do_chore(runtime: object, name: str) -> None:
    """Do it; what goes wrong stands in the log, and the next turn tries again."""
    known = _chores.get(name)
    if known is None:  # sent by a scheduler of another version
        return
    try:
        counts = known.do(runtime)
    except Exception:  # nobody waits for it
        log.exception("chore_failed", chore=name)
    else:
        if any(counts.values()):
            log.info("chore_done", chore=name, **counts)
