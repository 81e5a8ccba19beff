"""What a package to be built shall contain, checked before anything is written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from courses.errors import Refused

# An XML name without a colon, kept to ASCII because other tools use it in file names and addresses.
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_HIGHEST_SCORE = 100
_TIME = re.compile(r"\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?")
# What a standard has no word for: leaving it out would change what the lesson means.
_UNSPEAKABLE: dict[str, tuple[str, ...]] = {
    "scorm2004": ("prerequisites",),
    "cmi5": ("prerequisites", "max_time_allowed", "time_limit_action"),
}


@dataclass(frozen=True)
class BuildItem:
    """A lesson (with `href`) or a chapter (without), with what stands below it.

    `href` is a path among the files, percent-encoded where needed, with an optional query. `mastery_score`
    is 0..100, `max_time_allowed` HHHH:MM:SS. `files` are the paths that belong to this lesson alone; files
    that no lesson claims are shared by all.
    """

    identifier: str
    title: str
    href: str | None = None
    scorm_type: Literal["sco", "asset"] = "sco"
    mastery_score: float | None = None
    minutes: int | None = None
    max_time_allowed: str = ""
    time_limit_action: str = ""
    data_from_lms: str = ""
    prerequisites: str = ""
    parameters: str = ""
    files: tuple[str, ...] = ()
    items: tuple["BuildItem", ...] = ()


@dataclass(frozen=True)
class Plan:
    """A whole package; `files` are paths, sorted."""

    files: tuple[str, ...]
    identifier: str
    title: str
    items: tuple[BuildItem, ...]
    description: str
    keywords: tuple[str, ...]
    language: str
    minutes: int | None

    @property
    def lessons(self) -> tuple[BuildItem, ...]:
        return tuple(item for item in all_items(self.items) if item.href)

    @property
    def typical_minutes(self) -> int | None:
        if self.minutes is not None:
            return self.minutes
        known = [lesson.minutes for lesson in self.lessons if lesson.minutes is not None]
        return sum(known) if len(known) == len(self.lessons) else None

    def own_files(self, lesson: BuildItem) -> tuple[str, ...]:
        own = {launch_file(lesson), *lesson.files}
        return tuple(sorted(own | set(self.shared_files))) if len(self.lessons) == 1 else tuple(sorted(own))

    @property
    def shared_files(self) -> tuple[str, ...]:
        claimed = {path for lesson in self.lessons for path in (launch_file(lesson), *lesson.files)}
        return tuple(path for path in self.files if path not in claimed)


def all_items(items: Iterable[BuildItem]) -> Iterator[BuildItem]:
    """Items and everything below them, in reading order."""
    for item in items:
        yield item
        yield from all_items(item.items)


def launch_file(lesson: BuildItem) -> str:
    return unquote((lesson.href or "").split("#")[0].split("?")[0])


def resource_identifier(item: BuildItem) -> str:
    return f"RES-{item.identifier}"


def organization_identifier(plan: Plan) -> str:
    return f"ORG-{plan.identifier}"


def check_plan(plan: Plan, standard: str = "scorm12") -> None:
    """Refuse a plan from which no correct package of the standard could come."""
    if not plan.title.strip() or any(not item.title.strip() for item in all_items(plan.items)):
        raise Refused("A package and each of its lessons need a title.")
    if not plan.lessons:
        raise Refused("A package needs at least one lesson with a start page.")
    _check_identifiers(plan)
    for lesson in plan.lessons:
        _check_lesson(lesson, plan)
        _check_words(lesson, standard)


def _check_identifiers(plan: Plan) -> None:
    items = list(all_items(plan.items))
    names = [plan.identifier, organization_identifier(plan), "RES-shared"]
    names += [item.identifier for item in items] + [resource_identifier(item) for item in items]
    for name, times in Counter(names).items():
        if times > 1 or not _IDENTIFIER.fullmatch(name):
            raise Refused(
                "The identifier “%(identifier)s” must be unique, start with a letter and consist of letters, "
                "digits, dots, hyphens and underscores.",
                identifier=name,
            )


def _check_lesson(lesson: BuildItem, plan: Plan) -> None:
    for path in (launch_file(lesson), *lesson.files):
        if path not in plan.files:
            raise Refused(
                "The lesson “%(title)s” needs the file %(file)s, which is not among the files.",
                title=lesson.title,
                file=path,
            )
    if lesson.mastery_score is not None and not 0 <= lesson.mastery_score <= _HIGHEST_SCORE:
        raise Refused("The mastery score of “%(title)s” must lie between 0 and 100.", title=lesson.title)
    if lesson.minutes is not None and lesson.minutes < 1:
        raise Refused("The lesson “%(title)s” must last at least one minute.", title=lesson.title)
    if lesson.max_time_allowed and not _TIME.fullmatch(lesson.max_time_allowed):
        raise Refused("The time allowed for “%(title)s” must look like 0001:30:00.", title=lesson.title)


def _check_words(lesson: BuildItem, standard: str) -> None:
    for name in _UNSPEAKABLE.get(standard, ()):
        if getattr(lesson, name):
            raise Refused(
                "The lesson “%(title)s” sets %(name)s, which this standard does not know. Choose SCORM 1.2.",
                title=lesson.title,
                name=name,
            )
