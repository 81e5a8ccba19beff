"""What an item of SCORM 2004 says about its run-time (Content Aggregation Model, sections 3.4 and 5.1)."""

from collections.abc import Iterator
from dataclasses import replace

from courses.manifest.package import Lesson, Objective
from courses.manifest.scorm12 import notice_ignored, time_limit_action
from courses.manifest.source import Source
from courses.manifest.xml import Element, attribute, child, children, raw_text, text


def scorm2004_lesson(lesson: Lesson, item: Element, source: Source) -> Lesson:
    sequencing = _sequencing(item)
    objectives = tuple(_objectives(sequencing))
    return replace(
        lesson,
        mastery_score=next((one.min_measure for one in objectives if one.primary), None),
        completion_threshold=_completion_threshold(lesson, item, source),
        max_time_allowed=_duration_limit(sequencing),
        time_limit_action=time_limit_action(lesson, item, source),
        data_from_lms=raw_text(child(item, "dataFromLMS")),
        objectives=objectives,
    )


def _sequencing(item: Element) -> list[Element]:
    """The item's own sequencing, then the shared one that it refers to, which fills what it leaves out."""
    own = child(item, "sequencing")
    if own is None:
        return []
    wanted = attribute(own, "IDRef")
    shared = [
        element
        for collection in children(item.getroottree().getroot(), "sequencingCollection")
        for element in children(collection, "sequencing")
        if wanted and attribute(element, "ID") == wanted
    ]
    return [own, *shared]


def _objectives(sequencing: list[Element]) -> Iterator[Objective]:
    parent = next((one for part in sequencing if (one := child(part, "objectives")) is not None), None)
    if parent is None:
        return
    for element in children(parent, "primaryObjective", "objective"):
        identifier = attribute(element, "objectiveID")
        primary = element.tag == next(children(parent, "primaryObjective"), element).tag
        if identifier or primary:
            yield Objective(identifier, primary=primary, min_measure=_min_measure(element))


def _min_measure(objective: Element) -> float | None:
    """The scaled score that satisfies; 1.0 when satisfaction is by measure and no measure is given."""
    if attribute(objective, "satisfiedByMeasure").lower() not in {"true", "1"}:
        return None
    try:
        measure = float(text(child(objective, "minNormalizedMeasure")) or "1")
    except ValueError:
        return None
    return measure if -1 <= measure <= 1 else None


def _completion_threshold(lesson: Lesson, item: Element, source: Source) -> float | None:
    """0..1: the element's text up to the 3rd edition, its minProgressMeasure in the 4th."""
    element = child(item, "completionThreshold")
    if element is None:
        return None
    by_measure = attribute(element, "completedByMeasure").lower()
    if by_measure in {"false", "0"}:
        return None
    written = text(element) or attribute(element, "minProgressMeasure") or ("1" if by_measure else "")
    try:
        threshold = float(written)
    except ValueError:
        threshold = float("nan")
    if 0 <= threshold <= 1:
        return threshold
    notice_ignored(lesson, "completionThreshold", written, source)
    return None


def _duration_limit(sequencing: list[Element]) -> str:
    """ISO 8601."""
    limits = [limit for part in sequencing if (limit := child(part, "limitConditions")) is not None]
    return attribute(limits[0], "attemptAbsoluteDurationLimit") if limits else ""
