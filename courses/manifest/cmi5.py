"""cmi5 course structures (cmi5 specification, sections 13 and 14): assignable units in blocks."""

from collections.abc import Iterator

from courses.errors import Refused
from courses.manifest.cmi5_parts import Part, checked_ids, extensions, texts, words
from courses.manifest.cmi5_shape import check_shape
from courses.manifest.cmi5_units import unit
from courses.manifest.package import Item, Objective, Organization, Package
from courses.manifest.source import Source
from courses.manifest.xml import Element, child, local_name


def cmi5_package(root: Element, source: Source) -> Package:
    """The package that a cmi5.xml describes; a lesson is an assignable unit, known by its publisher's IRI."""
    course = _course(root)
    whole = Part(root, source)
    checked_ids(whole)
    check_shape(whole)
    objectives = tuple(_objectives(whole))
    start = Part(course, source)
    title = words(start, "title") or start.identifier
    _notice_title(start)
    reading = _Reading(source, start.language, frozenset(one.identifier for one in objectives))
    items = tuple(reading.items(whole, ()))
    if not items:
        raise Refused("The package “%(title)s” has nothing that could be started.", title=title)
    return Package(
        standard="cmi5",
        edition="1.0",
        identifier=start.identifier,
        title=title,
        manifest=source.path,
        organizations=(Organization(start.identifier, title, items),),
        default_organization=start.identifier,
        language=start.language,
        description=words(start, "description"),
        titles=texts(start, "title"),
        descriptions=texts(start, "description"),
        objectives=objectives,
        extensions=(*extensions(start), *extensions(whole)),
    )


def _course(root: Element) -> Element:
    if local_name(root) == "manifest":
        raise Refused(
            "This is the manifest of a SCORM package without its files. Send the whole package as a zip file."
        )
    course = child(root, "course")
    if local_name(root) != "coursestructure" or course is None:
        raise Refused("cmi5.xml does not describe a course: there is no “courseStructure” with a “course”.")
    return course


def _objectives(whole: Part) -> Iterator[Objective]:
    """Those that the course structure lists (section 13.1.3)."""
    for parent in whole.parts("objectives"):
        for one in parent.parts("objective"):
            yield Objective(
                one.identifier, titles=texts(one, "title"), descriptions=texts(one, "description")
            )


def _notice_title(part: Part) -> None:
    """The specification demands one; a course works without."""
    if not words(part, "title"):
        part.source.notice("“%(id)s” has no title in cmi5.xml.", id=part.identifier)


class _Reading:
    """What holds for every part of one course structure; `known` are its objectives."""

    def __init__(self, source: Source, language: str, known: frozenset[str]) -> None:
        self._source = source
        self._language = language
        self._known = known

    def items(self, parent: Part, parents: tuple[str, ...]) -> Iterator[Item]:
        for part in parent.parts("block", "au"):
            title = words(part, "title") or part.identifier
            _notice_title(part)
            if part.name == "block":
                yield self._block(part, title, parents)
            else:
                lesson = unit(part, title, parents, self._language, self._references(part, title))
                yield Item(part.identifier, title, lesson=lesson)

    def _block(self, part: Part, title: str, parents: tuple[str, ...]) -> Item:
        items = tuple(self.items(part, (*parents, title)))
        if not items:
            raise Refused("The block “%(title)s” is empty. Put a unit into it, or remove it.", title=title)
        return Item(
            part.identifier,
            title,
            items=items,
            titles=texts(part, "title"),
            descriptions=texts(part, "description"),
            objectives=self._references(part, title),
            extensions=extensions(part),
        )

    def _references(self, part: Part, title: str) -> tuple[Objective, ...]:
        found = [
            Objective(one.attribute("idref") or one.attribute("id"))
            for parent in part.parts("objectives")
            for one in parent.parts("objective")
        ]
        for one in found:
            if one.identifier not in self._known:
                self._source.notice(
                    "“%(title)s” refers to the objective “%(id)s”, which the course does not list.",
                    title=title,
                    id=one.identifier,
                )
        return tuple(found)
