"""What the manifests of both versions of SCORM have in common: the XML around them, and the resources."""

from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from courses.packaging.build_plan import BuildItem, Plan, resource_identifier

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
Element = etree._Element  # noqa: SLF001  (the only name that lxml gives to the type)


@dataclass(frozen=True)
class Dialect:
    """Namespaces of content packaging and of ADL's additions, and how the type of a resource is spelled."""

    packaging: str
    adl: str
    scorm_type: str

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
