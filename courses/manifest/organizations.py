"""The organizations of a SCORM manifest: chapters and lessons, in their order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from courses.errors import Refused
from courses.manifest.addresses import Address, with_parameters
from courses.manifest.lom import metadata_of
from courses.manifest.package import Item, Lesson, Organization
from courses.manifest.resources import Resource
from courses.manifest.source import Source
from courses.manifest.xml import Element, attribute, child, children, text

# Adds to a lesson what its item says in the words of one version of SCORM.
ItemReader = Callable[[Lesson, Element, Source], Lesson]


@dataclass
class Outline:
    """One organization being read."""

    source: Source
    resources: Mapping[str, Resource]
    item_reader: ItemReader
    language: str
    _identifiers: set[str] = field(default_factory=set)

    def organization(self, element: Element, identifier: str) -> Organization:
        return Organization(
            identifier=identifier,
            title=text(child(element, "title")) or metadata_of(element, self.source).title,
            items=tuple(self._item(item, ()) for item in children(element, "item")),
        )

    def _item(self, element: Element, parents: tuple[str, ...]) -> Item:
        identifier = self._unique(attribute(element, "identifier") or "item")
        title = text(child(element, "title")) or identifier
        below = list(children(element, "item"))
        item = Item(
            identifier=identifier,
            title=title,
            visible=attribute(element, "isvisible").lower() not in {"false", "0", "no"},
            lesson=None,
        )
        resource = self._resource(element, title, may_lack=bool(below))
        if resource is not None:
            item = replace(item, lesson=self._lesson(element, item, resource, parents))
        elif not below:
            self.source.notice("“%(title)s” is only a heading: nothing can be started there.", title=title)
        return replace(item, items=tuple(self._item(one, (*parents, title)) for one in below))

    def _unique(self, identifier: str) -> str:
        """The identifier, with a number when it was used before: a lesson is known by it ever after."""
        unique, number = identifier, 1
        while unique in self._identifiers:
            number += 1
            unique = f"{identifier}-{number}"
        if number > 1 and identifier != "item":
            self.source.notice("The identifier %(identifier)s is used twice.", identifier=identifier)
        self._identifiers.add(unique)
        return unique

    def _resource(self, element: Element, title: str, *, may_lack: bool) -> Resource | None:
        """The resource to launch; a chapter may point to one without a start page, a lesson may not."""
        wanted = attribute(element, "identifierref")
        if not wanted:
            return None
        resource = self.resources.get(wanted)
        if resource is None:
            raise Refused(
                "The lesson “%(title)s” needs the resource “%(resource)s”, which the manifest does not list.",
                title=title,
                resource=wanted,
            )
        if resource.href:
            return resource
        if may_lack:
            return None
        raise Refused(
            "The lesson “%(title)s” has no start page: the resource “%(resource)s” has no href.",
            title=title,
            resource=wanted,
        )

    def _lesson(self, element: Element, item: Item, resource: Resource, parents: tuple[str, ...]) -> Lesson:
        parameters = attribute(element, "parameters")
        address = self.source.launch(resource.href, resource.bases, item.title)
        if resource.scorm_type is None:
            self.source.notice(
                "The lesson “%(title)s” does not say whether it reports its result (scormtype). "
                "It counts as completed when it has been opened.",
                title=item.title,
            )
        lesson = Lesson(
            identifier=item.identifier,
            title=item.title,
            href=_launch_url(address, parameters),
            file=address.path,
            scorm_type=resource.scorm_type or "asset",
            parents=parents,
            visible=item.visible,
            parameters=parameters,
        )
        return self.item_reader(self._described(lesson, element, resource), element, self.source)

    def _described(self, lesson: Lesson, element: Element, resource: Resource) -> Lesson:
        own = metadata_of(element, self.source)
        general = metadata_of(resource.element, self.source)
        return replace(
            lesson,
            minutes=own.minutes or general.minutes,
            language=own.language or general.language or self.language,
        )


def _launch_url(address: Address, parameters: str) -> str:
    return with_parameters(address, parameters).url
