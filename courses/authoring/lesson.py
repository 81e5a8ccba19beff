"""A lesson as its author wrote it, understood and checked. All `str` fields called `html` are safe HTML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an exercise asks for; the values are the words of the lesson format."""

    CHOOSE_ONE = "choose-one"
    CHOOSE_MANY = "choose-many"
    TRUE_FALSE = "true-false"
    SPOT = "spot"
    PHONE = "phone"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Prose:
    html: str
    images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `label` stands before it on a phone screen, `why` is said after it was chosen."""

    html: str
    right: bool
    why: str = ""
    label: str = ""
    is_button: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    id: str
    heading: str
    body: Prose


@dataclass(frozen=True, slots=True)
class Exercise:
    """Options of an `ORDER` stand in their right order. `screen` is the title of a phone or a message."""

    id: str
    kind: Kind
    heading: str
    body: Prose
    options: tuple[Option, ...]
    when_right: str = ""
    when_wrong: str = ""
    screen: str = ""

    @property
    def many(self) -> bool:
        """Whether several options may be chosen together."""
        if self.kind is Kind.PHONE:
            return sum(option.right for option in self.options) > 1
        return self.kind in {Kind.CHOOSE_MANY, Kind.SPOT}


Step = Scene | Exercise


@dataclass(frozen=True, slots=True)
class Check:
    """The final check: an opening scene and its questions."""

    opening: Scene
    questions: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class About:
    """The front matter. `minutes` is the expected time, `mastery` the pass mark in percent of the check."""

    slug: str
    title: str
    code: str
    topic: int
    audience: str
    minutes: int
    mastery: int
    version: str
    competences: tuple[str, ...]
    objectives: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonSource:
    """A whole lesson; `images` maps file names to their bytes."""

    about: About
    steps: tuple[Step, ...]
    check: Check
    result: Scene
    images: Mapping[str, bytes]

    @property
    def slug(self) -> str:
        return self.about.slug

    @property
    def title(self) -> str:
        return self.about.title

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Id and heading of what the learner sees counted: every step, and the check as one."""
        return (
            *((step.id, step.heading) for step in self.steps),
            (self.check.opening.id, self.check.opening.heading),
        )

    def exercises(self) -> Iterator[Exercise]:
        yield from (step for step in self.steps if isinstance(step, Exercise))
        yield from self.check.questions
