"""Reading any package: find the manifest, tell the standard, read, and look for what will disappoint."""

import posixpath
from dataclasses import replace
from pathlib import Path

from courses.errors import Refused
from courses.manifest.cmi5 import cmi5_package
from courses.manifest.folder import Folder
from courses.manifest.foreign_hosts import notice_foreign_hosts
from courses.manifest.locating import CMI5, located
from courses.manifest.package import Package
from courses.manifest.scorm import scorm_package
from courses.manifest.source import Source
from courses.manifest.xml import Element, decoded, descendants, parsed

_LARGEST_MANIFEST = 16 * 1024 * 1024


def read(root: Path) -> Package:
    """The structure of the package unpacked in `root`; raises `Refused` when nothing could be played."""
    folder = Folder(root)
    place = located(folder)
    source = Source(folder, place.path)
    if "/" in place.path:
        source.notice("The manifest is in the folder %(folder)s.", folder=posixpath.dirname(place.path))
    tree = _tree(source, patient=place.name != CMI5)
    source.refuse_endless(sum(1 for _ in descendants(tree, "item", "au", "block")))
    package = cmi5_package(tree, source) if place.name == CMI5 else scorm_package(tree, source)
    if not package.lessons:
        raise Refused("The package “%(title)s” has nothing that could be started.", title=package.title)
    notice_foreign_hosts(source)
    return replace(package, warnings=tuple(source.notices))


def _tree(source: Source, *, patient: bool) -> Element:
    raw = source.folder.head(source.path, _LARGEST_MANIFEST + 1)
    name = posixpath.basename(source.path)
    if len(raw) > _LARGEST_MANIFEST:
        raise Refused("%(name)s is too large. Split the package.", name=name)
    tree = parsed(raw, name, patient=patient)
    encoding = decoded(raw, name)[1]
    if not encoding.startswith("utf"):
        source.notice(
            "%(name)s is written in %(encoding)s. If letters look wrong, save it as UTF-8.",
            name=name,
            encoding=encoding,
        )
    return tree
