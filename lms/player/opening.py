"""Opening a lesson elsewhere than in this player: rooms above register how, by the standard."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.player.models import PlaySession
from lms.settings import Settings


@dataclass(frozen=True)
class Wish:
    """Who wants to open which lesson; `return_url` is where they shall be led afterwards.

    Of a `preview` nothing counts, and `learner` is a random id.
    """

    lesson: Lesson
    learner: UUID
    is_guest: bool
    return_url: str
    language: str
    preview: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """A lesson that was opened at `address`. Browsers go there `over` a page of ours, if there is one."""

    play: PlaySession
    address: str
    over: str | None = None


Opener = Callable[[Session, Wish, Settings], Elsewhere]
_openers: dict[str, Opener] = {}


def also(standard: str, opener: Opener) -> None:
    """Let lessons of this standard be opened by `opener`, which says where."""
    _openers[standard] = opener


def open_elsewhere(session: Session, wish: Wish, settings: Settings) -> Elsewhere | None:
    """Where the lesson was opened; None for one that this player plays itself."""
    opener = _openers.get(wish.lesson.version.standard)
    return opener(session, wish, settings) if opener else None


def is_played_elsewhere(lesson: Lesson) -> bool:
    return lesson.version.standard in _openers
