"""cmi5 course structures (cmi5 specification, section 13): assignable units in blocks."""

from collections.abc import Iterator
from dataclasses import replace

from courses.errors import Refused
from courses.manifest.package import Item, Lesson, Objective, Organization, Package
from courses.manifest.scorm12 import notice_ignored
from courses.manifest.source import Source
from courses.manifest.xml import Element, attribute, child, children, descendants, local_name, raw_text, text

_MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
_LAUNCH_METHODS = ("AnyWindow", "OwnWindow")


def cmi5_package(root: Element, source: Source) -> Package:
    """The package that a cmi5.xml describes; a lesson is an assignable unit, known by its publisher's IRI."""
    course = child(root, "course")
    if local_name(root) != "coursestructure" or course is None:
        raise Refused("cmi5.xml does not describe a course: there is no “courseStructure” with a “course”.")
    _refuse_repeated_ids(root)
    identifier = attribute(course, "id")
    title = _words(course, "title") or identifier
    language = _language(course)
    items = tuple(_items(root, (), source, language))
    return Package(
        standard="cmi5",
        edition="1.0",
        identifier=identifier,
        title=title,
        manifest=source.path,
        organizations=(Organization(identifier, title, items),),
        default_organization=identifier,
        language=language,
        description=_words(course, "description"),
    )


def _refuse_repeated_ids(root: Element) -> None:
    """Ids of course, blocks and units are unique together (section 13.1)."""
    seen: set[str] = set()
    for element in descendants(root, "course", "block", "au"):
        identifier = attribute(element, "id")
        if not identifier or identifier in seen:
            raise Refused(
                "In cmi5.xml every course, block and unit needs an id of its own (“%(id)s”).", id=identifier
            )
        seen.add(identifier)


def _items(parent: Element, parents: tuple[str, ...], source: Source, language: str) -> Iterator[Item]:
    for element in children(parent, "block", "au"):
        identifier = attribute(element, "id")
        title = _words(element, "title") or identifier
        if local_name(element) == "block":
            below = tuple(_items(element, (*parents, title), source, language))
            yield Item(identifier, title, items=below)
        else:
            yield Item(identifier, title, lesson=_lesson(element, title, parents, source, language))


def _lesson(element: Element, title: str, parents: tuple[str, ...], source: Source, language: str) -> Lesson:
    address = source.launch(text(child(element, "url")), (), title)
    lesson = Lesson(
        identifier=attribute(element, "id"),
        title=title,
        href=address.url,
        file=address.path,
        parents=parents,
        objectives=tuple(_objectives(element)),
        language=_language(element) or language,
        move_on=_known(attribute(element, "moveOn"), _MOVE_ON),
        launch_method=_known(attribute(element, "launchMethod"), _LAUNCH_METHODS),
        launch_parameters=raw_text(child(element, "launchParameters")),
        entitlement_key=raw_text(child(element, "entitlementKey")),
    )
    return replace(lesson, mastery_score=_mastery_score(lesson, element, source))


def _objectives(element: Element) -> Iterator[Objective]:
    parent = child(element, "objectives")
    if parent is not None:
        for objective in children(parent, "objective"):
            yield Objective(attribute(objective, "idref") or attribute(objective, "id"))


def _known(written: str, words: tuple[str, ...]) -> str:
    """The word as the specification spells it; the first is its default."""
    return next((word for word in words if word.lower() == written.lower()), words[0])


def _mastery_score(lesson: Lesson, element: Element, source: Source) -> float | None:
    """0..1 (section 13.1.4)."""
    written = attribute(element, "masteryScore")
    if not written:
        return None
    try:
        score = float(written)
    except ValueError:
        score = float("nan")
    if 0 <= score <= 1:
        return score
    notice_ignored(lesson, "masteryScore", written, source)
    return None


def _words(element: Element, name: str) -> str:
    """Of a text in several languages the Vietnamese one, else the first."""
    parent = child(element, name)
    strings = [] if parent is None else list(children(parent, "langstring"))
    vietnamese = [string for string in strings if attribute(string, "lang").lower().startswith("vi")]
    return text(next(iter(vietnamese or strings), None))


def _language(element: Element) -> str:
    string = child(element, "title", "langstring")
    return "" if string is None else attribute(string, "lang")
