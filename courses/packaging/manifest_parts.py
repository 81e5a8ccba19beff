"""What the manifests of both versions of SCORM have in common: frame, metadata, items and resources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lxml import etree

from courses.packaging.build_plan import BuildItem, Plan, organization_identifier, resource_identifier

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
Element = etree._Element  # noqa: SLF001  (the only name that lxml gives to the type)
Finish = Callable[[Element, BuildItem], None]


@dataclass(frozen=True)
class Dialect:
    """How one version of SCORM spells what both of them say.

    Namespaces of content packaging, of ADL's additions and of descriptions (LOM), of which the first and the
    others have prefixes; how the type of a resource is spelled; `say` writes a text in a language,
    `last` for how many minutes something lasts, both below an element of descriptions.
    """

    packaging: str
    adl: str
    descriptions: str
    scorm_type: str
    version: str
    say: Callable[[Element, str, str], None]
    last: Callable[[Element, int], None]

    def manifest(self, plan: Plan, prefixes: Mapping[str, str], locations: str) -> Element:
        """A manifest with its metadata, and nothing else yet."""
        namespaces: dict[Any, str] = {None: self.packaging, "adlcp": self.adl, **prefixes, "xsi": XSI}
        root = etree.Element(
            f"{{{self.packaging}}}manifest",
            {"identifier": plan.identifier, "version": "1.0", f"{{{XSI}}}schemaLocation": locations},
            nsmap=namespaces,
        )
        metadata = self.add(root, "metadata")
        self.add(metadata, "schema").text = "ADL SCORM"
        self.add(metadata, "schemaversion").text = self.version
        self._describe(self.add(metadata, "lom", self.descriptions), plan)
        return root

    def _describe(self, lom: Element, plan: Plan) -> None:
        general = self.add(lom, "general", self.descriptions)
        self._say(general, "title", plan.title, plan)
        self.add(general, "language", self.descriptions).text = plan.language
        if plan.description:
            self._say(general, "description", plan.description, plan)
        for keyword in plan.keywords:
            self._say(general, "keyword", keyword, plan)
        if plan.typical_minutes is not None:
            self._last(lom, plan.typical_minutes)

    def _say(self, general: Element, name: str, text: str, plan: Plan) -> None:
        self.say(self.add(general, name, self.descriptions), text, plan.language)

    def _last(self, lom: Element, minutes: int) -> None:
        self.last(self.add(lom, "educational", self.descriptions), minutes)

    def add_organization(self, root: Element, plan: Plan, finish: Finish) -> Element:
        """The organization with its items; `finish` writes at the end of each item what one version has."""
        identifier = organization_identifier(plan)
        organizations = self.add(root, "organizations", default=identifier)
        organization = self.add(organizations, "organization", identifier=identifier)
        self.add(organization, "title").text = plan.title
        for item in plan.items:
            self._add_item(organization, item, finish)
        return organization

    def _add_item(self, parent: Element, item: BuildItem, finish: Finish) -> None:
        element = self.add(parent, "item", identifier=item.identifier)
        if item.href:
            element.set("identifierref", resource_identifier(item))
        if item.parameters:
            element.set("parameters", item.parameters)
        self.add(element, "title").text = item.title
        for child in item.items:
            self._add_item(element, child, finish)
        if item.minutes is not None:
            self._last(self.add(self.add(element, "metadata"), "lom", self.descriptions), item.minutes)
        finish(element, item)

    def add(self, parent: Element, name: str, namespace: str = "", **attributes: str) -> Element:
        """A new element, of content packaging unless another namespace is given."""
        return etree.SubElement(parent, f"{{{namespace or self.packaging}}}{name}", attributes)

    def add_resources(self, root: Element, plan: Plan) -> None:
        """A resource for each lesson; files that several use stand in one that the others depend on."""
        resources = self.add(root, "resources")
        sharing = len(plan.lessons) > 1 and bool(plan.shared_files)
        for lesson in plan.lessons:
            resource = self._add_resource(resources, lesson)
            self._add_files(resource, plan.own_files(lesson))
            if sharing:
                self.add(resource, "dependency", identifierref="RES-shared")
        if sharing:
            shared = self.add(resources, "resource", identifier="RES-shared", type="webcontent")
            shared.set(f"{{{self.adl}}}{self.scorm_type}", "asset")
            self._add_files(shared, plan.shared_files)

    def _add_resource(self, resources: Element, lesson: BuildItem) -> Element:
        resource = self.add(resources, "resource", identifier=resource_identifier(lesson), type="webcontent")
        resource.set(f"{{{self.adl}}}{self.scorm_type}", lesson.scorm_type)
        resource.set("href", lesson.href or "")
        return resource

    def _add_files(self, resource: Element, paths: tuple[str, ...]) -> None:
        for path in paths:
            self.add(resource, "file", href=quote(path))


def as_bytes(root: Element) -> bytes:
    """UTF-8, indented: authors read manifests."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
