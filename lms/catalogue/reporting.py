"""The report on a package for its author: what it is, what is in it, and what to look at."""

import re
from dataclasses import dataclass
from typing import Any

from lms.catalogue.models import CourseVersion
from lms.catalogue.packages import NAMES
from lms.core.i18n import gettext as _

_EDITION = re.compile(r"2004 (\d)(?:st|nd|rd|th)")


@dataclass(frozen=True)
class Entry:
    """A chapter or a lesson (one with a `key`) of the table of contents; `level` counts from 0."""

    title: str
    key: str
    level: int
    visible: bool
    minutes: int | None = None
    mark: float | None = None
    is_asset: bool = False
    host: str = ""


@dataclass(frozen=True)
class Organization:
    title: str
    lessons: int
    taken: bool


@dataclass(frozen=True)
class Report:
    """`minutes` is None where the package does not tell; `organizations` is empty where there is only one."""

    standard: str
    minutes: int | None
    entries: tuple[Entry, ...]
    organizations: tuple[Organization, ...]
    warnings: tuple[tuple[str, dict[str, Any]], ...]


def report_of(version: CourseVersion) -> Report:
    manifest = version.manifest
    return Report(
        standard=standard_in_words(version),
        minutes=manifest.get("minutes") or _sum_of_minutes(version),
        entries=tuple(_entries(version)),
        organizations=_organizations(version),
        warnings=tuple((message, params) for message, params in manifest.get("warnings", ())),
    )


def standard_in_words(version: CourseVersion) -> str:
    """With the edition, of which SCORM 2004 has three that differ."""
    edition = _EDITION.match(version.manifest.get("edition") or "")
    name = NAMES[version.standard]
    return _("%(standard)s, edition %(number)s", standard=name, number=edition[1]) if edition else name


def _sum_of_minutes(version: CourseVersion) -> int | None:
    known = [lesson.minutes for lesson in version.lessons if lesson.minutes is not None]
    return sum(known) if known and len(known) == len(version.lessons) else None


def _organizations(version: CourseVersion) -> tuple[Organization, ...]:
    found = version.manifest.get("organizations") or []
    if len(found) < 2:  # noqa: PLR2004
        return ()
    return tuple(
        Organization(
            one["title"] or one["identifier"], one["lessons"], one["identifier"] == version.organization
        )
        for one in found
    )


def _entries(version: CourseVersion) -> list[Entry]:
    """In reading order. Of a version from before contents were kept there are only lessons."""
    lessons = {lesson.key: lesson for lesson in version.lessons}
    entries: list[Entry] = []
    nodes = version.structure or [
        {"title": lesson.title, "key": lesson.key, "visible": True, "items": []} for lesson in version.lessons
    ]
    waiting = [(node, 0) for node in reversed(nodes)]
    while waiting:
        node, level = waiting.pop()
        lesson = lessons.get(node["key"])
        entries.append(
            Entry(
                title=node["title"],
                key=node["key"],
                level=level,
                visible=node["visible"],
                minutes=lesson.minutes if lesson else None,
                mark=_mark(version, lesson.mastery_score) if lesson else None,
                is_asset=lesson is not None and lesson.scorm_type == "asset",
                host=lesson.href if lesson and lesson.remote else "",
            )
        )
        waiting += [(below, level + 1) for below in reversed(node["items"])]
    return entries


def _mark(version: CourseVersion, mastery: float | None) -> float | None:
    """The pass mark as points of 100, however the standard writes it."""
    if mastery is None or version.standard == "scorm12":
        return mastery
    return round(mastery * 100, 2)
