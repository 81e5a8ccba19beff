"""What SCORM 2004 says of items and organizations beside their place (CAM, sections 3.4 and 5)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from courses.manifest.package import Item, Lesson, Objective, Organization
from courses.manifest.scorm12 import time_limit_action
from courses.manifest.sequencing import CompletionThreshold, Sequencing, SharedData
from courses.manifest.sequencing_reader import sequencing_of, shared_sequencing
from courses.manifest.source import Source
from courses.manifest.values import Values
from courses.manifest.xml import Element, attribute, child, children, descendants, raw_text, text

_HIDEABLE = ("previous", "continue", "exit", "exitAll", "abandon", "abandonAll", "suspendAll")


@dataclass(frozen=True)
class Scorm2004:
    """Reads what one manifest says; `shared` is the sequencing that its items refer to."""

    source: Source
    shared: Mapping[str, Element]

    @classmethod
    def of(cls, root: Element, source: Source) -> "Scorm2004":
        return cls(source, shared_sequencing(root))

    def organization(self, organization: Organization, element: Element) -> Organization:
        values = Values(self.source, organization.title)
        return replace(
            organization,
            sequencing=sequencing_of(element, self.shared, values),
            completion_threshold=_completion_threshold(element, values),
            objectives_global_to_system=values.flag(element, "objectivesGlobalToSystem", default=True),
            shared_data_global_to_system=values.flag(element, "sharedDataGlobalToSystem", default=True),
        )

    def item(self, item: Item, element: Element) -> Item:
        """The item with its sequencing, and its lesson, if it is one, with the same in its own words."""
        values = Values(self.source, item.title)
        item = replace(
            item,
            sequencing=sequencing_of(element, self.shared, values),
            completion_threshold=_completion_threshold(element, values),
            time_limit_action=time_limit_action(values, element),
            hide_lms_ui=tuple(_hidden(element, values)),
            shared_data=tuple(_shared_data(element, values)),
        )
        return replace(item, lesson=_lesson(item.lesson, item, element)) if item.lesson else item


def _lesson(lesson: Lesson, item: Item, element: Element) -> Lesson:
    objectives = tuple(_objectives(item.sequencing))
    threshold = item.completion_threshold
    by_measure = threshold is not None and threshold.completed_by_measure
    return replace(
        lesson,
        mastery_score=next((one.min_measure for one in objectives if one.primary), None),
        completion_threshold=threshold.min_progress_measure if threshold and by_measure else None,
        max_time_allowed=item.sequencing.limits.attempt_absolute_duration,
        time_limit_action=item.time_limit_action,
        data_from_lms=raw_text(child(element, "dataFromLMS")),
        objectives=objectives,
    )


def _objectives(sequencing: Sequencing) -> Iterator[Objective]:
    for one in sequencing.objectives:
        yield Objective(
            one.identifier,
            primary=one.primary,
            min_measure=one.min_measure if one.satisfied_by_measure else None,
        )


def _completion_threshold(element: Element, values: Values) -> CompletionThreshold | None:
    """The element's text up to the 3rd edition, its attributes in the 4th; None where nothing is said."""
    found = child(element, "completionThreshold")
    if found is None:
        return None
    weight = values.number(found, "progressWeight", 1, 0, 1)
    if written := text(found):
        measure = values.decimal("completionThreshold", written, 0, 1)
        return None if measure is None else CompletionThreshold(True, measure, weight)
    by_measure = values.flag(found, "completedByMeasure", default=False)
    return CompletionThreshold(by_measure, values.number(found, "minProgressMeasure", 1, 0, 1), weight)


def _hidden(element: Element, values: Values) -> Iterator[str]:
    """Of adlnav:presentation, in the specification's spelling, each once (CAM 5.3)."""
    presentation = child(element, "presentation")
    seen: set[str] = set()
    for one in () if presentation is None else descendants(presentation, "hideLMSUI"):
        written = text(one)
        word = next((word for word in _HIDEABLE if word.lower() == written.lower()), "")
        if word and word not in seen:
            seen.add(word)
            yield word
        elif not word:
            values.ignored("hideLMSUI", written)


def _shared_data(element: Element, values: Values) -> Iterator[SharedData]:
    data = child(element, "data")
    for one in () if data is None else children(data, "map"):
        if target := attribute(one, "targetID"):
            yield SharedData(
                target,
                read=values.flag(one, "readSharedData", default=True),
                write=values.flag(one, "writeSharedData", default=True),
            )
