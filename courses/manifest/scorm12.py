"""What an item of SCORM 1.2 says about its run-time (Content Aggregation Model 1.2, section 2.3.2.5)."""

import re
from dataclasses import replace

from courses.manifest.package import Lesson
from courses.manifest.source import Source
from courses.manifest.xml import Element, child, raw_text, text

_ACTIONS = frozenset({"exit,message", "exit,no message", "continue,message", "continue,no message"})
_TIMESPAN = re.compile(r"\d{2,4}:\d{2}:\d{2}(?:\.\d{1,2})?")
_HIGHEST_SCORE = 100


def scorm12_lesson(lesson: Lesson, item: Element, source: Source) -> Lesson:
    return replace(
        lesson,
        mastery_score=_mastery_score(lesson, item, source),
        max_time_allowed=_max_time_allowed(lesson, item, source),
        time_limit_action=time_limit_action(lesson, item, source),
        data_from_lms=raw_text(child(item, "datafromlms")),
        prerequisites=text(child(item, "prerequisites")),
    )


def _mastery_score(lesson: Lesson, item: Element, source: Source) -> float | None:
    """0..100; a percent sign and a decimal comma are understood."""
    written = text(child(item, "masteryscore"))
    if not written:
        return None
    try:
        score = float(written.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        score = float("nan")
    if 0 <= score <= _HIGHEST_SCORE:
        return score
    notice_ignored(lesson, "masteryscore", written, source)
    return None


def _max_time_allowed(lesson: Lesson, item: Element, source: Source) -> str:
    written = text(child(item, "maxtimeallowed"))
    if not written or _TIMESPAN.fullmatch(written):
        return written
    notice_ignored(lesson, "maxtimeallowed", written, source)
    return ""


def time_limit_action(lesson: Lesson, item: Element, source: Source) -> str:
    """One of the four words that both versions of SCORM share, or ""."""
    written = text(child(item, "timelimitaction"))
    tidy = ",".join(part.strip() for part in written.lower().split(","))
    if not written or tidy in _ACTIONS:
        return tidy
    notice_ignored(lesson, "timelimitaction", written, source)
    return ""


def notice_ignored(lesson: Lesson, name: str, written: str, source: Source) -> None:
    source.notice(
        "The value “%(value)s” of %(name)s in “%(title)s” cannot be understood and is ignored.",
        value=written[:100],
        name=name,
        title=lesson.title,
    )
