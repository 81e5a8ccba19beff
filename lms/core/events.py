"""Every event by which one room tells others what happened, and who listens.

A handler runs at once, in the sender's transaction, as `handler(session, event)`. Rooms are connected in
`lms.wiring`, which knows them all.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class StatementsStored:
    """Completions in the record have changed: by statements stored or voided, by links, by a course's rule.

    Sent by `core.record` (`store_statements`, `complete_anew`); heard by player, which rolls lessons up to
    courses. `completions` are the (learner, activity IRI) pairs that are complete now and were not, or only
    later; `withdrawn` those that were and no longer are, or only since later. `home_page` is that of our
    accounts, `LMS_PUBLIC_URL`.
    """

    completions: Sequence[tuple[UUID, str]]
    withdrawn: Sequence[tuple[UUID, str]]
    home_page: str


@dataclass(frozen=True)
class StatementsVoided:
    """Statements of the record (their ids) are void since now, whatever they were about.

    Sent by `core.record`, after StatementsStored; heard by cmi5, which takes back what rested on them.
    `home_page` as above.
    """

    voided: Sequence[UUID]
    home_page: str


@dataclass(frozen=True)
class SignedOut:
    """Somebody has left a device that others may use.

    Sent by accounts; heard by player, which closes the pages of lessons that they have open.
    """

    person: UUID


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
