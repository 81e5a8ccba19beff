"""What is said of a course: by its author, else by the package on offer, else as it was."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lms.catalogue.models import Audience, Course, CourseVersion

_TOPIC = re.compile(r"topic-([1-4])")
_LONGEST_TITLE = 300


@dataclass(frozen=True)
class Offer:
    """What an author says of a course; None leaves it to the package, or as it was."""

    title: str | None = None
    topic: int | None = None
    audience: Audience | None = None
    minutes: int | None = None


def describe(course: Course, said: Offer) -> None:
    """An author's word wins over the package's."""
    for name in ("title", "topic", "audience", "minutes"):
        value = getattr(said, name)
        if value is not None:
            setattr(course, name, value)


def describe_by(course: Course, version: CourseVersion, *, before: CourseVersion | None) -> None:
    """Let the version speak of its course; what an author has changed since `before` came stays."""
    old = _sayings(before.manifest) if before is not None and before is not version else {}
    for name, now in _sayings(version.manifest).items():
        changed_by_author = name in old and getattr(course, name) != old[name]
        if now and not changed_by_author:
            setattr(course, name, now)


def _sayings(manifest: dict[str, Any]) -> dict[str, Any]:
    """What a package says by the names of a course's fields; nothing of one from before this was kept."""
    if "title" not in manifest:
        return {}
    topic, audience = _from_keywords(manifest["keywords"])
    return {
        "title": manifest["title"][:_LONGEST_TITLE],
        "description": manifest["description"],
        "topic": topic,
        "audience": audience,
        "minutes": manifest["minutes"],
    }


def _from_keywords(keywords: Iterable[str]) -> tuple[int | None, str | None]:
    """Topic and audience as our own packages say them: `topic-2`, `citizen`."""
    words = list(keywords)
    topics = [int(match[1]) for match in map(_TOPIC.fullmatch, words) if match]
    audiences = [word for word in words if word in set(Audience)]
    return next(iter(topics), None), next(iter(audiences), None)
