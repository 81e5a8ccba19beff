"""SCORM 1.2 and SCORM 2004: what their manifests have in common, and telling them apart."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from courses.errors import Refused
from courses.manifest.lom import Metadata, metadata_of
from courses.manifest.organizations import Flavour, Outline
from courses.manifest.package import Organization, Package, Standard
from courses.manifest.resources import (
    Resource,
    chosen_organization,
    inner_manifests,
    notice_files,
    resources,
)
from courses.manifest.scorm12 import Scorm12
from courses.manifest.scorm2004 import Scorm2004
from courses.manifest.source import Source
from courses.manifest.xml import (
    Element,
    attribute,
    child,
    children,
    declared_namespaces,
    descendants,
    local_name,
    text,
)

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
    flavour = Scorm12(source) if kind.standard == "scorm12" else Scorm2004.of(root, source)
    organizations, default = _organizations(root, source, found, flavour, language)
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
    namespaces = declared_namespaces(root)
    schema = text(child(root, "metadata", "schema")).lower()
    typed = any(attribute(resource, "scormtype") for resource in descendants(root, "resource"))
    said = "scorm" in schema or "adl" in schema
    if not typed and not said and (schema or not any("adlcp" in uri for uri in namespaces)):
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
    root: Element, source: Source, found: Mapping[str, Resource], flavour: Flavour, language: str
) -> tuple[tuple[Organization, ...], str]:
    """All that can be read, and the identifier of the default one; only the default one must be whole."""
    parent = child(root, "organizations")
    if parent is None:
        raise _no_organization()
    default = _default(root, parent, source)
    manifests = inner_manifests(root)
    read: dict[str, Organization] = {}
    for element in children(parent, "organization"):
        identifier = attribute(element, "identifier") or "organization"
        if identifier in read and element is not default:
            identifier = f"{identifier}-{len(read) + 1}"
        outline = Outline(source, found, manifests, flavour, language)
        try:
            read[identifier] = outline.organization(element, identifier)
        except Refused as refused:
            if element is default:
                raise
            source.notice(refused.message, **refused.params)
    return tuple(read.values()), attribute(default, "identifier") or "organization"


def _default(root: Element, parent: Element, source: Source) -> Element:
    """The default organization; there is at least one."""
    wanted = attribute(parent, "default")
    chosen = chosen_organization(root)
    if chosen is None:
        raise _no_organization()
    if wanted and attribute(chosen, "identifier") != wanted:
        source.notice(
            "The default organization “%(wanted)s” does not exist or is empty; “%(used)s” is used.",
            wanted=wanted,
            used=attribute(chosen, "identifier"),
        )
    return chosen


def _no_organization() -> Refused:
    return Refused(
        "The manifest has no organization, so there is no table of contents. Export the lesson again."
    )


def _minutes(described: Metadata, organization: Organization) -> int | None:
    known = [lesson.minutes for lesson in organization.lessons if lesson.minutes]
    complete = bool(known) and len(known) == len(organization.lessons)
    return described.minutes or (sum(known) if complete else None)
