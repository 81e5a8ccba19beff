"""The resources of an IMS content package (Content Packaging 1.1.2 and 1.1.4, `resources`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from courses.manifest.package import ScormType
from courses.manifest.source import Source
from courses.manifest.xml import Element, attribute, child, children, descendants
from courses.packaging.names import is_junk

_FOLDERS = ("/", "\\")  # which some tools list beside their files
_CONTROL_FILES = (".xsd", ".dtd")
_MANIFESTS = frozenset({"imsmanifest.xml", "cmi5.xml", "tincan.xml", "metadata.xml"})


@dataclass(frozen=True)
class Resource:
    """`bases` are the xml:base values that hold for it, outermost first; `scorm_type` "" when not given."""

    element: Element
    identifier: str
    href: str
    bases: tuple[str, ...]
    scorm_type: ScormType | None
    files: tuple[str, ...]
    dependencies: tuple[str, ...] = ()


def resources(root: Element, source: Source) -> dict[str, Resource]:
    """All resources by identifier, those of nested manifests too; of two with one identifier, the first."""
    found: dict[str, Resource] = {}
    for element in descendants(root, "resource"):
        resource = _read(element)
        if resource.identifier in found:
            source.notice("The identifier %(identifier)s is used twice.", identifier=resource.identifier)
        found.setdefault(resource.identifier, resource)
    return found


def inner_manifests(root: Element) -> dict[str, Element]:
    """The manifests inside the manifest by identifier: an item may refer to one (CAM 1.2, 2.3.2.1)."""
    found: dict[str, Element] = {}
    for element in descendants(root, "manifest"):
        if element is not root and (identifier := attribute(element, "identifier")):
            found.setdefault(identifier, element)
    return found


def chosen_organization(manifest: Element) -> Element | None:
    """The default organization, if it has items, else the first with items, else the first."""
    parent = child(manifest, "organizations")
    elements = [] if parent is None else list(children(parent, "organization"))
    wanted = "" if parent is None else attribute(parent, "default")
    filled = [element for element in elements if child(element, "item") is not None]
    named = (element for element in filled if wanted and attribute(element, "identifier") == wanted)
    return next(iter((*named, *filled, *elements)), None)


def _read(element: Element) -> Resource:
    kind = attribute(element, "scormtype").lower()
    return Resource(
        element=element,
        identifier=attribute(element, "identifier"),
        href=attribute(element, "href"),
        bases=tuple(_bases(element)),
        scorm_type="sco" if kind == "sco" else "asset" if kind == "asset" else None,
        files=tuple(attribute(file, "href") for file in children(element, "file")),
        dependencies=tuple(attribute(one, "identifierref") for one in children(element, "dependency")),
    )


def _bases(element: Element) -> Iterator[str]:
    for place in reversed([element, *element.iterancestors()]):
        if base := attribute(place, "base"):
            yield base


def notice_files(found: Mapping[str, Resource], source: Source) -> None:
    """Say which listed files are missing, and which files no resource lists."""
    listed: set[str] = {source.path}
    missing: list[str] = []
    for resource in found.values():
        for href in (*resource.files, resource.href):
            address = source.file_of(href, resource.bases)
            if address:
                listed.add(address.path)
            elif href and not href.endswith(_FOLDERS) and not is_junk(href):
                missing.append(href)
    if missing:
        source.notice(
            "Files that the manifest lists are missing: %(count)d, for example %(file)s.",
            count=len(set(missing)),
            file=missing[0][:200],
        )
    for resource in found.values():
        for wanted in resource.dependencies:
            if wanted not in found:
                source.notice(
                    "The resource “%(resource)s” builds on “%(wanted)s”, which the manifest does not list.",
                    resource=resource.identifier,
                    wanted=wanted,
                )
    extra = [path for path in source.folder.paths if path not in listed and not _is_control(path)]
    if extra:
        source.notice(
            "Files that the manifest does not list: %(count)d, for example %(file)s.",
            count=len(extra),
            file=extra[0],
        )


def _is_control(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].casefold()
    return name.endswith(_CONTROL_FILES) or name in _MANIFESTS
