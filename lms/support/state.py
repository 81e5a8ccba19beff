"""What an attempt has left for its next session, element by element, for those who help learners."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from lms.cmi5.models import Registration
from lms.cmi5.services.launch_data import states_of
from lms.cmi5.services.statements import agent_of
from lms.player.models import Attempt
from lms.player.rules.loading import loaded_state
from tracking.documents import queries

MOST = 300  # elements
_SHOWN = 500  # characters of one
# Neither who it is nor what they wrote is anything that support must read.
_PRIVATE = frozenset(
    {"student_id", "student_name", "learner_id", "learner_name", "comments", "comments_from_learner"}
)


@dataclass(frozen=True)
class Element:
    """A value by its name in the standard (`cmi.core.lesson_location`), or a cmi5 state by its stateId.

    `value` is as much as a page can show, `length` counts the characters of the whole (bytes of what is no
    text).
    """

    name: str
    value: str
    length: int

    @property
    def is_whole(self) -> bool:
        return len(self.value) == self.length


def state_of(session: Session, attempt: Attempt, *, home_page: str) -> list[Element]:
    """What the lesson finds when it is opened again; nothing where it has saved nothing yet."""
    if attempt.registration is not None:
        return list(islice(_documents(session, attempt, home_page), MOST))
    if not attempt.state:
        return []
    return list(islice(_elements("cmi", loaded_state(attempt, learner_name="")), MOST))


def _elements(name: str, value: Any) -> Iterator[Element]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _PRIVATE:
                yield from _elements(f"{name}.{key}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _elements(f"{name}.{place}", inner)
    elif value not in ("", None):
        yield _shortened(name, str(value))


def _documents(session: Session, attempt: Attempt, home_page: str) -> Iterator[Element]:
    registration = session.get_one(Registration, attempt.registration)
    shelf = states_of(attempt.lesson.iri, agent_of(registration, home_page))
    for name in queries.listing(session, shelf, registration=registration.id).names:
        kept = queries.document(session, shelf.place(name, registration.id))
        if kept is not None:
            yield _read(name, kept.content)


def _read(name: str, content: bytes) -> Element:
    try:
        return _shortened(name, content.decode())
    except UnicodeDecodeError:
        return Element(name, "", len(content))


def _shortened(name: str, value: str) -> Element:
    return Element(name, value[:_SHOWN], len(value))
