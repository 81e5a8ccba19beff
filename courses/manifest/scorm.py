"""SCORM 1.2 and SCORM 2004: what their manifests have in common, and telling them apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from courses.errors import Refused
from courses.manifest.lom import Metadata, metadata_of
from courses.manifest.organizations import ItemReader, Outline
from courses.manifest.package import Organization, Package, Standard
from courses.manifest.resources import Resource, notice_files, resources
from courses.manifest.scorm12 import scorm12_lesson
from courses.manifest.scorm2004 import scorm2004_lesson
from courses.manifest.source import Source
from courses.manifest.xml import Element, attribute, child, children, descendants, local_name, text

_READERS: Mapping[str, ItemReader] = {"scorm12": scorm12_lesson, "scorm2004": scorm2004_lesson}
_ONLY_2004 = ("adlcp_v1p3", "adlseq", "adlnav", "imsss")
_EDITION = re.compile(r"2004\s+(\d(?:st|nd|rd|th))\s+edition", re.IGNORECASE)


@dataclass(frozen=True)
class _Kind:
    standard: Standard
    edition: str


def scorm_package(root: Element, source: Source) -> Package:
    """The package that an imsmanifest.xml describes; refuses IMS content that is not SCORM."""
    if local_name(root) != "manifest":
        raise Refused("imsmanifest.xml does not describe a package: its root is not “manifest”.")
    kind = _kind(root)
    described = metadata_of(root, source)
    found = resources(root, source)
    language = described.language or attribute(root, "lang")
    organizations, default = _organizations(root, source, found, _READERS[kind.standard], language)
    notice_files(found, source)
    chosen = next(one for one in organizations if one.identifier == default)
    return Package(
        standard=kind.standard,
        edition=kind.edition,
        identifier=attribute(root, "identifier"),
        title=chosen.title or described.title or attribute(root, "identifier"),
        manifest=source.path,
        organizations=organizations,
        default_organization=default,
        language=language,
        description=described.description,
        keywords=described.keywords,
        minutes=_minutes(described, chosen),
    )


def _kind(root: Element) -> _Kind:
    namespaces = {uri for element in root.iter() for uri in element.nsmap.values()}
    schema = text(child(root, "metadata", "schema")).lower()
    typed = any(attribute(resource, "scormtype") for resource in descendants(root, "resource"))
    if not typed and "scorm" not in schema and not any("adlcp" in uri for uri in namespaces):
        raise Refused(
            "This is an IMS package but not SCORM (%(schema)s). Export the lesson as SCORM 1.2.",
            schema=schema or "—",
        )
    version = text(child(root, "metadata", "schemaversion"))
    if "2004" in version or "1.3" in version:
        return _Kind("scorm2004", _edition(version))
    if "1.2" in version or not any(mark in uri for uri in namespaces for mark in _ONLY_2004):
        return _Kind("scorm12", "1.2")
    return _Kind("scorm2004", "2004")


def _edition(version: str) -> str:
    """The second edition called itself CAM 1.3."""
    if "1.3" in version:
        return "2004 2nd Edition"
    match = _EDITION.search(version)
    return f"2004 {match.group(1).lower()} Edition" if match else "2004"


def _organizations(
    root: Element, source: Source, found: Mapping[str, Resource], reader: ItemReader, language: str
) -> tuple[tuple[Organization, ...], str]:
    """All that can be read, and the identifier of the default one; only the default one must be whole."""
    parent = child(root, "organizations")
    elements = [] if parent is None else list(children(parent, "organization"))
    if parent is None or not elements:
        raise Refused(
            "The manifest has no organization, so there is no table of contents. Export the lesson again."
        )
    default = _default(parent, elements, source)
    read: dict[str, Organization] = {}
    for element in elements:
        identifier = attribute(element, "identifier") or "organization"
        if identifier in read and element is not default:
            identifier = f"{identifier}-{len(read) + 1}"
        outline = Outline(source, found, reader, language)
        try:
            read[identifier] = outline.organization(element, identifier)
        except Refused as refused:
            if element is default:
                raise
            source.notice(refused.message, **refused.params)
    return tuple(read.values()), attribute(default, "identifier") or "organization"


def _default(parent: Element, elements: list[Element], source: Source) -> Element:
    wanted = attribute(parent, "default")
    for element in elements:
        if wanted and attribute(element, "identifier") == wanted:
            return element
    first = next((element for element in elements if child(element, "item") is not None), elements[0])
    if wanted:
        source.notice(
            "The default organization “%(wanted)s” does not exist; “%(used)s” is used.",
            wanted=wanted,
            used=attribute(first, "identifier"),
        )
    return first


def _minutes(described: Metadata, organization: Organization) -> int | None:
    known = [lesson.minutes for lesson in organization.lessons if lesson.minutes]
    complete = bool(known) and len(known) == len(organization.lessons)
    return described.minutes or (sum(known) if complete else None)
