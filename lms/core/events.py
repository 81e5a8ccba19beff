"""Every event by which one room tells others what happened, and who listens.

A handler runs at once, in the sender's transaction, as `handler(session, event)`. Rooms are connected in
`lms.app`, the only place that knows them all.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class StatementsStored:
    """Statements were stored. Sent by `core.record`; heard by player, which rolls lessons up to courses.

    `completions` are the (learner, activity IRI) pairs that became complete or complete earlier;
    `voided` are the ids of statements that stopped counting.
    """

    completions: Sequence[tuple[UUID, str]]
    voided: Sequence[UUID]


E_ = TypeVar("E_")
Handler = Callable[[Session, Any], None]
_handlers: defaultdict[type, list[Handler]] = defaultdict(list)


def connect(event: type[E_], handler: Callable[[Session, E_], None]) -> None:
    """Let `handler` hear `event`; connecting twice is connecting once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def send(session: Session, event: object) -> None:
    for handler in _handlers[type(event)]:
        handler(session, event)
