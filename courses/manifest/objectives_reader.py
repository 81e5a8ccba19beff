"""Reading an activity's objectives and how they map to global ones (CAM 5.1.8, and adlseq:objectives)."""

from collections.abc import Iterator
from dataclasses import replace

from courses.manifest.sequencing import ObjectiveMap, SequencingObjective
from courses.manifest.values import Values
from courses.manifest.xml import Element, attribute, child, children, local_name


def objectives(
    element: Element | None, extended: Element | None, values: Values
) -> tuple[SequencingObjective, ...]:
    """imsss:objectives in their order, the primary one first, each with the maps of adlseq:objectives."""
    found = [] if element is None else [_objective(one, values) for one in _elements(element)]
    found.sort(key=lambda one: not one.primary)
    more = {} if extended is None else _extended(extended, values)
    merged = [replace(one, maps=_merged(one.maps, more.pop(one.identifier, ()))) for one in found]
    alone = [SequencingObjective(identifier, maps=maps) for identifier, maps in more.items()]
    return (*merged, *alone)


def _elements(element: Element) -> Iterator[Element]:
    """Named ones, and the primary one, which may have no name; of two with one name, the first."""
    seen: set[str] = set()
    for one in children(element, "primaryObjective", "objective"):
        identifier = attribute(one, "objectiveID")
        primary = local_name(one) == "primaryobjective"
        key = identifier if identifier or not primary else "\0"
        if key and key not in seen:
            seen.add(key)
            yield one


def _objective(element: Element, values: Values) -> SequencingObjective:
    measure = values.element(child(element, "minNormalizedMeasure"), "minNormalizedMeasure", -1, 1)
    return SequencingObjective(
        identifier=attribute(element, "objectiveID"),
        primary=local_name(element) == "primaryobjective",
        satisfied_by_measure=values.flag(element, "satisfiedByMeasure", default=False),
        min_measure=1.0 if measure is None else measure,
        maps=tuple(_map(one, values) for one in children(element, "mapInfo") if _target(one)),
    )


def _target(element: Element) -> str:
    return attribute(element, "targetObjectiveID")


def _map(element: Element, values: Values) -> ObjectiveMap:
    return ObjectiveMap(
        target=_target(element),
        read_satisfied_status=values.flag(element, "readSatisfiedStatus", default=True),
        read_normalized_measure=values.flag(element, "readNormalizedMeasure", default=True),
        write_satisfied_status=values.flag(element, "writeSatisfiedStatus", default=False),
        write_normalized_measure=values.flag(element, "writeNormalizedMeasure", default=False),
    )


def _extended(element: Element, values: Values) -> dict[str, tuple[ObjectiveMap, ...]]:
    """The maps of adlseq:objectives by objective."""
    found: dict[str, tuple[ObjectiveMap, ...]] = {}
    for one in children(element, "objective"):
        maps = tuple(_extended_map(info, values) for info in children(one, "mapInfo") if _target(info))
        if identifier := attribute(one, "objectiveID"):
            found[identifier] = found.get(identifier, ()) + maps
    return found


def _extended_map(element: Element, values: Values) -> ObjectiveMap:
    def reads(name: str) -> bool:
        return values.flag(element, name, default=True)

    def writes(name: str) -> bool:
        return values.flag(element, name, default=False)

    return ObjectiveMap(
        target=_target(element),
        read_raw_score=reads("readRawScore"),
        read_min_score=reads("readMinScore"),
        read_max_score=reads("readMaxScore"),
        read_completion_status=reads("readCompletionStatus"),
        read_progress_measure=reads("readProgressMeasure"),
        write_raw_score=writes("writeRawScore"),
        write_min_score=writes("writeMinScore"),
        write_max_score=writes("writeMaxScore"),
        write_completion_status=writes("writeCompletionStatus"),
        write_progress_measure=writes("writeProgressMeasure"),
    )


def _merged(maps: tuple[ObjectiveMap, ...], more: tuple[ObjectiveMap, ...]) -> tuple[ObjectiveMap, ...]:
    """One map for each target: the first four of its flags come from imsss, the others from adlseq."""
    merged: dict[str, ObjectiveMap] = {}
    for one in maps:
        merged.setdefault(one.target, one)
    for extra in more:
        old = merged.get(extra.target)
        merged[extra.target] = extra if old is None else _both(old, extra)
    return tuple(merged.values())


def _both(old: ObjectiveMap, extra: ObjectiveMap) -> ObjectiveMap:
    return replace(
        extra,
        read_satisfied_status=old.read_satisfied_status,
        read_normalized_measure=old.read_normalized_measure,
        write_satisfied_status=old.write_satisfied_status,
        write_normalized_measure=old.write_normalized_measure,
    )
