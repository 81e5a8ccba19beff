"""The structure of a package, the same for every standard."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from courses.manifest.sequencing import NO_SEQUENCING, CompletionThreshold, Sequencing, SharedData

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
class LangString:
    """A text in one language; `language` as written (`vi`, `en-US`), "" when not given."""

    language: str
    text: str


@dataclass(frozen=True)
class Extension:
    """An element that cmi5 leaves to others: its name as `{namespace}name`, and itself as XML."""

    name: str
    xml: str


@dataclass(frozen=True)
class Objective:
    """A learning objective; `min_measure` is the scaled score (-1..1) that satisfies it.

    In cmi5 the identifier is an IRI, and titles and descriptions are those of the course structure.
    """

    identifier: str
    primary: bool = False
    min_measure: float | None = None
    titles: tuple[LangString, ...] = ()
    descriptions: tuple[LangString, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """What can be launched.

    `href` is a relative URL from the package's root, percent-encoded, with query, parameters and fragment
    joined; `file` is the path of the same file on disk. `parents` are the titles of the chapters above it.
    `mastery_score` is 0..100 in SCORM 1.2, scaled -1..1 in SCORM 2004, 0..1 in cmi5.
    `max_time_allowed` keeps the standard's own notation: HHHH:MM:SS.SS in SCORM 1.2, ISO 8601 in SCORM 2004.
    Texts that the package does not give are "". The last group of fields is filled by cmi5 only; a `remote`
    unit is not in the package: its `href` is a whole address (http or https), and `file` is "".
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
    remote: bool = False
    activity_type: str = ""
    titles: tuple[LangString, ...] = ()
    descriptions: tuple[LangString, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class Item:
    """A node of the table of contents: a lesson, a chapter, or both.

    `hide_lms_ui` are the buttons that the player must not show (previous, continue, exit, exitAll, abandon,
    abandonAll, suspendAll). Of a cmi5 block the last group of fields is filled.
    """

    identifier: str
    title: str
    visible: bool = True
    lesson: Lesson | None = None
    items: tuple["Item", ...] = ()
    sequencing: Sequencing = NO_SEQUENCING
    completion_threshold: CompletionThreshold | None = None
    time_limit_action: str = ""
    hide_lms_ui: tuple[str, ...] = ()
    shared_data: tuple[SharedData, ...] = ()

    titles: tuple[LangString, ...] = ()
    descriptions: tuple[LangString, ...] = ()
    objectives: tuple[Objective, ...] = ()
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True)
class Organization:
    """One way of arranging the lessons.

    Unless they are `global_to_system`, global objectives and shared data are the attempt's alone.
    """

    identifier: str
    title: str
    items: tuple[Item, ...]
    sequencing: Sequencing = NO_SEQUENCING
    completion_threshold: CompletionThreshold | None = None
    objectives_global_to_system: bool = True
    shared_data_global_to_system: bool = True

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(item.lesson for item in self.all_items if item.lesson)

    @property
    def all_items(self) -> tuple[Item, ...]:
        """Every item at any depth, in reading order."""
        return tuple(_all(self.items))


@dataclass(frozen=True)
class Package:
    """What a package says of itself; `manifest` is a path from the root, `minutes` the time of all.

    The last group of fields is filled by cmi5 only: all texts of the course, and the objectives it names.
    """

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

    titles: tuple[LangString, ...] = ()
    descriptions: tuple[LangString, ...] = ()
    objectives: tuple[Objective, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def organization(self) -> Organization:
        """The default one."""
        return next(one for one in self.organizations if one.identifier == self.default_organization)

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What can be launched in the default organization, in order."""
        return self.organization.lessons


def _all(items: Iterable[Item]) -> Iterator[Item]:
    """A loop, not a recursion: a manifest may nest its items as deep as XML can."""
    waiting = list(items)[::-1]
    while waiting:
        item = waiting.pop()
        yield item
        waiting.extend(reversed(item.items))
