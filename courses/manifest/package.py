"""The structure of a package, the same for every standard."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Standard = Literal["scorm12", "scorm2004", "cmi5"]
ScormType = Literal["sco", "asset"]


@dataclass(frozen=True)
class Notice:
    """Something odd that does not stop the package; like a refusal, a msgid and its parameters."""

    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params


@dataclass(frozen=True)
class Objective:
    """A learning objective; `min_measure` is the scaled score (-1..1) that satisfies it."""

    identifier: str
    primary: bool = False
    min_measure: float | None = None


@dataclass(frozen=True)
class Lesson:
    """What can be launched.

    `href` is a relative URL from the package's root, percent-encoded, with query, parameters and fragment
    joined; `file` is the path of the same file on disk. `parents` are the titles of the chapters above it.
    `mastery_score` is 0..100 in SCORM 1.2, scaled -1..1 in SCORM 2004, 0..1 in cmi5.
    `max_time_allowed` keeps the standard's own notation: HHHH:MM:SS.SS in SCORM 1.2, ISO 8601 in SCORM 2004.
    Texts that the package does not give are "". The last group of fields is filled by cmi5 only.
    """

    identifier: str
    title: str
    href: str
    file: str
    scorm_type: ScormType = "sco"
    parents: tuple[str, ...] = ()
    visible: bool = True
    parameters: str = ""
    mastery_score: float | None = None
    completion_threshold: float | None = None
    max_time_allowed: str = ""
    time_limit_action: str = ""
    data_from_lms: str = ""
    prerequisites: str = ""
    objectives: tuple[Objective, ...] = ()
    minutes: int | None = None
    language: str = ""

    move_on: str = ""
    launch_method: str = ""
    launch_parameters: str = ""
    entitlement_key: str = ""


@dataclass(frozen=True)
class Item:
    """A node of the table of contents: a lesson, a chapter, or both."""

    identifier: str
    title: str
    visible: bool = True
    lesson: Lesson | None = None
    items: tuple["Item", ...] = ()


@dataclass(frozen=True)
class Organization:
    """One way of arranging the lessons."""

    identifier: str
    title: str
    items: tuple[Item, ...]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(_lessons(self.items))


@dataclass(frozen=True)
class Package:
    """What a package says of itself; `manifest` is a path from the root, `minutes` the time of all."""

    standard: Standard
    edition: str
    identifier: str
    title: str
    manifest: str
    organizations: tuple[Organization, ...]
    default_organization: str
    language: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    minutes: int | None = None
    warnings: tuple[Notice, ...] = ()

    @property
    def organization(self) -> Organization:
        """The default one."""
        return next(one for one in self.organizations if one.identifier == self.default_organization)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What can be launched in the default organization, in order."""
        return self.organization.lessons


def _lessons(items: Iterable[Item]) -> Iterator[Lesson]:
    for item in items:
        if item.lesson:
            yield item.lesson
        yield from _lessons(item.items)
