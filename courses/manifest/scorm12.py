"""What an item of SCORM 1.2 says about its run-time (Content Aggregation Model 1.2, section 2.3.2.5)."""

import re
from dataclasses import dataclass, replace

from courses.manifest.package import Item, Lesson, Organization
from courses.manifest.source import Source
from courses.manifest.values import Values
from courses.manifest.xml import Element, child, raw_text, text

_ACTIONS = frozenset({"exit,message", "exit,no message", "continue,message", "continue,no message"})
_TIMESPAN = re.compile(r"\d{2,4}:\d{2}:\d{2}(?:\.\d{1,2})?")
_HIGHEST_SCORE = 100


@dataclass(frozen=True)
class Scorm12:
    """Reads what one manifest says of its items."""

    source: Source

    def organization(self, organization: Organization, _element: Element) -> Organization:
        return organization

    def item(self, item: Item, element: Element) -> Item:
        if item.lesson is None:
            return item
        return replace(item, lesson=_lesson(item.lesson, element, Values(self.source, item.title)))


def _lesson(lesson: Lesson, item: Element, values: Values) -> Lesson:
    mastery = text(child(item, "masteryscore")).removesuffix("%").strip()
    return replace(
        lesson,
        mastery_score=values.decimal("masteryscore", mastery, 0, _HIGHEST_SCORE),
        max_time_allowed=_max_time_allowed(item, values),
        time_limit_action=time_limit_action(values, item),
        data_from_lms=raw_text(child(item, "datafromlms")),
        prerequisites=text(child(item, "prerequisites")),
    )


def _max_time_allowed(item: Element, values: Values) -> str:
    written = text(child(item, "maxtimeallowed"))
    if not written or _TIMESPAN.fullmatch(written):
        return written
    values.ignored("maxtimeallowed", written)
    return ""


def time_limit_action(values: Values, item: Element) -> str:
    """One of the four words that both versions of SCORM share, or ""."""
    written = text(child(item, "timelimitaction"))
    tidy = ",".join(part.strip() for part in written.lower().split(","))
    if not written or tidy in _ACTIONS:
        return tidy
    values.ignored("timelimitaction", written)
    return ""
