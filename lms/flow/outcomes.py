"""What became of asking a remote store: never an exception, always a kind and, if it failed, a sentence."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Kind(StrEnum):
    """Why it did not work: what is done next depends on it.

    REFUSED: the store does not want what was sent; sending it again does not help. DENIED: it does not want
    us; a person must help. BUSY, BROKEN, AWAY, SLOW: it may work later. ODD: it does not answer as a record
    store does; it may later. BLOCKED: we must not ask it; a person must help.
    """

    REFUSED = "refused"
    DENIED = "denied"
    BUSY = "busy"
    BROKEN = "broken"
    AWAY = "away"
    SLOW = "slow"
    ODD = "odd"
    BLOCKED = "blocked"


# Trying these again by ourselves would only hammer.
HOPELESS = frozenset({Kind.DENIED, Kind.BLOCKED})


@dataclass(frozen=True)
class Trouble:
    """Why it did not work, in words: `message` is an English msgid for `params`.

    `answer` is what the store said, cut short; `pause` the seconds after which it wants to be asked again.
    """

    kind: Kind
    message: str
    params: dict[str, Any] = field(default_factory=dict)
    status: int | None = None
    answer: str | None = None
    pause: float | None = None
    too_large: bool = False

    @property
    def hopeless(self) -> bool:
        return self.kind in HOPELESS

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What was asked for, or the trouble; exactly one of them."""

    value: T | None = None
    trouble: Trouble | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.trouble is None):
            message = "an outcome is either a value or a trouble"
            raise ValueError(message)
