"""What a process remembers of the dictionaries, so that a word known to it needs no question.

The number of a verb, an activity or an agent never changes and its row is never deleted. What a transaction
found or entered is remembered when it has committed; what it entered and rolled back, never was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Pool, event
from sqlalchemy.orm import Session

Word = TypeVar("Word")

MOST = 200_000  # of each kind; then all of them are forgotten

_PENDING = "record.memory"


@dataclass
class Memory:
    """Numbers by word, kind by kind. Threads share it: a dictionary's single steps are atomic."""

    kinds: dict[str, dict[Any, int]] = field(default_factory=dict)

    def of(self, kind: str) -> dict[Any, int]:
        return self.kinds.setdefault(kind, {})


_memories: WeakKeyDictionary[Pool, Memory] = WeakKeyDictionary()


def remembered(session: Session, kind: str, words: Iterable[Word]) -> dict[Word, int]:
    """The numbers of those of the words that committed transactions of this process have seen."""
    kept = _memory(session).of(kind)
    return {word: kept[word] for word in words if word in kept}


def learn(session: Session, kind: str, numbers: Mapping[Any, int]) -> None:
    """Remember these numbers when the transaction has committed."""
    if numbers:
        session.info.setdefault(_PENDING, []).append((kind, numbers))


def _memory(session: Session) -> Memory:
    bind = session.get_bind()
    pool = bind.pool if isinstance(bind, Engine) else bind.engine.pool
    return _memories.setdefault(pool, Memory())


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint was released; what is outside of it may still be rolled back
    pending = session.info.pop(_PENDING, None)
    if not pending:
        return
    memory = _memory(session)
    for kind, numbers in pending:
        kept = memory.of(kind)
        if len(kept) + len(numbers) > MOST:
            kept.clear()
        kept.update(numbers)


@event.listens_for(Session, "after_rollback")
def _drop(session: Session) -> None:
    session.info.pop(_PENDING, None)
