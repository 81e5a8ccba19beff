"""The organizations of a SCORM manifest: chapters and lessons, in their order."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from courses.errors import Refused
from courses.manifest.addresses import Address, with_parameters
from courses.manifest.lom import metadata_of
from courses.manifest.package import Item, Lesson, Organization, ScormType
from courses.manifest.resources import Resource, chosen_organization
from courses.manifest.source import Source
from courses.manifest.titles import title_of, title_of_page
from courses.manifest.xml import Element, attribute, child, children

_HEAD = 64 * 1024
# What browsers show in a frame; the rest is downloaded, or needs what they no longer have, like Flash.
_PAGES = (".html", ".htm", ".xhtml", ".xht", ".xml", ".txt", ".pdf")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".svg")
_FILMS = (".mp4", ".m4v", ".mov", ".webm", ".ogv")
_SOUNDS = (".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".weba")
_SHOWN = _PAGES + _PICTURES + _FILMS + _SOUNDS


class Flavour(Protocol):
    """Adds what one version of SCORM says in words of its own."""

    def organization(self, organization: Organization, element: Element) -> Organization: ...

    def item(self, item: Item, element: Element) -> Item: ...


@dataclass
class Outline:
    """One organization being read; `manifests` are the manifests inside the manifest, by identifier."""

    source: Source
    resources: Mapping[str, Resource]
    manifests: Mapping[str, Element]
    flavour: Flavour
    language: str
    _identifiers: set[str] = field(default_factory=set)
    _times: Counter[str] = field(default_factory=Counter)
    _entered: tuple[str, ...] = ()

    def organization(self, element: Element, identifier: str) -> Organization:
        title = title_of(child(element, "title")) or metadata_of(element, self.source).title
        items = tuple(self._item(item, ()) for item in children(element, "item"))
        return self.flavour.organization(Organization(identifier, title, items), element)

    def _item(self, element: Element, parents: tuple[str, ...]) -> Item:
        self.source.count_item()
        identifier = self._unique(attribute(element, "identifier") or "item")
        title = title_of(child(element, "title")) or metadata_of(element, self.source).title or identifier
        inner = self.manifests.get(attribute(element, "identifierref"))
        below = list(children(element, "item"))
        item = Item(
            identifier=identifier,
            title=title,
            visible=attribute(element, "isvisible").lower() not in {"false", "0", "no"},
        )
        resource = None if inner is not None else self._resource(element, title, may_lack=bool(below))
        if resource is not None:
            lesson = self._lesson(element, item, resource, parents)
            title = lesson.title
            item = replace(item, title=title, lesson=lesson)
        elif not below and inner is None:
            self.source.notice("“%(title)s” is only a heading: nothing can be started there.", title=title)
        item = self.flavour.item(item, element)
        inside = (*parents, title)
        items = [self._item(one, inside) for one in below]
        if inner is not None:
            items += self._entering(inner, inside)
        return replace(item, items=tuple(items))

    def _entering(self, manifest: Element, parents: tuple[str, ...]) -> Iterator[Item]:
        """The items of a manifest inside the manifest, in the place of the item that refers to it."""
        identifier = attribute(manifest, "identifier")
        if identifier in self._entered:
            raise Refused("The manifest “%(identifier)s” contains itself.", identifier=identifier)
        outer, self._entered = self._entered, (*self._entered, identifier)
        chosen = chosen_organization(manifest)
        for item in () if chosen is None else children(chosen, "item"):
            yield self._item(item, parents)
        self._entered = outer

    def _unique(self, identifier: str) -> str:
        """The identifier, with a number when it was used before: a lesson is known by it ever after."""
        unique = identifier
        while unique in self._identifiers:
            self._times[identifier] += 1
            unique = f"{identifier}-{self._times[identifier] + 1}"
        if unique != identifier != "item":
            self.source.notice("The identifier %(identifier)s is used twice.", identifier=identifier)
        self._identifiers.add(unique)
        return unique

    def _resource(self, element: Element, title: str, *, may_lack: bool) -> Resource | None:
        """The resource to launch; a chapter may lack it, or its start page, a lesson may not."""
        wanted = attribute(element, "identifierref")
        if not wanted:
            return None
        resource = self.resources.get(wanted)
        if resource is None:
            lacking = Refused(
                "The lesson “%(title)s” needs the resource “%(resource)s”, which the manifest does not list.",
                title=title,
                resource=wanted,
            )
            if not may_lack:
                raise lacking
            self.source.notice(lacking.message, **lacking.params)
            return None
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
        title = item.title
        if title == item.identifier:  # nobody has given it one
            title = title_of_page(self.source.folder.head(address.path, _HEAD)) or title
        if not address.path.casefold().endswith(_SHOWN):
            self.source.notice(
                "The lesson “%(title)s” starts with %(file)s, which browsers do not show: learners see an "
                "empty page, or are offered a download. Export it as a page (HTML5), a PDF or a film.",
                title=title,
                file=address.path,
            )
        lesson = Lesson(
            identifier=item.identifier,
            title=title,
            href=_launch_url(address, parameters),
            file=address.path,
            scorm_type=self._type(resource.scorm_type, address.path, title),
            parents=parents,
            visible=item.visible,
            parameters=parameters,
        )
        return self._described(lesson, element, resource)

    def _type(self, told: ScormType | None, page: str, title: str) -> ScormType:
        """One that does not say what it is, or says asset, is a SCO if its pages look for a run-time."""
        if told == "sco":
            return "sco"
        talks = self.source.talking.is_in(page)
        if talks and told:
            self.source.notice(
                "The lesson “%(title)s” is said to report no result (scormtype asset). "
                "Its pages do, so it is completed when they say so.",
                title=title,
            )
        elif talks:
            self.source.notice(
                "The lesson “%(title)s” does not say whether it reports its result (scormtype). "
                "Its pages do, so it is completed when they say so.",
                title=title,
            )
        elif not told:
            self.source.notice(
                "The lesson “%(title)s” does not say whether it reports its result (scormtype). "
                "It counts as completed when it has been opened.",
                title=title,
            )
        return "sco" if talks else "asset"

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
